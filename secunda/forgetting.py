"""What is kept for a time only: the log of webhooks, recorded answers, assertions that were used, counts of calls."""

from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session, col, delete

from models import ClientAssertion, IdempotencyRecord, RateWindow, WebhookDelivery
from models.door_status import DeliveryStatus
from secunda.settings import settings

ENDED = (DeliveryStatus.DELIVERED, DeliveryStatus.FAILED, DeliveryStatus.CANCELLED)


def forget(session: Session, wall: datetime) -> dict[str, int]:
    """Remove what is past its time; how many rows of each table."""
    oldest = wall - timedelta(days=settings().webhook_log_days)
    past: list[tuple[Any, Any]] = [
        (WebhookDelivery, (col(WebhookDelivery.created_at) < oldest) & col(WebhookDelivery.status).in_(ENDED)),
        (IdempotencyRecord, col(IdempotencyRecord.expires_at) < wall),
        (ClientAssertion, col(ClientAssertion.expires_at) < wall),
        (RateWindow, col(RateWindow.ends_at) < wall),
    ]
    found: dict[str, int] = {}
    for table, is_past in past:
        done: Any = session.execute(delete(table).where(is_past).execution_options(synchronize_session=False))
        found[table.__tablename__] = done.rowcount
    return found
