"""Claiming notices to send, by conditional UPDATE, and freeing those whose sender died: they may be sent again."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_
from sqlalchemy.orm import aliased
from sqlmodel import Session, case, col, func, select, update

from models import WebhookDelivery, WebhookEndpoint
from models.door_status import DeliveryStatus, WebhookStatus
from secunda.webhooks.queueing import WHILE_DISABLED

LEASE = timedelta(seconds=90)  # wall time; three times what a receiver may take
PER_ENDPOINT = 4  # at once, by all senders together, so that a slow receiver holds nobody else up
LONGEST_WAIT = timedelta(hours=27)  # wall time; the schedule's longest pause, and some


def claim(session: Session, limit: int, wall: datetime, by: UUID) -> list[WebhookDelivery]:
    """Up to `limit` notices that are due, now claimed `by` this sender; commit before you send.

    What others are claiming is skipped, never waited for.
    """
    at, endpoint = col(WebhookDelivery.next_attempt_at), col(WebhookDelivery.endpoint_id)
    place = func.row_number().over(partition_by=endpoint, order_by=at)
    ranked = (
        select(col(WebhookDelivery.id).label("id"), endpoint.label("endpoint_id"), place.label("place"))
        .join(WebhookEndpoint, col(WebhookEndpoint.id) == endpoint)
        .where(_is_due(wall), WebhookEndpoint.status == WebhookStatus.ENABLED)
        .subquery()
    )
    others = aliased(WebhookDelivery)
    sending = select(func.count()).where(
        others.endpoint_id == ranked.c.endpoint_id, others.status == DeliveryStatus.CLAIMED
    )
    first = select(ranked.c.id).where(ranked.c.place <= PER_ENDPOINT - sending.scalar_subquery())
    due = (
        select(col(WebhookDelivery.id).label("id"))
        .where(col(WebhookDelivery.id).in_(first))
        .where(_is_due(wall))
        .order_by(at)
        .limit(limit)
        .with_for_update(skip_locked=True)
        .cte("due")
    )
    statement = (
        update(WebhookDelivery)
        .where(col(WebhookDelivery.id).in_(select(due.c.id)))
        .values(
            status=DeliveryStatus.CLAIMED,
            claimed_by=by,
            claimed_until=wall + LEASE,
            attempts=col(WebhookDelivery.attempts) + 1,
        )
        .returning(WebhookDelivery)
        .execution_options(synchronize_session=False, populate_existing=True)
    )
    return sorted(session.execute(statement).scalars(), key=lambda one: (one.created_at, one.message_id))


def _is_due(wall: datetime) -> ColumnElement[bool]:
    """Its time has come, or would have, had the clock not been set back since."""
    at = col(WebhookDelivery.next_attempt_at)
    return and_(col(WebhookDelivery.status) == DeliveryStatus.QUEUED, or_(at <= wall, at > wall + LONGEST_WAIT))


def next_due(session: Session) -> datetime | None:
    """When (wall time) there is something to do next: a notice is due, or a claim runs out; None for nothing at all."""
    at = case(
        (col(WebhookDelivery.status) == DeliveryStatus.QUEUED, col(WebhookDelivery.next_attempt_at)),
        else_=col(WebhookDelivery.claimed_until),
    )
    waiting = col(WebhookDelivery.status).in_((DeliveryStatus.QUEUED, DeliveryStatus.CLAIMED))
    found: datetime | None = session.execute(select(func.min(at)).where(waiting)).scalar_one()
    return found


def free_abandoned(session: Session, wall: datetime) -> int:
    """Queue again what was claimed by a sender that has not come back: its receiver knows a notice by its id."""
    until = col(WebhookDelivery.claimed_until)
    statement = (
        update(WebhookDelivery)
        .where(
            col(WebhookDelivery.status) == DeliveryStatus.CLAIMED,
            or_(until < wall, until > wall + LEASE),  # the second: the clock was set back
        )
        .values(
            status=DeliveryStatus.QUEUED,
            next_attempt_at=wall,
            claimed_by=None,
            claimed_until=None,
            last_error="unknown_after_crash",
        )
        .returning(col(WebhookDelivery.id))
        .execution_options(synchronize_session=False)
    )
    return len(session.execute(statement).all())


def cancel_unwanted(session: Session, wall: datetime) -> int:
    """Cancel what is queued for endpoints that want nothing any more, and say why."""
    disabled = select(WebhookEndpoint.id).where(WebhookEndpoint.status == WebhookStatus.DISABLED)
    why = case((col(WebhookDelivery.endpoint_id).in_(disabled), WHILE_DISABLED), else_="the endpoint is no more")
    gone = select(WebhookEndpoint.id).where(
        or_(col(WebhookEndpoint.status) != WebhookStatus.ENABLED, col(WebhookEndpoint.expires_at) <= wall)
    )
    statement = (
        update(WebhookDelivery)
        .where(col(WebhookDelivery.status) == DeliveryStatus.QUEUED, col(WebhookDelivery.endpoint_id).in_(gone))
        .values(status=DeliveryStatus.CANCELLED, last_error=why)
        .returning(col(WebhookDelivery.id))
        .execution_options(synchronize_session=False)
    )
    return len(session.execute(statement).all())
