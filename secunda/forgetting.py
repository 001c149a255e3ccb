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
    past = (
        delete(WebhookDelivery).where(col(WebhookDelivery.created_at) < oldest, col(WebhookDelivery.status).in_(ENDED)),
        delete(IdempotencyRecord).where(col(IdempotencyRecord.expires_at) < wall),
        delete(ClientAssertion).where(col(ClientAssertion.expires_at) < wall),
        delete(RateWindow).where(col(RateWindow.ends_at) < wall),
    )
    found: dict[str, int] = {}
    for statement in past:
        done: Any = session.execute(statement.execution_options(synchronize_session=False))
        found[statement.table.name] = done.rowcount
    return found
