"""Who executes a case now. One conditional UPDATE takes the lease; its token fences a worker that comes back late.

PostgreSQL's clock is the referee. Machines' own clocks may differ by more than a lease lasts, and a machine that slept
wakes with a clock of yesterday: by their own clocks they would take each other's cases.
"""

from collections.abc import Collection
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, DateTime, and_, func, or_
from sqlmodel import Session, col, select, update

from models import Case
from models.status import CaseStatus
from secunda import cases
from secunda.errors import ConflictError


class LeaseLostError(ConflictError):
    """Somebody else has taken the case over; nothing more may be written by the one who had it."""

    code = "lease_lost"


@dataclass(frozen=True)
class Lease:
    case_id: UUID
    reference: str
    token: int


#: The lease that the worker took before it began an execution; where nothing was handed over, the flow takes its own.
handed_over: ContextVar[Lease | None] = ContextVar("handed_over", default=None)


def now() -> ColumnElement[datetime]:
    """The referee's time, as SQL; it goes on within a transaction."""
    return func.clock_timestamp(type_=DateTime(timezone=True))


def is_free() -> ColumnElement[bool]:
    """SQL over cases: nobody holds it, or the holder's time is up."""
    return or_(col(Case.lease_until).is_(None), col(Case.lease_until) < now())


def acquire(session: Session, reference: str, holder: str, seconds: int) -> Lease | None:
    """Take the case if nobody holds it or the holder's time is up; None when it is held."""
    taken = session.exec(
        update(Case)
        .where(col(Case.reference) == reference, is_free())
        .values(**_held_by(holder, seconds))
        .returning(col(Case.id), col(Case.lease_token))
        .execution_options(synchronize_session=False)
    ).first()
    return Lease(taken[0], reference, taken[1]) if taken else None


def acquire_due(
    session: Session, holder: str, seconds: int, limit: int, at: datetime, but_not: Collection[UUID] = ()
) -> list[tuple[Lease, Case]]:
    """Take up to `limit` free cases that are to be woken, the oldest mark first, in one statement: those that are
    marked, and those whose deadline has come `at` this pathway time. One that failed waits for its next try.

    Their marks stay until the execution has begun. A row that somebody is writing is passed over: its commit notifies.
    """
    waits = col(Case.status).not_in((CaseStatus.CLOSED, CaseStatus.ON_HOLD))
    late = and_(col(Case.next_deadline_at) <= at, waits, col(Case.failures) == 0)
    to_be_woken = or_(col(Case.wake_requested_at).is_not(None), late)
    wanted = select(Case.id).where(to_be_woken, is_free(), col(Case.id).not_in(but_not))
    chosen = wanted.order_by(col(Case.wake_requested_at)).limit(limit).with_for_update(skip_locked=True).cte("chosen")
    taken = session.scalars(
        update(Case)
        .where(col(Case.id).in_(select(chosen.c.id)))
        .values(**_held_by(holder, seconds))
        .returning(Case)
        .execution_options(synchronize_session=False)
    )
    return [(Lease(case.id, case.reference, case.lease_token), case) for case in taken]


def _held_by(holder: str, seconds: int) -> dict[str, Any]:
    until = now() + timedelta(seconds=seconds)
    return {"lease_holder": holder, "lease_until": until, "lease_token": Case.lease_token + 1}


def extend(session: Session, lease: Lease, seconds: int) -> None:
    """Hold on for longer; raises LeaseLostError."""
    kept = session.exec(
        update(Case)
        .where(col(Case.id) == lease.case_id, col(Case.lease_token) == lease.token)
        .values(lease_until=now() + timedelta(seconds=seconds))
        .execution_options(synchronize_session=False)
    )
    if kept.rowcount != 1:
        raise _lost(lease)


def release(session: Session, lease: Lease) -> None:
    """Give the case back; harmless when it was taken over.

    Whoever was to wake the case meanwhile was told of it while it could not be taken: they are told again.
    """
    mark = session.exec(
        update(Case)
        .where(col(Case.id) == lease.case_id, col(Case.lease_token) == lease.token)
        .values(lease_holder="", lease_until=None)
        .returning(col(Case.wake_requested_at))
        .execution_options(synchronize_session=False)
    ).first()
    if mark is not None and mark[0] is not None:
        session.execute(cases.WAKE_NOTIFICATION, {"reference": lease.reference})


def lock(session: Session, lease: Lease) -> Case:
    """The case, locked for writing, if the lease still holds; raises LeaseLostError."""
    case = cases.lock(session, lease.case_id)
    if case.lease_token != lease.token:
        raise _lost(lease)
    return case


def remaining(session: Session, reference: str, seconds: int) -> timedelta:
    """How long the case is held at most from now on: never longer than a lease lasts."""
    until, at = session.exec(select(col(Case.lease_until), now()).where(col(Case.reference) == reference)).one()
    return timedelta() if until is None else min(max(until - at, timedelta()), timedelta(seconds=seconds))


def shorten(session: Session, seconds: int) -> int:
    """End every lease within `seconds`; returns how many had longer.

    None can, unless the referee's clock was set back since: the cases of those who died before would wait until it
    has caught up. Whoever lives extends the lease in time, so that nothing is executed twice.
    """
    longest = now() + timedelta(seconds=seconds)
    shortened = session.exec(
        update(Case)
        .where(col(Case.lease_until) > longest)
        .values(lease_until=longest)
        .execution_options(synchronize_session=False)
    )
    return shortened.rowcount


def _lost(lease: Lease) -> LeaseLostError:
    return LeaseLostError(f"The execution of case {lease.reference} was taken over by another worker.")
