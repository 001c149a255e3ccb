"""Adjudicating: the panel's opinions become one, by the pathway's rule; dissent is kept."""

from datetime import datetime

from sqlmodel import Session

from models import Case
from models.status import CaseStatus, Step
from pathways.deadlines import Wait
from pathways.readings import Need
from secunda import cases, events, notices
from secunda.adjudicating import adjudication_of, last_opinion_at, records_of, remember
from secunda.case_context import CaseContext, context_of
from secunda.panel import expert_of, panel_of
from tasks.execution import Execution, Waits
from tasks.waiting import chase_people, wait_as


async def adjudicate(execution: Execution) -> None:
    """Settle the panel, or call a third reader, or wait for the board."""
    if execution.has_finished(Step.ADJUDICATE):
        return
    wait = await execution.write(_adjudicate)
    if wait is not None:
        raise wait


def _adjudicate(session: Session, case: Case, now: datetime) -> Waits | None:
    context = context_of(session, case, now)
    result = adjudication_of(context)
    if result.needs is Need.THIRD_READER:
        return _call_third_reader(context)
    if result.needs is Need.BOARD:
        return _call_board(context)
    remember(context, result)
    for step in (Step.ASSIGN, Step.COLLECT, Step.ADJUDICATE):
        cases.finish_step(session, case, step, now)
    cases.move(session, case, CaseStatus.REPORTING, "secunda", now)
    return None


def _call_third_reader(context: CaseContext) -> Waits:
    extra = context.pathway.panel.extra_reader
    if extra is None:
        raise ValueError("the pathway names no extra reader")
    case = context.case
    if extra.key not in case.extra_roles:
        case.extra_roles = [*case.extra_roles, extra.key]
        events.record(context.session, case, "third_reader_called", "secunda", context.now, role=extra.key)
    return Waits("Calling a third reader", context.now)


def _call_board(context: CaseContext) -> Waits:
    chair = next(a for a in panel_of(context).assignments if a.role == context.pathway.panel.chair)
    recipients = [f"expert:{expert_of(context, chair).code}"]
    since = last_opinion_at(context)
    due_at, before = context.due(Wait.ADJUDICATION, since), records_of(context)
    for recipient in (*recipients, notices.COORDINATOR):
        notices.tell(context, "adjudication_requested", recipient, f"board:{before}", due_at=due_at)
    until = chase_people(context, Wait.ADJUDICATION, since, recipients, "adjudication_reminder", again=before)
    return wait_as(context, CaseStatus.AWAITING_ADJUDICATION, until)
