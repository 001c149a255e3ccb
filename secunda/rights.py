"""The clock of what a patient asks for by law: one month, which may be made three (GDPR art. 12(3))."""

from calendar import monthrange
from datetime import datetime, timedelta
from typing import Final

from sqlmodel import Session, col, select

from models import Case, RightsRequest
from models.rights_request import Right

MONTHS: Final = 1
MONTHS_MORE: Final = 2
RUNS_LATE: Final = timedelta(days=7)  # less than this left: somebody must answer now


def months_after(at: datetime, months: int) -> datetime:
    """The same day some months later, or the last day of a month that is shorter (Regulation 1182/71, art. 3(2))."""
    year, month = divmod(at.year * 12 + at.month - 1 + months, 12)
    return at.replace(year=year, month=month + 1, day=min(at.day, monthrange(year, month + 1)[1]))


def requests_of(session: Session, case: Case) -> dict[Right, RightsRequest]:
    """The newest request for each right of the case, answered or not."""
    query = select(RightsRequest).where(RightsRequest.case_id == case.id).order_by(col(RightsRequest.asked_at))
    return {row.right: row for row in session.exec(query)}


def running_late(session: Session, now: datetime, most: int = 50) -> list[tuple[str, RightsRequest]]:
    """Unanswered requests, overdue or due within RUNS_LATE, with their case's reference, the first due first."""
    query = (
        select(Case.reference, RightsRequest)
        .join(Case, col(RightsRequest.case_id) == Case.id)
        .where(col(RightsRequest.answered_at).is_(None), RightsRequest.due_at < now + RUNS_LATE)
        .order_by(col(RightsRequest.due_at))
        .limit(most)
    )
    return [(reference, row) for reference, row in session.exec(query)]
