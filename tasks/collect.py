"""Collecting: each expert accepts, writes and signs in time, or is reminded, and replaced when late."""

from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session

from models import Assignment, Case
from models.status import AssignmentStatus, Step
from pathways.chasing import Rung
from pathways.deadlines import Wait
from secunda import notices
from secunda.case_context import CaseContext, context_of
from secunda.ladders import Chased, chase
from secunda.panel import end, expert_of, fill_empty_seats, panel_of, window
from secunda.progress import panel_status
from tasks.execution import Execution, Waits
from tasks.waiting import wait_as

LOOK_AGAIN = timedelta(hours=4)  # pathway time; how often a seat that nobody could take is offered anew

REMINDERS = {Wait.ACCEPTANCE: "offer_reminder", Wait.OPINION: "opinion_reminder"}


async def collect(execution: Execution) -> None:
    """Wait until every seat's opinion is signed."""
    if execution.has_finished(Step.COLLECT):
        return
    wait = await execution.write(_collect)
    if wait is not None:
        raise wait


def _collect(session: Session, case: Case, now: datetime) -> Waits | None:
    context = context_of(session, case, now)
    owed = panel_of(context).owed
    times, looked_at = [_chase(context, assignment) for assignment in owed], {assignment.id for assignment in owed}
    fill_empty_seats(context)  # those whose expert the chase has just replaced
    panel = panel_of(context)
    times += [_chase(context, assignment) for assignment in panel.owed if assignment.id not in looked_at]
    if panel.empty:
        times.append(now + LOOK_AGAIN)
    status = panel_status(panel)
    if status is None:
        return None
    return wait_as(context, status, min((time for time in times if time is not None), default=None))


def _chase(context: CaseContext, assignment: Assignment) -> datetime | None:
    open_ = window(assignment)
    wait, again = open_.wait, assignment.reopened_at
    subject = f"{wait}:{assignment.id}" + (f":{again:%y%m%d%H%M%S}" if again else "")
    recipient = f"expert:{expert_of(context, assignment).code}"
    about: dict[str, Any] = {"assignment": str(assignment.id), "role": assignment.role, "due_at": open_.due_at}

    def remind(rung: Rung) -> None:
        notices.tell(context, REMINDERS[wait], recipient, f"{subject}:{rung.number}", **about)

    def change_channel(rung: Rung) -> None:
        notices.tell_on_other_channel(context, REMINDERS[wait], recipient, f"{subject}:{rung.number}", **about)

    def replace(rung: Rung) -> None:  # noqa: ARG001 - the shape of an effect
        _replace(context, assignment, wait)

    chased = Chased(
        subject=subject,
        ladder=getattr(context.pathway.chase, wait.value),
        start=open_.since + context.on_hold_since(open_.since),
        due_at=open_.due_at,
        calendar=context.calendar,
        remind=remind,
        change_channel=change_channel,
        escalate=lambda rung: notices.escalate(context, rung, subject, waiting_for=wait.value),
        replace=None if again else replace,  # who has signed once is not sent away for being late
    )
    next_at = chase(context.session, context.case, chased, context.now)
    return next_at if assignment.status is not AssignmentStatus.CANCELLED else None


def _replace(context: CaseContext, assignment: Assignment, wait: Wait) -> None:
    """A late expert loses the seat; whoever asked is not made to wait for somebody who does not answer."""
    code = expert_of(context, assignment).code
    end(context, assignment, AssignmentStatus.CANCELLED, f"late: no {wait.value} in time", "secunda")
    notices.tell(context, "offer_withdrawn", f"expert:{code}", str(assignment.id), role=assignment.role)
    notices.tell(context, "expert_replaced", notices.COORDINATOR, str(assignment.id), role=assignment.role)
