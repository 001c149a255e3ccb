"""What matching is asked: a role of this case, and the directory with everybody's load and history."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import Session, col, func, select

from models import Assignment, Expert
from models.status import LIVE_ASSIGNMENT, OPEN_ASSIGNMENT, AssignmentStatus
from pathways.deadlines import Wait
from pathways.experts import ExpertProfile, MatchRequest
from pathways.panel import Seat
from pathways.vocabulary import Language
from secunda.case_context import CaseContext

LATE = "late:%"  # how the reason of a replacement begins


def match_requests(context: CaseContext, seats: list[Seat], directory: Sequence[Expert]) -> list[MatchRequest]:
    """One request a role, with its open seats."""
    by_role: dict[str, list[Seat]] = {}
    for seat in seats:
        by_role.setdefault(seat.role, []).append(seat)
    codes = _codes_on_case(context, directory)
    return [_request(context, role_seats, codes) for role_seats in by_role.values()]


def _request(context: CaseContext, seats: list[Seat], codes: dict[str, frozenset[str]]) -> MatchRequest:
    case_, rules = context.case, context.overlay.reviewer
    accept_by = context.due(Wait.ACCEPTANCE, context.now)
    return MatchRequest(
        case_reference=case_.reference,
        role=seats[0].role,
        seats=tuple(seat.seat for seat in seats),
        subspecialties=tuple(seats[0].subspecialties),
        language=Language(case_.language),
        country=context.overlay.country,
        licensed_in=rules.licensed_in,
        first_institution=case_.first_institution,
        operating_site=case_.operating_site,
        treated_by=tuple(case_.treating_practitioners),
        parties=tuple(party for party in (case_.payer, case_.requester) if party),
        works_from=context.now.date(),
        works_until=context.due(Wait.OPINION, accept_by).date(),
        minimum_years=rules.minimum_full_time_years,
        **codes,
    )


def _codes_on_case(context: CaseContext, directory: Sequence[Expert]) -> dict[str, frozenset[str]]:
    code_of = {expert.id: expert.code for expert in directory}
    found: dict[str, set[str]] = {"on_panel": set(), "declined": set(), "replaced": set()}
    kinds = {AssignmentStatus.REJECTED: "declined", AssignmentStatus.CANCELLED: "replaced"}
    for assignment in context.assignments:
        found[kinds.get(assignment.status, "on_panel")].add(code_of[assignment.expert_id])
    return {kind: frozenset(codes) for kind, codes in found.items()}


def profiles(session: Session, directory: Sequence[Expert]) -> list[ExpertProfile]:
    """The directory as matching sees it."""
    records = _records(session)
    return [profile(expert, *records.get(expert.id, (0, None))) for expert in directory]


def profile(expert: Expert, load: int, on_time: float | None) -> ExpertProfile:
    return ExpertProfile.model_validate(
        expert.model_dump(exclude={"id", "email", "phone"}) | {"load": load, "on_time": on_time}
    )


def _records(session: Session) -> dict[UUID, tuple[int, float | None]]:
    """Of each expert who was ever offered a place: how many are open, and the share that did not end by being late."""
    open_, late = col(Assignment.status).in_(OPEN_ASSIGNMENT), col(Assignment.end_reason).like(LATE)
    counted = col(Assignment.status).in_((*LIVE_ASSIGNMENT, AssignmentStatus.CANCELLED))
    query = select(
        Assignment.expert_id,
        func.count().filter(open_),
        func.count().filter(counted),
        func.count().filter(counted, late),
    )
    return {
        row[0]: (row[1], 1 - row[3] / row[2] if row[2] else None)
        for row in session.exec(query.group_by(col(Assignment.expert_id)))
    }
