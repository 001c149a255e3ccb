"""Sending what is due. Any number of senders may run at once: processes, threads, machines."""

import asyncio
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID, uuid4

from models import WebhookDelivery, WebhookEndpoint
from models.door_status import WebhookStatus
from secunda import clock, faults
from secunda.db import transaction
from secunda.errors import SecundaError
from secunda.settings import settings
from secunda.webhooks import outcomes, signing
from secunda.webhooks.claiming import cancel_unwanted, claim, free_abandoned
from secunda.webhooks.sending import Answer, send

AT_ONCE = 20


@dataclass(frozen=True)
class Sender:
    """One sender: its clock (wall), its dice for the pauses, its name on claims."""

    wall: Callable[[], datetime] = clock.wall
    jitter: Callable[[], float] = random.random
    by: UUID = field(default_factory=uuid4)


def deliver_webhooks(limit: int = 500, sender: Sender | None = None) -> dict[str, int]:
    """Send up to `limit` notices that are due, after clearing up what others left behind.

    Returns how many of each: delivered, deferred, failed, requeued, cancelled, superseded. Blocking: call it from a
    thread or a flow, not from an event loop.
    """
    sender = sender or Sender()
    with transaction() as session:
        counts = Counter(
            requeued=free_abandoned(session, sender.wall()), cancelled=cancel_unwanted(session, sender.wall())
        )
    tried = 0
    while tried < limit and (claimed := _claim(sender, min(AT_ONCE, limit - tried))):
        tried += len(claimed)
        counts.update(asyncio.run(_send_all(claimed, sender)))
    return {outcome: count for outcome, count in counts.items() if count}


def _claim(sender: Sender, limit: int) -> list[WebhookDelivery]:
    with transaction() as session:
        return claim(session, limit, sender.wall(), sender.by)


async def _send_all(claimed: list[WebhookDelivery], sender: Sender) -> list[str]:
    return await asyncio.gather(*(_send_one(one, sender) for one in claimed))


async def _send_one(delivery: WebhookDelivery, sender: Sender) -> str:
    """Sign, send and note; a sender that dies in between leaves a claim that runs out."""
    prepared = await asyncio.to_thread(_prepare, delivery, sender.wall())
    answer = prepared if isinstance(prepared, Answer) else await send(*prepared, settings().webhook_seconds)
    faults.point("after:webhook")
    return await asyncio.to_thread(_note, delivery, answer, sender)


def _prepare(delivery: WebhookDelivery, wall: datetime) -> tuple[str, dict[str, str], str] | Answer:
    """URL, headers and body as they are now, or why it cannot be sent."""
    with transaction() as session:
        endpoint = session.get_one(WebhookEndpoint, delivery.endpoint_id)
        if endpoint.status is not WebhookStatus.ENABLED:
            return Answer(error="disabled")
        try:
            headers = signing.headers(endpoint, delivery.message_id, delivery.body, wall)
        except SecundaError:
            return Answer(error="secret_cannot_be_opened")
        return endpoint.url, headers, delivery.body


def _note(delivery: WebhookDelivery, answer: Answer, sender: Sender) -> str:
    with transaction() as session:
        return outcomes.note(session, delivery, answer, sender.wall(), sender.jitter())
