"""Sending what the outbox holds: one task run for all that is due, and nothing of a message reaches Prefect."""

import asyncio

from prefect import task

from secunda import cases, clock, outbox
from secunda.db import transaction
from tasks.effects import guarded
from tasks.execution import Execution

RETRY_SECONDS = [2.0, 10.0]


async def send_messages(execution: Execution) -> None:
    """Send what this case has due, if anything."""
    if await asyncio.to_thread(_has_due, execution.reference):
        await send_case_messages(execution.reference)


@task(name="send messages", retries=2, retry_delay_seconds=RETRY_SECONDS, persist_result=False)
async def send_case_messages(case_reference: str) -> None:
    """Deliver one case's due messages. A delivery that fails is planned anew in the outbox and does not raise here."""
    await asyncio.to_thread(_deliver, case_reference)


@task(name="send messages", retries=2, retry_delay_seconds=RETRY_SECONDS, persist_result=False)
async def deliver_all() -> None:
    """Deliver everything that is due, of all cases, and clear up what a crash left behind."""
    await asyncio.to_thread(_deliver, None)


def _has_due(reference: str) -> bool:
    with transaction() as session:
        return outbox.has_due(session, reference, clock.now())


def _deliver(reference: str | None) -> None:
    with guarded():
        if reference is None:
            outbox.deliver_due()
            return
        with transaction() as session:
            case_id = cases.by_reference(session, reference).id
        outbox.deliver_due(case_id=case_id)
