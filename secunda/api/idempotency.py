"""A request that is sent again under the same Idempotency-Key is done once and answered alike, byte by byte.

After draft-ietf-httpapi-idempotency-key-header. The record is claimed before the work begins, and the answer is written
in the transaction of the work wherever there is one of its own: a process that dies in between has done nothing.
"""

import hashlib
import json
import re
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from fastapi import Response
from sqlalchemy import bindparam, delete, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, select

from models import IdempotencyRecord
from models.door_status import IdempotencyStatus
from secunda import clock, faults, sealing
from secunda.api.problems import ProblemError, header_problem
from secunda.db import glance, to_json, transaction
from secunda.errors import ConflictError

HEADER = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"
KEPT_FOR = timedelta(hours=24)
CLAIM_FOR = timedelta(seconds=60)  # a process that died loses its claim after that
PURPOSE = "idempotency"
_KEY = re.compile(r'"?([\x21\x23-\x5b\x5d-\x7e][\x20\x21\x23-\x5b\x5d-\x7e]{0,253})"?')


@dataclass(frozen=True)
class Answer:
    """A finished answer, as it is sent and replayed."""

    status: int
    body: bytes = field(repr=False)
    headers: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of_json(cls, status: int, content: Any, **headers: str) -> "Answer":
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return cls(status, to_json(content).encode(), {"Content-Type": "application/json", **named})

    def response(self, **more: str) -> Response:
        return Response(self.body, self.status, self.headers | {name: value for name, value in more.items() if value})


@dataclass
class Claim:
    """The right to do the work of one key. `finish` within the transaction of the work makes both one."""

    record: UUID
    token: UUID
    finished: bool = False

    def finish(self, session: Session, answer: Answer) -> None:
        """Write the answer. Raises ConflictError, so that the work is rolled back, when the claim went to another."""
        written = {
            "held_record": self.record,
            "held_claim": self.token,
            "response_status": answer.status,
            "response_headers": answer.headers,
            "response_body": sealing.seal(answer.body, PURPOSE),
        }
        if not session.connection().execute(_FINISHED, written).rowcount:
            raise ConflictError("The request took too long and was begun anew.", "Send it again with the same key.")
        self.finished = True
        faults.point("after:answer")


_table: Any = IdempotencyRecord.__table__  # type: ignore[attr-defined]
_HELD = (
    _table.c.id == bindparam("held_record"),
    _table.c.claim == bindparam("held_claim"),
    _table.c.status == IdempotencyStatus.IN_FLIGHT,
)
_FINISHED = (
    update(_table)
    .where(*_HELD)
    .values(
        status=IdempotencyStatus.FINISHED,
        response_status=bindparam("response_status"),
        response_headers=bindparam("response_headers"),
        response_body=bindparam("response_body"),
    )
)
_GIVEN_BACK = delete(_table).where(*_HELD)
_NEW = insert(_table).on_conflict_do_nothing().returning(_table.c.id)


def key_of(written: str | None) -> str:
    """The key, quoted or not. Raises ProblemError 400 for none, and for one that is no text of 1 to 254 letters."""
    if not written:
        detail = "This request needs the header Idempotency-Key."
        remedy = "Send a new random value (a UUID, say) for each request, and the same one when you repeat it."
        raise header_problem(400, "idempotency-key-missing", HEADER, detail, remedy)
    found = _KEY.fullmatch(written)
    if found is None:
        raise header_problem(400, "idempotency-key-invalid", HEADER, "This is no key.", "Send up to 254 ASCII letters.")
    return found[1]


def fingerprint(*parts: str) -> str:
    """What tells one request from another."""
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def claim(client: UUID, key: str, route: str, digest: str) -> Claim | Answer:
    """The right to work, or the answer that was given already.

    Raises ProblemError 422 for a key that was used for another request, 409 while the first one is in flight.
    """
    with transaction() as session:
        return _claim(session, client, key, route, digest)


def _claim(session: Session, client: UUID, key: str, route: str, digest: str) -> Claim | Answer:
    now = clock.wall()
    mine = Claim(uuid4(), uuid4())
    row = {
        "id": mine.record,
        "client_id": client,
        "key": key,
        "route": route,
        "body_digest": digest,
        "status": IdempotencyStatus.IN_FLIGHT,
        "claim": mine.token,
        "claimed_until": now + CLAIM_FOR,
        "response_headers": {},
        "created_at": now,
        "expires_at": now + KEPT_FOR,
    }
    is_new = session.connection().execute(_NEW, row).first() is not None
    return mine if is_new else _known(session, client, key, route, digest)


def _known(session: Session, client: UUID, key: str, route: str, digest: str) -> Claim | Answer:
    query = select(IdempotencyRecord).where(IdempotencyRecord.client_id == client, IdempotencyRecord.key == key)
    row = session.exec(query.with_for_update()).first()
    if row is None:  # given back a moment ago
        raise _in_flight(1)
    now = clock.wall()
    if row.expires_at < now:  # as if it had never been used
        session.delete(row)
        session.flush()
        return _claim(session, client, key, route, digest)
    if (row.route, row.body_digest) != (route, digest):
        detail = "This key was used for another request."
        raise header_problem(422, "idempotency-key-reused", HEADER, detail, "Take a new key for a new request.")
    if row.status is IdempotencyStatus.FINISHED:
        body = sealing.unseal(row.response_body or b"", PURPOSE)
        return Answer(row.response_status or 200, body, dict(row.response_headers))
    if row.claimed_until > now:
        raise _in_flight(max(1, min(5, int((row.claimed_until - now).total_seconds()))))
    row.claim, row.claimed_until = uuid4(), now + CLAIM_FOR
    session.add(row)
    return Claim(row.id, row.claim)


def _in_flight(seconds: int) -> ProblemError:
    detail = "The request with this key is being worked on."
    problem = header_problem(409, "idempotency-key-in-flight", HEADER, detail, "Send it again in a moment.")
    problem.headers = {"Retry-After": str(seconds)}
    return problem


def finish(mine: Claim, answer: Answer) -> None:
    """Record the answer of work that has no transaction of its own to write it in."""
    with transaction() as session:
        mine.finish(session, answer)


def give_back(mine: Claim) -> None:
    """Nothing was done: the key may be used again, also for a request that was mended."""
    with glance() as connection:
        connection.execute(_GIVEN_BACK, {"held_record": mine.record, "held_claim": mine.token})
