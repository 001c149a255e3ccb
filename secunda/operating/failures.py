"""What did not leave: messages and webhooks that failed, or wait for another attempt. By kind of recipient only."""

from datetime import datetime

from sqlalchemy import text
from sqlmodel import Session

from models.door_status import DeliveryStatus
from models.status import MessageStatus
from pathways.vocabulary import Frozen
from secunda.recipients import RecipientKind

MOST = 100


class MessageFailure(Frozen):
    """One message. `reason` is our word for it; `next_at`: the next attempt, pathway time, where there is one."""

    reference: str
    event: str
    recipient: RecipientKind
    channel: str
    status: MessageStatus
    reason: str
    attempts: int
    next_at: datetime | None
    created_at: datetime


class WebhookFailure(Frozen):
    """One notice. `answered`: the HTTP status, where there was an answer; `next_at` is wall time."""

    reference: str | None
    payer: str
    type: str
    status: DeliveryStatus
    answered: int | None
    reason: str
    attempts: int
    next_at: datetime | None
    created_at: datetime


class Failed(Frozen):
    """How many messages of a channel failed for good, or may have left: somebody has to decide about them."""

    channel: str
    status: MessageStatus
    reason: str
    count: int


class Endpoint(Frozen):
    """A webhook endpoint that is told nothing any more, and why."""

    payer: str
    reason: str
    disabled_at: datetime | None


MESSAGES = """
    select reference, event, split_part(recipient, ':', 1) as recipient, channel, message.status, failure as reason,
           attempts, case when message.status = 'queued' then due_at end as next_at, created_at
      from message join care_case on care_case.id = message.case_id
     where message.status in ('failed', 'unknown') or (message.status = 'queued' and attempts > 0)
     order by created_at desc limit :most
"""
COUNTED = """
    select channel, status, failure as reason, count(*) as count
      from message where status in ('failed', 'unknown') group by channel, status, failure order by count(*) desc
"""
WEBHOOKS = """
    select reference, webhook_endpoint.payer, type, delivery.status, last_status_code as answered,
           last_error as reason, attempts, delivery.created_at,
           case when delivery.status = 'queued' then next_attempt_at end as next_at
      from webhook_delivery delivery join webhook_endpoint on webhook_endpoint.id = endpoint_id
           left join care_case on care_case.id = case_id
     where delivery.status = 'failed' or (delivery.status = 'queued' and attempts > 0)
     order by delivery.created_at desc limit :most
"""
DISABLED = """
    select payer, status_reason as reason, disabled_at from webhook_endpoint
     where status = 'disabled' order by disabled_at desc limit :most
"""


def message_failures(session: Session) -> list[MessageFailure]:
    """At most `MOST`, the newest first."""
    found = session.execute(text(MESSAGES), {"most": MOST}).mappings()
    return [MessageFailure.model_validate(dict(row)) for row in found]


def failed_by_channel(session: Session) -> list[Failed]:
    return [Failed.model_validate(dict(row)) for row in session.execute(text(COUNTED)).mappings()]


def webhook_failures(session: Session) -> list[WebhookFailure]:
    """At most `MOST`, the newest first."""
    found = session.execute(text(WEBHOOKS), {"most": MOST}).mappings()
    return [WebhookFailure.model_validate(dict(row)) for row in found]


def disabled_endpoints(session: Session) -> list[Endpoint]:
    return [Endpoint.model_validate(dict(row)) for row in session.execute(text(DISABLED), {"most": MOST}).mappings()]


def count_webhooks(session: Session) -> int:
    """Of those that failed for good."""
    return _count(session, "webhook_delivery where status = 'failed'")


def count_disabled(session: Session) -> int:
    return _count(session, "webhook_endpoint where status = 'disabled'")


def _count(session: Session, of: str) -> int:
    found: int = session.execute(text(f"select count(*) from {of}")).scalar_one()  # noqa: S608 - constants
    return found
