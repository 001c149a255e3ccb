"""The panel of a case: every seat, who holds it, what they owe next, and who held it before."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from models import Assignment, Case, Expert, Opinion
from models.status import LIVE_ASSIGNMENT, AssignmentStatus, OpinionStatus, Step
from pathways.vocabulary import Frozen, Text
from secunda.case_context import CaseContext
from secunda.panel import panel_of


class SeatHolder(Frozen):
    """One expert in a seat, now or before. `opinion`: the state of the newest version of what they wrote."""

    assignment: UUID
    expert: str
    name: str
    institution: str
    status: AssignmentStatus
    offered_at: datetime
    accept_by: datetime
    opinion_due_at: datetime | None
    completed_at: datetime | None
    opinion: OpinionStatus | None
    first_opinion_shown: bool
    end_reason: str


class SeatView(Frozen):
    """One seat. `name` is how people write its assignment: `SO-XXXX-XXXX/radiologist`."""

    name: str
    role: str
    seat: int
    title: Text
    blind_first: bool
    is_chair: bool
    holder: SeatHolder | None
    former: tuple[SeatHolder, ...]


def panel_view(context: CaseContext) -> tuple[SeatView, ...]:
    """The seats in the pathway's order; none before triage, since the facts may still change them."""
    if not context.case.has_finished(Step.TRIAGE):
        return ()
    definition = context.pathway.panel
    roles = {role.key: role for role in (*definition.roles, *filter(None, (definition.extra_reader,)))}
    holders = _holders(context)
    return tuple(
        SeatView(
            name=f"{context.case.reference}/{seat.role}" + (f"/{seat.seat}" if seat.seat > 1 else ""),
            role=seat.role,
            seat=seat.seat,
            title=roles[seat.role].title,
            blind_first=seat.blind_first,
            is_chair=seat.role == definition.chair,
            holder=next(
                (one for one in holders.get((seat.role, seat.seat), ()) if one.status in LIVE_ASSIGNMENT), None
            ),
            former=tuple(one for one in holders.get((seat.role, seat.seat), ()) if one.status not in LIVE_ASSIGNMENT),
        )
        for seat in panel_of(context).seats
    )


def _holders(context: CaseContext) -> dict[tuple[str, int], list[SeatHolder]]:
    query = (
        select(Assignment, Expert)
        .join(Expert, col(Expert.id) == Assignment.expert_id)
        .where(Assignment.case_id == context.case.id)
        .order_by(col(Assignment.offered_at))
    )
    opinions = _newest_opinions(context)
    found: dict[tuple[str, int], list[SeatHolder]] = {}
    for assignment, expert in context.session.exec(query):
        holder = _holder(assignment, expert, opinions.get(assignment.id))
        found.setdefault((assignment.role, assignment.seat), []).append(holder)
    return found


def _newest_opinions(context: CaseContext) -> dict[UUID, OpinionStatus]:
    query = select(Opinion).where(Opinion.case_id == context.case.id).order_by(col(Opinion.version))
    return {opinion.assignment_id: opinion.status for opinion in context.session.exec(query)}


def _holder(assignment: Assignment, expert: Expert, opinion: OpinionStatus | None) -> SeatHolder:
    return SeatHolder(
        assignment=assignment.id,
        expert=expert.code,
        name=expert.name,
        institution=expert.institution,
        status=assignment.status,
        offered_at=assignment.offered_at,
        accept_by=assignment.accept_by,
        opinion_due_at=assignment.opinion_due_at,
        completed_at=assignment.completed_at,
        opinion=opinion,
        first_opinion_shown=not assignment.blind_first or assignment.unblinded_at is not None,
        end_reason=assignment.end_reason,
    )


def seats_of(session: Session, case: Case) -> set[UUID]:
    """Every assignment that the case has or had."""
    return set(session.exec(select(Assignment.id).where(Assignment.case_id == case.id)))
