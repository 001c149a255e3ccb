"""Delivering: those who asked are told, with a link, that the report is there; it is never in a message itself."""

from datetime import datetime

from sqlmodel import Session, func, select

from models import Case, Report
from models.status import Outcome, Step
from secunda import cases, notices
from secunda.case_context import context_of
from secunda.reviews.answering import answer_payer
from tasks.execution import Execution


async def deliver(execution: Execution) -> None:
    """Tell the requester and the patient, and answer the payer where there is one."""
    if not execution.has_finished(Step.DELIVER):
        await execution.write(_deliver)


def _deliver(session: Session, case: Case, now: datetime) -> None:
    context = context_of(session, case, now)
    newest = session.exec(select(func.max(Report.version)).where(Report.case_id == case.id)).one()
    for recipient in (notices.REQUESTER, notices.PATIENT):
        notices.tell(context, "report_ready", recipient, f"report:{newest}")
    answer_payer(context, Outcome.DELIVERED)
    cases.finish_step(session, case, Step.DELIVER, now)
