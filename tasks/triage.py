"""Triage: the urgency class, from the pathway's rules, and the date that the report is due."""

from datetime import datetime

from sqlmodel import Session

from models import Case
from models.status import CaseStatus, Step
from secunda import cases
from secunda.case_context import context_of
from secunda.triaging import classify
from tasks.execution import Execution


async def triage(execution: Execution) -> None:
    """Classify the complete file and start the report's clock."""
    if not execution.has_finished(Step.TRIAGE):
        await execution.write(_triage)


def _triage(session: Session, case: Case, now: datetime) -> None:
    classify(context_of(session, case, now))
    cases.move(session, case, CaseStatus.ASSIGNING, "secunda", now)
    cases.finish_step(session, case, Step.TRIAGE, now)
