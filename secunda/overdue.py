"""Cases whose deadline has passed and that nobody executes: all is well while there are none."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement
from sqlmodel import col

from models import Case
from models.status import CaseStatus
from secunda import clock, lease

LATE_AFTER: Final = timedelta(seconds=10)  # wall time after its deadline in which a case is taken up when all is well
STANDING_STILL: Final = (CaseStatus.CLOSED, CaseStatus.ON_HOLD)


def late_before(now: datetime) -> datetime:
    """The pathway time before which a deadline is late at `now`."""
    return now - clock.pathway_span(LATE_AFTER)


def is_overdue(now: datetime) -> tuple[ColumnElement[bool], ...]:
    """SQL over cases at a pathway time; the index on their next deadline finds them."""
    waits = col(Case.status).not_in(STANDING_STILL)
    return waits, col(Case.next_deadline_at) < late_before(now), lease.is_free()
