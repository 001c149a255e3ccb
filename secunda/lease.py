"""Who executes a case now. One conditional UPDATE takes the lease; its token fences a worker that comes back late."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import or_
from sqlmodel import Session, col, update

from models import Case
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


def acquire(session: Session, reference: str, holder: str, wall: datetime, seconds: int) -> Lease | None:
    """Take the case if nobody holds it or the holder's time is up; None when it is held.

    Clears the wake mark: whatever was committed before this moment is what the execution will see.
    """
    free = or_(col(Case.lease_until).is_(None), col(Case.lease_until) < wall)
    taken = session.exec(
        update(Case)
        .where(col(Case.reference) == reference, free)
        .values(
            lease_holder=holder,
            lease_until=wall + timedelta(seconds=seconds),
            lease_token=Case.lease_token + 1,
            wake_requested_at=None,
        )
        .returning(col(Case.id), col(Case.lease_token))
        .execution_options(synchronize_session=False)
    ).first()
    return Lease(taken[0], reference, taken[1]) if taken else None


def extend(session: Session, lease: Lease, wall: datetime, seconds: int) -> None:
    """Hold on for longer; raises LeaseLostError."""
    kept = session.exec(
        update(Case)
        .where(col(Case.id) == lease.case_id, col(Case.lease_token) == lease.token)
        .values(lease_until=wall + timedelta(seconds=seconds))
        .execution_options(synchronize_session=False)
    )
    if kept.rowcount != 1:
        raise _lost(lease)


def release(session: Session, lease: Lease) -> None:
    """Give the case back; harmless when it was taken over."""
    session.exec(
        update(Case)
        .where(col(Case.id) == lease.case_id, col(Case.lease_token) == lease.token)
        .values(lease_holder="", lease_until=None)
        .execution_options(synchronize_session=False)
    )


def lock(session: Session, lease: Lease) -> Case:
    """The case, locked for writing, if the lease still holds; raises LeaseLostError."""
    case = cases.lock(session, lease.case_id)
    if case.lease_token != lease.token:
        raise _lost(lease)
    return case


def _lost(lease: Lease) -> LeaseLostError:
    return LeaseLostError(f"The execution of case {lease.reference} was taken over by another worker.")
