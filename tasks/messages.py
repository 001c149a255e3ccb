"""Sending what the outbox holds: one task run for all that is due, and nothing of a message reaches Prefect."""

import asyncio

from secunda import cases, clock, outbox
from secunda.db import transaction
from tasks.effects import effect
from tasks.execution import Execution

RETRY_SECONDS = [2.0, 10.0]


async def send_messages(execution: Execution) -> None:
    """Send what this case has due, if anything."""
    if await asyncio.to_thread(_has_due, execution.reference):
        await send_case_messages(execution.reference)


@effect("send messages", RETRY_SECONDS)
def send_case_messages(case_reference: str) -> None:
    """Deliver one case's due messages. A delivery that fails is planned anew in the outbox and does not raise here."""
    with transaction() as session:
        case_id = cases.by_reference(session, case_reference).id
    outbox.deliver_due(case_id=case_id)


@effect("send messages", RETRY_SECONDS)
def deliver_all() -> None:
    """Deliver everything that is due, of all cases, and clear up what a crash left behind."""
    outbox.deliver_due()


def _has_due(reference: str) -> bool:
    with transaction() as session:
        return outbox.has_due(session, reference, clock.now())
