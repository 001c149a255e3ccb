"""Asking an expert to correct a signed opinion. What was signed stays; the correction is a version of its own."""

from uuid import UUID

from models import Assignment, Opinion
from models.status import AssignmentStatus, CaseStatus, Step
from pathways.deadlines import Wait
from pathways.opinion import OpinionContent
from secunda import cases, clock, events, notices
from secunda.actions.assignment import offered, reference_of
from secunda.actions.on_case import acting_on
from secunda.actions.opinion import blocking, draft_from
from secunda.actions.reasons import owed
from secunda.case_context import CaseContext
from secunda.errors import ConflictError
from secunda.events import digest
from secunda.panel import change, expert_of

RESTS_ON_OPINIONS = (Step.ASSIGN, Step.COLLECT, Step.ADJUDICATE)
POSSIBLE = (
    CaseStatus.AWAITING_PANEL,
    CaseStatus.AWAITING_ACCEPTANCE,
    CaseStatus.AWAITING_OPINIONS,
    CaseStatus.AWAITING_ADJUDICATION,
    CaseStatus.AWAITING_CORRECTION,
)


def ask_for_correction(assignment_id: UUID, actor: str, reason: str) -> int:
    """Give a signed opinion back to its expert as a draft, with a new deadline; returns the draft's version.

    The panel is adjudicated again afterwards. Raises ConflictError when the opinion is not signed, or when the report
    has been printed already.
    """
    with acting_on(reference_of(assignment_id)) as context:
        version = give_back(context, assignment_id, actor, owed(reason))
        cases.request_wake(context.session, context.case, clock.wall())
        return version


def give_back(context: CaseContext, assignment_id: UUID, actor: str, why: str) -> int:
    """The same inside a transaction that the caller holds; the caller wakes the case."""
    assignment = offered(context, assignment_id)
    _check_can_be_corrected(context, assignment)
    change(assignment, AssignmentStatus.IN_PROGRESS)
    assignment.reopened_at, assignment.completed_at = context.now, None
    assignment.opinion_due_at = context.due(Wait.OPINION, context.now)
    context.session.add(assignment)
    draft = draft_from(context, assignment)
    cases.reopen_steps(context.session, context.case, RESTS_ON_OPINIONS, actor, context.now)
    points = blocking(context, assignment, OpinionContent.model_validate(draft.content))
    _record(context, assignment, draft, actor, why)
    occasion = f"{assignment.id}:{draft.version}"
    recipient, seat = f"expert:{expert_of(context, assignment).code}", str(assignment.id)
    count = max(len(points), 1)
    notices.tell(context, "correction_requested", recipient, occasion, assignment=seat, count=count)
    return draft.version


def _check_can_be_corrected(context: CaseContext, assignment: Assignment) -> None:
    if assignment.status is not AssignmentStatus.COMPLETED:
        raise ConflictError(
            f"The assignment is {assignment.status.value}; there is no signed opinion to correct.",
            "An opinion that is not signed is changed by its expert: `secunda opinion submit`.",
        )
    if context.case.status not in POSSIBLE:
        raise ConflictError(
            f"Case {context.case.reference} is {context.case.status.value}; its opinions cannot be corrected now.",
            "Resume a case on hold first; after the report, `secunda report amend` makes a new version.",
        )


def _record(context: CaseContext, assignment: Assignment, draft: Opinion, actor: str, reason: str) -> None:
    events.record(
        context.session,
        context.case,
        "correction_requested",
        actor,
        context.now,
        role=assignment.role,
        seat=assignment.seat,
        expert=expert_of(context, assignment).code,
        version=draft.version,
        content_sha256=digest(draft.content),
        reason=reason,
        opinion_due_at=assignment.opinion_due_at,
    )
