"""Putting a case on hold and resuming it: the clocks stand still in between, and those who are waited for are told."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from models import Assignment, Case, ClockStop
from models.status import CaseStatus, HoldCause, Step
from pathways.deadlines import Wait, after_stops, span_for
from secunda import cases, events, notices
from secunda.case_context import ALL_CLOCKS, CaseContext
from secunda.panel import expert_of, panel_of, window
from secunda.report_clock import set_report_due

DUE = {Wait.ACCEPTANCE: "accept_by", Wait.OPINION: "opinion_due_at"}
ASKED_OF_THE_PATIENT = (CaseStatus.AWAITING_CONSENT, CaseStatus.AWAITING_DOCUMENTS)


def hold(session: Session, case: Case, cause: HoldCause, reason: str, actor: str, at: datetime) -> None:
    """Stop everything until someone resumes the case; nothing happens when it is on hold already."""
    cases.check_is_open(case)
    if case.status is CaseStatus.ON_HOLD:
        return
    case.held_from = case.status
    case.hold_cause = cause
    case.hold_reason = reason
    cases.move(session, case, CaseStatus.ON_HOLD, actor, at)
    stop = ClockStop(case_id=case.id, clock=ALL_CLOCKS, reason=reason, stopped_by=actor, stopped_at=at)
    session.add(stop)
    events.record(session, case, "held", actor, at, cause=cause, reason=reason)
    context = CaseContext(session, case, at)
    for recipient in _concerned(context):
        notices.tell(context, "case_on_hold", recipient, str(stop.id))
    if cause is not HoldCause.COORDINATOR:
        notices.tell(context, "case_stuck", notices.COORDINATOR, str(stop.id))


def resume(session: Session, case: Case, actor: str, at: datetime, reason: str = "") -> None:
    """Go on where the case was; every open deadline moves by the time that it was on hold."""
    if case.status is not CaseStatus.ON_HOLD:
        return
    stop = _open_stop(session, case)
    stop.restarted_at = max(at, stop.stopped_at)  # a clock that was set back meanwhile moves no deadline
    session.flush()
    context = CaseContext(session, case, at)
    _move_deadlines(context, stop, actor)
    for recipient in _concerned(context):
        notices.tell(context, "case_resumed", recipient, str(stop.id))
    cases.move(session, case, case.held_from or CaseStatus.REQUESTED, actor, at)
    case.held_from, case.hold_cause, case.hold_reason, case.failures = None, None, "", 0
    events.record(session, case, "resumed", actor, at, reason=reason)


def _open_stop(session: Session, case: Case) -> ClockStop:
    query = select(ClockStop).where(ClockStop.case_id == case.id, ClockStop.clock == ALL_CLOCKS)
    return session.exec(query.where(col(ClockStop.restarted_at).is_(None))).one()


def _concerned(context: CaseContext) -> Iterator[str]:
    """Whoever asked, and whoever was asked for something that is not done yet."""
    yield notices.REQUESTER
    if context.case.held_from in ASKED_OF_THE_PATIENT:
        yield notices.PATIENT
    for code in sorted({expert_of(context, assignment).code for assignment in panel_of(context).owed}):
        yield f"expert:{code}"


def _move_deadlines(context: CaseContext, stop: ClockStop, actor: str) -> None:
    """Each by what it counts in: hours and days by all the time on hold, working days by its working part."""
    case, at = context.case, context.now
    stopped = max(at - stop.stopped_at, timedelta())
    for name in ("waiting_since", "next_deadline_at"):
        value = getattr(case, name)
        if value is not None:
            setattr(case, name, value + stopped)
    if case.has_finished(Step.TRIAGE):
        set_report_due(context)
    moved = [_move(context, assignment, stop) for assignment in panel_of(context).owed]
    events.record(
        context.session,
        case,
        "deadlines_moved",
        actor,
        at,
        reason=stop.reason,
        stopped_seconds=int(stopped.total_seconds()),
        report_due_at=case.report_due_at,
        seats=moved,
    )


def _move(context: CaseContext, assignment: Assignment, stop: ClockStop) -> dict[str, object]:
    """Move the open deadline of one place; returns it for the log."""
    open_ = window(assignment)
    unit = span_for(context.pathway.deadlines, open_.wait, context.urgency).unit
    stops = [(stop.stopped_at, stop.restarted_at)]
    moved = after_stops(open_.due_at, open_.since, unit, context.calendar, stops, context.now).earliest_at
    setattr(assignment, DUE[open_.wait], moved)
    context.session.add(assignment)
    return {"role": assignment.role, "seat": assignment.seat, DUE[open_.wait]: moved}
