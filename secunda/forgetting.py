"""What is kept for a time only: the log of webhooks, recorded answers, used assertions, counts of calls, visits."""

from datetime import datetime, timedelta
from typing import Any, Final

from sqlmodel import Session, col, delete, func

from models import ClientAssertion, IdempotencyRecord, LinkVisit, RateWindow, WebhookDelivery
from models.door_status import DeliveryStatus
from secunda.links import VALID_FOR
from secunda.settings import settings

#: After its end. A link that was used must stay so for as long as it is valid, else it would open once more.
VISITS_KEPT: Final = max(timedelta(days=30), VALID_FOR)
ENDED = (DeliveryStatus.DELIVERED, DeliveryStatus.FAILED, DeliveryStatus.CANCELLED)


def forget(session: Session, wall: datetime) -> dict[str, int]:
    """Remove what is past its time; how many rows of each table."""
    oldest = wall - timedelta(days=settings().webhook_log_days)
    visited = wall - VISITS_KEPT
    past: list[tuple[Any, Any]] = [
        (WebhookDelivery, (col(WebhookDelivery.created_at) < oldest) & col(WebhookDelivery.status).in_(ENDED)),
        (IdempotencyRecord, col(IdempotencyRecord.expires_at) < wall),
        (ClientAssertion, col(ClientAssertion.expires_at) < wall),
        (RateWindow, col(RateWindow.ends_at) < wall),
        (LinkVisit, func.coalesce(col(LinkVisit.revoked_at), col(LinkVisit.expires_at)) < visited),
    ]
    found: dict[str, int] = {}
    for table, is_past in past:
        done: Any = session.execute(delete(table).where(is_past).execution_options(synchronize_session=False))
        found[table.__tablename__] = done.rowcount
    return found
