"""Delivers what the cases' own runs did not: confirmations, retries after a failure, what a crash left behind."""

from prefect import flow

from tasks.messages import deliver_all


@flow(name="deliver-messages", persist_result=False)
async def deliver_messages() -> None:
    """Empty the outbox."""
    await deliver_all()
