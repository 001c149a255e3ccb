"""The panel of a case: its seats, who holds them, and offering an empty one to the best expert who may take it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlmodel import col, func, select

from models import Assignment, Candidate, Expert
from models.status import ASSIGNMENT_TRANSITIONS, LIVE_ASSIGNMENT, OPEN_ASSIGNMENT, AssignmentStatus
from pathways.deadlines import Wait
from pathways.experts import Considered
from pathways.panel import Seat, panel
from pathways.seating import seat_panel
from secunda import events, notices
from secunda.case_context import CaseContext, as_json
from secunda.errors import ConflictError
from secunda.matching_request import match_requests, profiles
from secunda.readable import can_read_blind
from secunda.vacancies import tell_of_vacancy

# Two cases that search at once would both see an expert's last free hour. The second waits until the first has offered.
ONE_SEARCH_AT_A_TIME = text("select pg_advisory_xact_lock(hashtext('secunda.search'))")


@dataclass(frozen=True)
class Panel:
    """Every seat with its live assignment, or without one."""

    seats: tuple[Seat, ...]
    held: dict[tuple[str, int], Assignment]

    @property
    def empty(self) -> list[Seat]:
        return [seat for seat in self.seats if (seat.role, seat.seat) not in self.held]

    @property
    def assignments(self) -> list[Assignment]:
        """In the order of the pathway's roles."""
        return [self.held[(seat.role, seat.seat)] for seat in self.seats if (seat.role, seat.seat) in self.held]

    @property
    def owed(self) -> list[Assignment]:
        """Those whose expert still owes an answer or an opinion."""
        return [assignment for assignment in self.assignments if assignment.status in OPEN_ASSIGNMENT]


def panel_of(context: CaseContext) -> Panel:
    """The panel as it stands. Who holds a place keeps it, also when a paper that came later calls for another role."""
    live = [assignment for assignment in context.assignments if assignment.status in LIVE_ASSIGNMENT]
    held = {(assignment.role, assignment.seat): assignment for assignment in live}
    kept = sorted({role for role, _ in held})
    seats = panel(context.pathway, context.facts, (*context.case.extra_roles, *kept))
    return Panel(tuple(seats), held)


def fill_empty_seats(context: CaseContext) -> None:
    """Search for the empty seats together, remember every candidate with score or reason, and offer what can be.

    Where nobody may take a seat, the coordinator is told, once as long as it stays empty.
    """
    empty = panel_of(context).empty
    if not empty:
        return
    context.session.execute(ONE_SEARCH_AT_A_TIME)
    directory = list(context.session.exec(select(Expert).order_by(col(Expert.code))))
    seating = seat_panel(match_requests(context, empty, directory), profiles(context.session, directory, empty))
    experts = {expert.code: expert for expert in directory}
    chosen = {(place.role, place.seat): place.expert for place in seating.places if place.expert}
    vacant = {(seat.role, seat.seat) for seat in empty} - chosen.keys()
    news = {role for role, seat in sorted(vacant) if tell_of_vacancy(context, role, seat)} | {
        role for role, _ in chosen
    }
    rounds = {role: _remember(context, role, seating.considered[role], experts, chosen) for role in sorted(news)}
    for seat in empty:
        if (seat.role, seat.seat) in chosen:
            _offer_to(context, seat, rounds[seat.role], experts[chosen[(seat.role, seat.seat)]])


def _remember(
    context: CaseContext,
    role: str,
    considered: Sequence[Considered],
    experts: dict[str, Expert],
    chosen: dict[tuple[str, int], str],
) -> int:
    """Keep everyone who was considered, in a new round of this role; returns its number."""
    query = select(func.max(Candidate.round)).where(Candidate.case_id == context.case.id, Candidate.role == role)
    number = (context.session.exec(query).one() or 0) + 1
    taken = {code for (of_role, _), code in chosen.items() if of_role == role}
    context.session.add_all(
        Candidate(
            case_id=context.case.id,
            role=role,
            round=number,
            expert_id=experts[candidate.expert].id,
            score=candidate.score,
            score_parts=candidate.parts,
            exclusions=[as_json(exclusion) for exclusion in candidate.exclusions],
            chosen=candidate.expert in taken,
            considered_at=context.now,
        )
        for candidate in considered
    )
    return number


def _offer_to(context: CaseContext, seat: Seat, round_number: int, expert: Expert) -> Assignment:
    assignment = Assignment(
        case_id=context.case.id,
        role=seat.role,
        seat=seat.seat,
        round=round_number,
        expert_id=expert.id,
        blind_first=seat.blind_first and can_read_blind(context, seat.role),
        offered_at=context.now,
        accept_by=context.due(Wait.ACCEPTANCE, context.now),
    )
    context.session.add(assignment)
    context.assignments.append(assignment)
    events.record(
        context.session,
        context.case,
        "expert_offered",
        "secunda",
        context.now,
        role=seat.role,
        seat=seat.seat,
        expert=expert.code,
        accept_by=assignment.accept_by,
    )
    notices.tell(
        context,
        "offer",
        f"expert:{expert.code}",
        str(assignment.id),
        assignment=str(assignment.id),
        role=seat.role,
        due_at=assignment.accept_by,
    )
    return assignment


@dataclass(frozen=True)
class Window:
    """What an expert owes next: an answer or an opinion, since when and until when."""

    wait: Wait
    since: datetime
    due_at: datetime


def window(assignment: Assignment) -> Window:
    """The open window of an assignment that is owed something."""
    if assignment.accepted_at is None or assignment.opinion_due_at is None:
        return Window(Wait.ACCEPTANCE, assignment.offered_at, assignment.accept_by)
    return Window(Wait.OPINION, assignment.reopened_at or assignment.accepted_at, assignment.opinion_due_at)


def change(assignment: Assignment, to: AssignmentStatus) -> None:
    """Move an assignment along its table; raises ConflictError for a transition that it does not have."""
    if to not in ASSIGNMENT_TRANSITIONS[assignment.status]:
        raise ConflictError(
            f"The assignment cannot go from {assignment.status.value} to {to.value}.",
            "`secunda case show` lists the panel as it stands.",
        )
    assignment.status = to


def expert_of(context: CaseContext, assignment: Assignment) -> Expert:
    return context.session.get_one(Expert, assignment.expert_id)


def end(context: CaseContext, assignment: Assignment, to: AssignmentStatus, reason: str, actor: str) -> None:
    """Reject or cancel an assignment; its seat is empty then."""
    change(assignment, to)
    assignment.ended_at, assignment.end_reason = context.now, reason
    context.session.add(assignment)
    context.session.flush()  # the seat must be free before it is offered again
    events.record(
        context.session,
        context.case,
        "assignment_ended",
        actor,
        context.now,
        role=assignment.role,
        seat=assignment.seat,
        expert=expert_of(context, assignment).code,
        status=to,
        reason=reason,
    )
