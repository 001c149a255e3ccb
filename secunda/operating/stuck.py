"""The cases that somebody who runs the machinery should look at, the longest-standing first."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, select

from models import Case
from models.status import CaseStatus, HoldCause
from pathways.vocabulary import Frozen, Specialty
from secunda import lease
from secunda.operating.backlog import BROKEN, wall_span
from secunda.overdue import STANDING_STILL, is_overdue

MOST = 50


class Why(StrEnum):
    OVERDUE = "overdue"  # its deadline has passed, and nobody executes it
    MARKED = "marked"  # something happened, and nobody has taken it up
    FAILING = "failing"  # its last step failed, and is tried again
    STOPPED = "stopped"  # on hold until a fault is mended
    CANCELLED = "cancelled"  # on hold because its run was cancelled in Prefect


class StuckCase(Frozen):
    """One case and why it is here. `late`: for how long, wall time; None where that is not known."""

    reference: str
    specialty: Specialty
    stage: CaseStatus
    why: Why
    late: timedelta | None
    failures: int
    hold_cause: HoldCause | None
    run: UUID | None


def stuck(session: Session, why: Why, now: datetime, wall: datetime) -> list[StuckCase]:
    """At most `MOST` of one kind; `now` is pathway time."""
    conditions, order = _wanted(why, now)
    found = session.exec(select(Case).where(*conditions).order_by(order).limit(MOST)).all()
    return [_line(case, why, now, wall) for case in found]


def _wanted(why: Why, now: datetime) -> tuple[tuple[ColumnElement[bool], ...], Any]:
    status, held = col(Case.status), col(Case.hold_cause)
    match why:
        case Why.OVERDUE:
            return is_overdue(now), col(Case.next_deadline_at)
        case Why.MARKED:
            return (col(Case.wake_requested_at).is_not(None), lease.is_free()), col(Case.wake_requested_at)
        case Why.FAILING:
            return (col(Case.failures) > 0, status.not_in(STANDING_STILL)), col(Case.next_deadline_at)
        case Why.STOPPED:
            return (status == CaseStatus.ON_HOLD, held.in_(BROKEN)), col(Case.launched_at)
        case Why.CANCELLED:
            return (status == CaseStatus.ON_HOLD, held == HoldCause.RUN_CANCELLED), col(Case.launched_at)


def _line(case: Case, why: Why, now: datetime, wall: datetime) -> StuckCase:
    late = None
    if why is Why.OVERDUE and case.next_deadline_at:
        late = wall_span(now - case.next_deadline_at)
    elif why is Why.MARKED and case.wake_requested_at:
        late = wall - case.wake_requested_at
    return StuckCase(
        reference=case.reference,
        specialty=Specialty(case.specialty),
        stage=case.status,
        why=why,
        late=late,
        failures=case.failures,
        hold_cause=case.hold_cause,
        run=case.flow_run_id,
    )
