"""The append-only log of a case: every change is an event, in the transaction of the change, chained by hash."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Connection, bindparam, text
from sqlmodel import Session, col, select

from models import Case, Event
from models.base import JSON, Digest
from secunda.db import to_json

START = "0" * 64
READ = "read"


def canonical(content: Any) -> bytes:
    """JSON with sorted keys and no spaces (in the spirit of RFC 8785), so that equal content has equal bytes."""
    plain = json.loads(to_json(content))
    return json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def digest(content: Any) -> str:
    """SHA-256 of the canonical bytes, in hexadecimal: how an event names something that it does not hold itself."""
    return hashlib.sha256(canonical(content)).hexdigest()


def event_hash(event: Event) -> str:
    """SHA-256 over what the event says and the hash of the one before it."""
    return _hash(
        event.case_id, event.sequence, event.kind, event.actor, event.at, event.data, previous=event.previous_hash
    )


def _hash(case: UUID, sequence: int, kind: str, actor: str, at: datetime, data: Any, *, previous: str) -> str:
    said = {
        "case": str(case),
        "sequence": sequence,
        "kind": kind,
        "actor": actor,
        "at": at.astimezone(UTC).isoformat(timespec="microseconds"),
        "data": data,
        "previous": previous,
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
    if kind != READ:
        case.change_head = event.hash
    session.add(event)
    return event


@dataclass(frozen=True)
class Chain:
    """Where the log of a case ends, read from the case's row, which is held locked."""

    case_id: UUID
    count: int
    head: str


_APPENDED = text(
    "with told as (update care_case set event_count = :sequence, event_head = :hash where id = :case_id)"
    " insert into event (id, case_id, sequence, kind, actor, at, data, previous_hash, hash) values"
    " (:id, :case_id, :sequence, :kind, :actor, :at, :data, :previous_hash, decode(:hash, 'hex'))"
).bindparams(bindparam("data", type_=JSON), bindparam("previous_hash", type_=Digest()))


def record_read(connection: Connection, chain: Chain, actor: str, at: datetime, what: str) -> None:
    """Append that `actor` read `what`, as `record` would, in one statement: reads are the most frequent by far."""
    previous, sequence, data = chain.head or START, chain.count + 1, {"what": what}
    row = {
        "id": uuid4(),
        "case_id": chain.case_id,
        "sequence": sequence,
        "kind": READ,
        "actor": actor,
        "at": at,
        "data": data,
        "previous_hash": previous,
        "hash": _hash(chain.case_id, sequence, READ, actor, at, data, previous=previous),
    }
    connection.execute(_APPENDED, row)


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
