"""Emptying the outbox. Any number of deliverers may run at once: processes, threads, machines."""

import random
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy.exc import OperationalError
from sqlmodel import Session

from models import Message
from secunda import cases, clock, faults
from secunda.channels import Channel, DeliveryError, OutgoingMessage, open_channels
from secunda.db import transaction
from secunda.outbox import outcomes
from secunda.outbox.claiming import abandoned, claim, shorten
from secunda.outbox.preparing import prepare
from secunda.outbox.queue import cancel_moot, cases_with_moot_messages
from secunda.settings import settings

CANCELLED = "cancelled"
PAUSES = (0.5, 1.0, 2.0, 4.0, 8.0)  # wall seconds; together less than the claim lasts


def _configured() -> Mapping[str, Channel]:
    return open_channels(settings())


@dataclass(frozen=True)
class Courier:
    """One deliverer: its channels, its clocks (pathway and wall), its dice for the pauses, its name on claims."""

    channels: Mapping[str, Channel] = field(default_factory=_configured)
    now: Callable[[], datetime] = clock.now
    wall: Callable[[], datetime] = clock.wall
    jitter: Callable[[], float] = random.random
    rest: Callable[[float], None] = time.sleep
    by: UUID = field(default_factory=uuid4)


def deliver_due(limit: int = 100, courier: Courier | None = None, case_id: UUID | None = None) -> dict[str, int]:
    """Send up to `limit` messages that are due, after clearing up what others left behind; `case_id`: one case's only.

    Returns how many of each: sent, deferred (to be tried again), failed, unknown, requeued, cancelled, superseded.
    Blocking: call it from a thread or a flow, not from an event loop.
    """
    courier = courier or Courier()
    counts: Counter[str] = Counter()
    if case_id is None:
        counts.update(_recover(courier))  # first: what comes back to the queue may be too late by now
        counts.update({CANCELLED: _cancel_moot(courier)})
    for _ in range(limit):
        claimed = _claim_one(courier, case_id)
        if claimed is None:
            break
        counts[_send(*claimed, courier)] += 1
    return {outcome: count for outcome, count in counts.items() if count}


def deliver(message: Message, courier: Courier) -> str:
    """Send one message that is claimed by this courier, and note what became of it; returns the outcome's name."""
    with transaction() as session:
        written = _written(session, message, courier)
    return _send(message, written, courier)


def _written(session: Session, message: Message, courier: Courier) -> OutgoingMessage | Exception:
    """What leaves, or why nothing can: the claim is kept either way."""
    try:
        return prepare(session, message, courier.wall())
    except Exception as error:  # noqa: BLE001 - raised again where the message is sent
        return error


def _send(message: Message, written: OutgoingMessage | Exception, courier: Courier) -> str:
    channel = courier.channels[message.channel]
    try:
        if isinstance(written, Exception):
            raise written
        faults.point("before:send")
        receipt = channel.send(written)
        faults.point("after:send")
    except DeliveryError as error:
        refusal = error
        pause = clock.pathway_span(outcomes.pause_after(message.attempts, courier.jitter()))
        return _note(lambda: outcomes.refused(message, refusal, courier.now(), pause), courier)
    return _note(lambda: outcomes.sent(message, receipt, courier.now()), courier)


def _note(note: Callable[[], str], courier: Courier) -> str:
    """Write the outcome down, also when the database is away for a moment: once it is lost, nobody knows it."""
    for pause in PAUSES:
        try:
            return note()
        except OperationalError:
            courier.rest(pause)
    return note()


def _claim_one(courier: Courier, case_id: UUID | None) -> tuple[Message, OutgoingMessage | Exception] | None:
    """One at a time: a message waits under its lease for no other."""
    with transaction() as session:
        claimed = claim(session, 1, courier.now(), courier.wall(), courier.by, case_id)
        return (claimed[0], _written(session, claimed[0], courier)) if claimed else None


def _recover(courier: Courier) -> Counter[str]:
    with transaction() as session:
        shorten(session, courier.wall())
        left = abandoned(session, courier.wall())
    return Counter(
        outcomes.abandoned(
            message, courier.wall(), courier.now(), idempotent=courier.channels[message.channel].idempotent
        )
        for message in left
    )


def _cancel_moot(courier: Courier) -> int:
    with transaction() as session:
        found = cases_with_moot_messages(session)
    cancelled = 0
    for case_id in found:
        with transaction() as session:
            cancelled += cancel_moot(session, cases.lock(session, case_id), courier.now())
    return cancelled
