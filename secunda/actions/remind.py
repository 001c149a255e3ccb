"""Reminding now whomever the case waits for, because a coordinator says so; the ladder goes on as before."""

from collections.abc import Iterator
from typing import Any

from models import Assignment
from models.status import CaseStatus
from pathways.deadlines import Wait
from secunda import events, notices
from secunda.actions.on_case import acting_on
from secunda.case_context import CaseContext
from secunda.checklist import holds_up, open_requirements, update_checklist
from secunda.errors import ConflictError
from secunda.panel import expert_of, panel_of, window

#: What is said to an expert who owes this.
TO_EXPERTS = {Wait.ACCEPTANCE: "offer_reminder", Wait.OPINION: "opinion_reminder"}


def remind(reference: str, actor: str) -> list[str]:
    """Send a reminder to everybody whom the case waits for; returns them as messages name them.

    Once a minute and person at the most: a second click is the same reminder. Raises ConflictError when nobody is
    waited for who could be reminded.
    """
    with acting_on(reference) as context:
        told = list(_remind(context))
        reminded = sorted({recipient for recipient, _ in told})
        if not reminded:
            raise ConflictError(f"Case {context.case.reference} waits for nobody who could be reminded.")
        if any(is_new for _, is_new in told):
            events.record(context.session, context.case, "reminded", actor, context.now, recipients=reminded)
        return reminded


def _remind(context: CaseContext) -> Iterator[tuple[str, bool]]:
    """Who is reminded, and whether this is said for the first time."""
    case, occasion = context.case, f"now:{context.now:%Y-%m-%dT%H:%M}"
    if case.status is CaseStatus.AWAITING_CONSENT:
        due_at = context.due(Wait.CONSENT, case.launched_at)
        yield notices.PATIENT, notices.tell(context, "consent_reminder", notices.PATIENT, occasion, due_at=due_at)
    elif case.status is CaseStatus.AWAITING_DOCUMENTS:
        due_at = context.due(Wait.DOCUMENTS, case.documents_asked_at or case.launched_at)
        asked = update_checklist(context)
        missing = [item for item in open_requirements(context) if holds_up(item)]
        for holder in sorted({notices.HOLDERS[asked[item.key].held_by] for item in missing}):
            yield holder, notices.tell(context, "documents_reminder", holder, occasion, due_at=due_at)
    else:
        for assignment in panel_of(context).owed:
            yield _remind_expert(context, assignment, occasion)


def _remind_expert(context: CaseContext, assignment: Assignment, occasion: str) -> tuple[str, bool]:
    open_ = window(assignment)
    recipient = f"expert:{expert_of(context, assignment).code}"
    said: dict[str, Any] = {"assignment": str(assignment.id), "role": assignment.role, "due_at": open_.due_at}
    return recipient, notices.tell(context, TO_EXPERTS[open_.wait], recipient, f"{assignment.id}:{occasion}", **said)
