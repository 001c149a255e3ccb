"""Telling payers' systems: one task run for all that is due, and nothing of a notice reaches Prefect."""

import asyncio

from prefect import task

from secunda.webhooks.delivering import deliver_webhooks
from tasks.effects import guarded
from tasks.messages import RETRY_SECONDS


@task(name="send webhooks", retries=2, retry_delay_seconds=RETRY_SECONDS, persist_result=False)
async def send_webhooks() -> None:
    """Send every notice that is due. One that is not taken is planned anew and does not raise here."""
    await asyncio.to_thread(_deliver)


def _deliver() -> None:
    with guarded():
        deliver_webhooks()
