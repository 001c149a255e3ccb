"""What did not leave: messages and webhooks that failed, or wait for another attempt. By kind of recipient only."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session

from models.door_status import DeliveryStatus
from models.status import LIVE_ASSIGNMENT, AssignmentStatus, CaseStatus, MessageStatus
from pathways.vocabulary import Frozen
from secunda.messages.events import EVENTS, NOTICES
from secunda.outbox.resending import STUCK
from secunda.recipients import RecipientKind

MOST = 100


class MessageFailure(Frozen):
    """One message. `reason` is our word for it; `next_at`: the next attempt, pathway time, where there is one.

    `stage` is its case's, `seat` that of the assignment which its link leads to.
    """

    id: UUID
    reference: str
    stage: CaseStatus
    seat: AssignmentStatus | None
    event: str
    recipient: RecipientKind
    channel: str
    status: MessageStatus
    reason: str
    attempts: int
    next_at: datetime | None
    created_at: datetime

    @property
    def again(self) -> bool:
        """Whether it may be sent again; the action looks once more (`secunda.outbox.resending`)."""
        known = EVENTS.get(self.event)
        if known is None or self.status not in STUCK or "code" in known.parameters:
            return False
        is_over = self.stage is CaseStatus.CLOSED and self.event not in NOTICES
        leads_nowhere = self.seat is not None and self.seat not in LIVE_ASSIGNMENT
        return not is_over and not (leads_nowhere and RecipientKind.EXPERT in known.linked)


class WebhookFailure(Frozen):
    """One notice. `answered`: the HTTP status, where there was an answer; `next_at` is wall time."""

    id: UUID
    enabled: bool
    reference: str | None
    payer: str
    type: str
    status: DeliveryStatus
    answered: int | None
    reason: str
    attempts: int
    next_at: datetime | None
    created_at: datetime

    @property
    def again(self) -> bool:
        """Whether it may be sent again: not a test, nor to an endpoint that is switched off."""
        return self.status is DeliveryStatus.FAILED and self.enabled and self.reference is not None


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
    select message.id, reference, care_case.status as stage, event,
           (select status from assignment where id = (parameters ->> 'assignment')::uuid) as seat,
           split_part(recipient, ':', 1) as recipient, channel, message.status, failure as reason,
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
    select delivery.id, webhook_endpoint.status = 'enabled' as enabled, reference,
           webhook_endpoint.payer, type, delivery.status, last_status_code as answered,
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
