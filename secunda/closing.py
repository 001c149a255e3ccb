"""Ending a case before its time: experts are released, reminders are taken back, whoever waits is told."""

from models.status import AssignmentStatus, Outcome
from secunda import cases, events, notices
from secunda.case_context import CaseContext
from secunda.outbox import cancel_moot
from secunda.panel import end, expert_of, panel_of
from secunda.reviews.answering import answer_payer


def close_for_good(context: CaseContext, outcome: Outcome, actor: str, reason: str) -> None:
    """Close the case with this outcome."""
    _release_experts(context, actor)
    events.record(context.session, context.case, "ended_early", actor, context.now, outcome=outcome, reason=reason)
    if outcome is Outcome.WITHDRAWN:
        for recipient in (notices.REQUESTER, notices.PATIENT):
            notices.tell(context, "case_withdrawn", recipient, "withdrawn")
    answer_payer(context, outcome)
    cases.close(context.session, context.case, outcome, actor, context.now)
    cancel_moot(context.session, context.case, context.now)


def _release_experts(context: CaseContext, actor: str) -> None:
    for assignment in panel_of(context).owed:
        end(context, assignment, AssignmentStatus.CANCELLED, "the case was closed", actor)
        recipient = f"expert:{expert_of(context, assignment).code}"
        notices.tell(context, "offer_withdrawn", recipient, str(assignment.id), role=assignment.role)
