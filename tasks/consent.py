"""The patient's consent comes before anything else is processed (GDPR art. 9(2)(a))."""

from datetime import datetime

from sqlmodel import Session

from models import Case
from models.status import CASE_BADGES, CaseStatus, HoldCause, Step
from pathways.deadlines import Wait
from secunda import cases, notices
from secunda.case_context import context_of
from secunda.holding import hold
from tasks.execution import Execution, Waits
from tasks.waiting import chase_people, wait_as


async def consent(execution: Execution) -> None:
    """Wait until the patient has consented; a consent that has run out since puts the case on hold."""
    wait = await execution.write(_look_again if execution.has_finished(Step.CONSENT) else _consent)
    if wait is not None:
        raise wait


def _consent(session: Session, case: Case, now: datetime) -> Waits | None:
    context = context_of(session, case, now)
    if context.has_consent():
        cases.finish_step(session, case, Step.CONSENT, now)
        return None
    since = case.launched_at
    notices.tell(context, "consent_requested", notices.PATIENT, "first", due_at=context.due(Wait.CONSENT, since))
    again = chase_people(context, Wait.CONSENT, since, [notices.PATIENT], "consent_reminder")
    return wait_as(context, CaseStatus.AWAITING_CONSENT, again)


def _look_again(session: Session, case: Case, now: datetime) -> Waits | None:
    context = context_of(session, case, now)
    if context.has_consent():
        return None
    hold(session, case, HoldCause.CONSENT_EXPIRED, "the patient's consent has expired", "secunda", now)
    return Waits(CASE_BADGES[CaseStatus.ON_HOLD], None)
