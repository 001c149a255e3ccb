"""A payer's own reviews as a list, the newest first, a page at a time. Nothing in it is about a patient."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy
from sqlalchemy import literal, tuple_
from sqlmodel import Session, col

from models import Case, Review
from models.door_status import Certification
from models.status import CaseStatus, Outcome
from pathways.vocabulary import Specialty
from secunda.errors import BadInputError

MOST = 200

#: Whole rows would be a hundred columns, with the request as it came among them.
COLUMNS: tuple[Any, ...] = (
    *(Review.id, Review.payer, Review.payer_reference, Review.certification, Review.clock, Review.created_at),
    *(Case.reference, Case.specialty, Case.status, Case.outcome, Case.next_deadline_at, Case.closed_at),
)

Place = tuple[datetime, UUID]  # where a page ended: when its last review was created, and its key


@dataclass(frozen=True)
class ReviewFilter:
    """Which reviews; a field that is None does not restrict. `open_only`: without those that are closed."""

    stage: CaseStatus | None = None
    certification: Certification | None = None
    payer_reference: str | None = None
    open_only: bool = False
    since: datetime | None = None


@dataclass(frozen=True)
class ReviewLine:
    """One review. `due_at` is when its clock runs out; None while it stands still, or for an emergency."""

    reference: str
    payer: str
    payer_reference: str
    specialty: Specialty
    stage: CaseStatus
    outcome: Outcome | None
    certification: Certification
    due_at: datetime | None
    time_left: timedelta | None
    next_deadline_at: datetime | None
    created_at: datetime
    closed_at: datetime | None


@dataclass(frozen=True)
class ReviewPage:
    """`after` is where the next page begins; None at the end."""

    items: tuple[ReviewLine, ...]
    after: Place | None


def list_reviews(
    session: Session,
    payer: str | None,
    now: datetime,
    wanted: ReviewFilter | None = None,
    after: Place | None = None,
    limit: int = 50,
) -> ReviewPage:
    """One page of the payer's own reviews; `payer` is None for the programme's staff only, who see all of them.

    Raises BadInputError for a limit that is not 1 to `MOST`.
    """
    if not 1 <= limit <= MOST:
        raise BadInputError(f"A page has 1 to {MOST} reviews.", "Ask for fewer, and for the next page.", place="limit")
    order = (col(Review.created_at), col(Review.id))
    query = _filtered(payer, wanted or ReviewFilter())
    query = query.where(tuple_(*order) < tuple_(*map(literal, after))) if after else query
    found = session.exec(query.order_by(*(one.desc() for one in order)).limit(limit + 1)).all()
    shown = found[:limit]
    last = shown[-1] if len(found) > limit else None
    return ReviewPage(items=tuple(_line(row, now) for row in shown), after=(last.created_at, last.id) if last else None)


def _filtered(payer: str | None, wanted: ReviewFilter) -> Any:
    query: Any = sqlalchemy.select(*COLUMNS).join(Case, col(Review.case_id) == col(Case.id))
    exact = {
        col(Review.payer): payer,
        col(Case.status): wanted.stage,
        col(Review.certification): wanted.certification,
        col(Review.payer_reference): wanted.payer_reference,
    }
    query = query.where(*(column == value for column, value in exact.items() if value is not None))
    query = query.where(col(Case.status) != CaseStatus.CLOSED) if wanted.open_only else query
    return query.where(col(Review.created_at) >= wanted.since) if wanted.since else query


def _line(row: Any, now: datetime) -> ReviewLine:
    due = row.clock.get("due_at")
    due_at = datetime.fromisoformat(due) if due else None
    answered = row.clock.get("answered_at")
    seen_at = datetime.fromisoformat(answered) if answered else now
    return ReviewLine(
        reference=row.reference,
        payer=row.payer,
        payer_reference=row.payer_reference,
        specialty=Specialty(row.specialty),
        stage=row.status,
        outcome=row.outcome,
        certification=row.certification,
        due_at=due_at,
        time_left=due_at - seen_at if due_at else None,
        next_deadline_at=row.next_deadline_at,
        created_at=row.created_at,
        closed_at=row.closed_at,
    )
