"""Putting a case on hold and resuming it: the clocks stand still in between, with the reason recorded."""

from datetime import datetime

from sqlmodel import Session, col, select

from models import Assignment, Case, ClockStop
from models.status import AssignmentStatus, CaseStatus, HoldCause
from secunda import cases, events
from secunda.case_context import CaseContext
from secunda.report_clock import report_due

ALL_CLOCKS = "all"


def hold(session: Session, case: Case, cause: HoldCause, reason: str, actor: str, at: datetime) -> None:
    """Stop everything until someone resumes the case; nothing happens when it is on hold already."""
    cases.check_is_open(case)
    if case.status is CaseStatus.ON_HOLD:
        return
    case.held_from = case.status
    case.hold_cause = cause
    case.hold_reason = reason
    cases.move(session, case, CaseStatus.ON_HOLD, actor, at)
    session.add(ClockStop(case_id=case.id, clock=ALL_CLOCKS, reason=reason, stopped_by=actor, stopped_at=at))
    events.record(session, case, "held", actor, at, cause=cause, reason=reason)


def resume(session: Session, case: Case, actor: str, at: datetime, reason: str = "") -> None:
    """Go on where the case was; every open deadline moves by the time that it was on hold."""
    if case.status is not CaseStatus.ON_HOLD:
        return
    stop = session.exec(
        select(ClockStop).where(
            ClockStop.case_id == case.id, ClockStop.clock == ALL_CLOCKS, col(ClockStop.restarted_at).is_(None)
        )
    ).one()
    stop.restarted_at = at
    _move_deadlines(session, case, stop, actor, at)
    cases.move(session, case, case.held_from or CaseStatus.REQUESTED, actor, at)
    case.held_from, case.hold_cause, case.hold_reason, case.failures = None, None, "", 0
    events.record(session, case, "resumed", actor, at, reason=reason)


def _move_deadlines(session: Session, case: Case, stop: ClockStop, actor: str, at: datetime) -> None:
    stopped = at - stop.stopped_at
    for name in ("waiting_since", "next_deadline_at"):
        value = getattr(case, name)
        if value is not None:
            setattr(case, name, value + stopped)
    if case.report_due_at is not None:  # its clocks count working time, so a weekend on hold moves them by nothing
        case.report_due_at = report_due(CaseContext(session, case, at)).due_at
    live = (AssignmentStatus.REQUESTED, AssignmentStatus.ACCEPTED, AssignmentStatus.IN_PROGRESS)
    for assignment in session.exec(
        select(Assignment).where(Assignment.case_id == case.id, col(Assignment.status).in_(live))
    ):
        for name in ("offered_at", "accept_by", "accepted_at", "opinion_due_at"):
            value = getattr(assignment, name)
            if value is not None:
                setattr(assignment, name, value + stopped)
    events.record(
        session,
        case,
        "deadlines_moved",
        actor,
        at,
        reason=stop.reason,
        stopped_seconds=int(stopped.total_seconds()),
        report_due_at=case.report_due_at,
    )
