"""The append-only log of a case: every change is an event, in the transaction of the change, chained by hash."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from models import Case, Event
from secunda.db import to_json

START = "0" * 64


def canonical(content: Any) -> bytes:
    """JSON with sorted keys and no spaces (in the spirit of RFC 8785), so that equal content has equal bytes."""
    plain = json.loads(to_json(content))
    return json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def digest(content: Any) -> str:
    """SHA-256 of the canonical bytes, in hexadecimal: how an event names something that it does not hold itself."""
    return hashlib.sha256(canonical(content)).hexdigest()


def event_hash(event: Event) -> str:
    """SHA-256 over what the event says and the hash of the one before it."""
    said = {
        "case": str(event.case_id),
        "sequence": event.sequence,
        "kind": event.kind,
        "actor": event.actor,
        "at": event.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "data": event.data,
        "previous": event.previous_hash,
    }
    return digest(said)


def record(session: Session, case: Case, kind: str, actor: str, at: datetime, **data: Any) -> Event:
    """Append an event to `case`, which the caller holds locked (`secunda.cases.lock`).

    `data` names things by key and id; identity and clinical text stay in their own tables.
    """
    event = Event(
        case_id=case.id,
        sequence=case.event_count + 1,
        kind=kind,
        actor=actor,
        at=at,
        data=json.loads(to_json(data)),
        previous_hash=case.event_head or START,
        hash="",
    )
    event.hash = event_hash(event)
    case.event_count = event.sequence
    case.event_head = event.hash
    session.add(event)
    return event


@dataclass(frozen=True)
class BrokenLink:
    """The first place where a case's chain does not hold."""

    case_id: UUID
    sequence: int
    problem: str


def verify(session: Session, case: Case) -> BrokenLink | None:
    """Recompute the chain of `case`; None when every event is there, unchanged and in order."""
    previous, expected = START, 1
    for event in _in_order(session, case.id):
        if event.sequence != expected:
            return BrokenLink(case.id, expected, f"event {expected} is missing")
        if event.previous_hash != previous:
            return BrokenLink(case.id, expected, "does not follow the event before it")
        if event_hash(event) != event.hash:
            return BrokenLink(case.id, expected, "was altered after it was written")
        previous, expected = event.hash, expected + 1
    if (case.event_count, case.event_head or START) != (expected - 1, previous):
        return BrokenLink(case.id, expected, "the log ends before the case says it does")
    return None


def _in_order(session: Session, case_id: UUID) -> Iterator[Event]:
    yield from session.exec(select(Event).where(col(Event.case_id) == case_id).order_by(col(Event.sequence)))
