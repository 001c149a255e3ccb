"""Telling payers' systems: one task run for all that is due, and nothing of a notice reaches Prefect."""

from secunda.webhooks.delivering import deliver_webhooks
from tasks.effects import effect
from tasks.messages import RETRY_SECONDS


@effect("send webhooks", RETRY_SECONDS)
def send_webhooks() -> None:
    """Send every notice that is due. One that is not taken is planned anew and does not raise here."""
    deliver_webhooks()
