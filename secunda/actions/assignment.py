"""How an expert answers an offer."""

from uuid import UUID

from models import Assignment, Case
from models.status import AssignmentStatus
from pathways.deadlines import Wait
from secunda import cases, clock, events, notices
from secunda.actions.on_case import acting_on
from secunda.actions.reasons import owed
from secunda.case_context import CaseContext
from secunda.db import transaction
from secunda.errors import BadInputError, ConflictError, NotFoundError
from secunda.panel import change, end, expert_of


def accept(assignment_id: UUID, actor: str, *, no_conflict_attested: bool) -> None:
    """Take the seat. The attestation that there is no conflict of interest is owed; accepting twice is harmless."""
    if not no_conflict_attested:
        raise BadInputError(
            "The absence of a conflict of interest was not attested.",
            "Attest it (`--attest-no-conflict`), or decline with the conflict as the reason.",
        )
    with acting_on(reference_of(assignment_id)) as context:
        assignment = offered(context, assignment_id)
        if assignment.status in (AssignmentStatus.ACCEPTED, AssignmentStatus.IN_PROGRESS):
            return
        change(assignment, AssignmentStatus.ACCEPTED)
        assignment.accepted_at, assignment.no_conflict_attested = context.now, True
        assignment.opinion_due_at = context.due(Wait.OPINION, context.now)
        context.session.add(assignment)
        _record_acceptance(context, assignment, actor)


def _record_acceptance(context: CaseContext, assignment: Assignment, actor: str) -> None:
    code = expert_of(context, assignment).code
    events.record(
        context.session,
        context.case,
        "offer_accepted",
        actor,
        context.now,
        role=assignment.role,
        seat=assignment.seat,
        expert=code,
        no_conflict_attested=True,
        opinion_due_at=assignment.opinion_due_at,
    )
    notices.tell(
        context,
        "opinion_requested",
        f"expert:{code}",
        str(assignment.id),
        assignment=str(assignment.id),
        role=assignment.role,
        due_at=assignment.opinion_due_at,
    )


def decline(assignment_id: UUID, actor: str, reason: str) -> None:
    """Give the seat back; a reason is owed. It is offered to the next expert."""
    with acting_on(reference_of(assignment_id)) as context:
        assignment = offered(context, assignment_id)
        if assignment.status is not AssignmentStatus.REQUESTED:
            raise ConflictError(
                f"The offer was {assignment.status.value} already.", "Ask the coordinator to reassign the seat."
            )
        end(context, assignment, AssignmentStatus.REJECTED, owed(reason), actor)
        cases.request_wake(context.session, context.case, clock.wall())  # also while another place is empty


def hand_back(assignment_id: UUID, actor: str, reason: str) -> None:
    """The expert gives an accepted seat back; a reason is owed. The next one is asked, and the coordinator hears."""
    with acting_on(reference_of(assignment_id)) as context:
        assignment = offered(context, assignment_id)
        if assignment.status not in (AssignmentStatus.ACCEPTED, AssignmentStatus.IN_PROGRESS) or assignment.reopened_at:
            raise ConflictError(
                "This place cannot be given back here.", "Please tell the coordinator who wrote to you."
            )
        end(context, assignment, AssignmentStatus.CANCELLED, owed(reason), actor)
        notices.tell(context, "expert_replaced", notices.COORDINATOR, str(assignment.id), role=assignment.role)
        cases.request_wake(context.session, context.case, clock.wall())


def replace(assignment_id: UUID, actor: str, reason: str) -> None:
    """The coordinator takes the seat away from an expert; it is offered to the next one."""
    with acting_on(reference_of(assignment_id)) as context:
        assignment = offered(context, assignment_id)
        end(context, assignment, AssignmentStatus.CANCELLED, owed(reason), actor)
        recipient = f"expert:{expert_of(context, assignment).code}"
        notices.tell(context, "offer_withdrawn", recipient, str(assignment.id), role=assignment.role)
        cases.request_wake(context.session, context.case, clock.wall())


def reference_of(assignment_id: UUID) -> str:
    """The case that an assignment belongs to; raises NotFoundError."""
    with transaction() as session:
        assignment = session.get(Assignment, assignment_id)
        if assignment is None:
            raise NotFoundError(f"There is no assignment {assignment_id}.", "`secunda case show` lists the panel.")
        return session.get_one(Case, assignment.case_id).reference


def offered(context: CaseContext, assignment_id: UUID) -> Assignment:
    """The assignment, read under the case's lock; raises ConflictError when the seat is not the expert's any more."""
    assignment = context.session.get_one(Assignment, assignment_id, populate_existing=True)
    if assignment.status in (AssignmentStatus.REJECTED, AssignmentStatus.CANCELLED):
        raise ConflictError(
            f"The assignment was {assignment.status.value}: {assignment.end_reason}.", "The seat is not yours any more."
        )
    return assignment
