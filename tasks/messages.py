"""Sending what the outbox holds: one task run for all that is due, and nothing of a message reaches Prefect."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from models import Case
from secunda import outbox
from tasks.effects import effect

RETRY_SECONDS = [2.0, 10.0]


def count_due(session: Session, case: Case, now: datetime) -> int:
    """How many messages this case has to send now."""
    return outbox.count_due(session, case, now)


@effect("send messages", RETRY_SECONDS)
def send_messages(case_id: UUID, count: int) -> None:
    """Deliver so many of one case's due messages.

    A delivery that fails is planned anew in the outbox and does not raise here.
    """
    outbox.deliver_due(count, case_id=case_id)


@effect("send messages", RETRY_SECONDS)
def deliver_all() -> None:
    """Deliver everything that is due, of all cases, and clear up what a crash left behind."""
    outbox.deliver_due()
