"""What matching is asked: a role of this case, and the directory with everybody's load and history."""

from collections.abc import Iterable, Sequence
from typing import Final
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session

from models import Expert
from models.assignment import ENDED_LATE, OWED
from models.status import AssignmentStatus
from pathways.deadlines import Wait
from pathways.experts import ExpertProfile, MatchRequest
from pathways.panel import Seat
from pathways.vocabulary import Language
from secunda.case_context import CaseContext


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


def profiles(session: Session, directory: Sequence[Expert], seats: Iterable[Seat]) -> list[ExpertProfile]:
    """The directory as matching sees it for these seats. Only those who can be scored have their history looked up."""
    asked = {one for seat in seats for one in seat.subspecialties}
    able = [expert.id for expert in directory if asked.intersection(expert.subspecialties)]
    records = _records(session, able)
    return [profile(expert, *records.get(expert.id, (0, None))) for expert in directory]


def profile(expert: Expert, load: int, on_time: float | None) -> ExpertProfile:
    return ExpertProfile.model_validate(
        expert.model_dump(exclude={"id", "email", "phone"}) | {"load": load, "on_time": on_time}
    )


#: Each part has its index: places that are owed something, places of an expert by state, replacements for being late.
RECORDS: Final = text(f"""
    with owed as (select expert_id, count(*) as places from assignment where {OWED} group by expert_id),
         counted as (select expert_id, count(*) as places from assignment
                      where expert_id = any(:able) and status <> 'rejected' group by expert_id),
         late as (select expert_id, count(*) as places from assignment
                   where expert_id = any(:able) and {ENDED_LATE} and status <> 'rejected' group by expert_id)
    select expert_id, coalesce(owed.places, 0), 1 - coalesce(late.places, 0)::float / counted.places
      from owed full join counted using (expert_id) left join late using (expert_id)
""")  # noqa: S608 - made of constants


def _records(session: Session, able: Sequence[UUID]) -> dict[UUID, tuple[int, float | None]]:
    """How many places an expert has open; of those in `able`, the share of places that did not end by being late."""
    return {row[0]: (row[1], row[2]) for row in session.execute(RECORDS, {"able": list(able)})}
