"""What those who run the machinery send again: a message or a webhook that failed. They say why, and it is an event.

Only what failed: a second click finds it on its way, and is refused.
"""

from uuid import UUID

from models import Message, WebhookDelivery
from models.door_status import DeliveryStatus
from secunda import cases, clock, events
from secunda.actions.reasons import owed
from secunda.db import transaction
from secunda.errors import ConflictError, NotFoundError
from secunda.outbox.resending import STUCK, resend
from secunda.webhooks.log import redeliver


def message_again(message: UUID, actor: str, reason: str) -> None:
    """Queue a message that failed, or of which nobody knows whether it left.

    Raises NotFoundError, BadInputError without a reason, ConflictError for one that did not fail, comes too late for
    its case, or whose link or code opens nothing any more.
    """
    said = owed(reason)
    with transaction() as session:
        found = session.get(Message, message)
        if found is None:
            raise NotFoundError("There is no such message.")
        cases.lock(session, found.case_id)
        session.refresh(found)
        if found.status not in STUCK:
            raise ConflictError("This message did not fail, or is being sent again already.")
        resend(session, message, said, actor, clock.now())


def webhook_again(delivery: UUID, actor: str, reason: str) -> None:
    """Queue a notice to a payer's system that failed, under its own id.

    Raises NotFoundError, BadInputError without a reason, ConflictError for one that did not fail, for a test, and where
    the endpoint is switched off.
    """
    said = owed(reason)
    with transaction() as session:
        found = session.get(WebhookDelivery, delivery)
        if found is None:
            raise NotFoundError("There is no such webhook.")
        if found.case_id is None:
            raise ConflictError("This was a test.", "Send another one: `secunda webhook test`.")
        case = cases.lock(session, found.case_id)
        session.refresh(found, with_for_update=True)
        if found.status is not DeliveryStatus.FAILED:
            raise ConflictError("This webhook did not fail, or is being sent again already.")
        redeliver(session, None, delivery, clock.wall())
        what = {"endpoint": found.endpoint_id, "message": found.message_id, "reason": said}
        events.record(session, case, "webhook_redelivered", actor, clock.now(), **what)
