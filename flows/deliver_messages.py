"""Delivers what the cases' own runs did not: confirmations, retries after a failure, what a crash left behind."""

import asyncio

from prefect import flow

from tasks.messages import deliver_all
from tasks.webhooks import send_webhooks


@flow(name="deliver-messages", persist_result=False)
async def deliver_messages() -> None:
    """Empty the outbox, and tell payers' systems; neither waits for the other."""
    await asyncio.gather(deliver_all(), send_webhooks())
