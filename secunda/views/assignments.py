"""The assignments of experts, and finding the one that a person means."""

from datetime import datetime
from uuid import UUID

from models.status import LIVE_ASSIGNMENT, AssignmentStatus
from pathways.vocabulary import Frozen
from secunda.errors import BadInputError, NotFoundError
from secunda.views.reading import Reader, case_id, rows

LIVE = [status.value for status in LIVE_ASSIGNMENT]


class AssignmentLine(Frozen):
    """One expert's place. `name` is how people write it (`SO-XXXX-XXXX/radiologist`); `due_at` is the next thing owed.

    `end_reason`: why it was declined or taken back.
    """

    id: UUID
    case: str
    role: str
    seat: int
    expert: str
    expert_name: str
    status: AssignmentStatus
    blind_first: bool
    offered_at: datetime
    due_at: datetime | None
    end_reason: str

    @property
    def name(self) -> str:
        return f"{self.case}/{self.role}" + (f"/{self.seat}" if self.seat > 1 else "")

    @property
    def is_live(self) -> bool:
        return self.status in LIVE_ASSIGNMENT


QUERY = """
    select assignment.id, reference as case, role, seat, expert.code as expert, expert.name as expert_name,
           assignment.status, blind_first, offered_at, end_reason,
           case assignment.status when 'requested' then accept_by
                                  when 'accepted' then opinion_due_at
                                  when 'in-progress' then opinion_due_at end as due_at
      from assignment
      join care_case on care_case.id = assignment.case_id
      join expert on expert.id = assignment.expert_id
     where assignment.case_id = coalesce(%(case)s, assignment.case_id)
       and expert.code = coalesce(%(expert)s, expert.code)
       and (%(ended_too)s or assignment.status = any(%(live)s))
     order by due_at, reference, role, seat, offered_at
     limit %(limit)s
"""


def assignment_list(
    reader: Reader,
    *,
    reference: str | None = None,
    expert: str | None = None,
    ended_too: bool = False,
    limit: int = 100,
) -> list[AssignmentLine]:
    """The soonest due first; raises NotFoundError for an unknown case."""
    case = case_id(reader, reference) if reference else None
    values = {"case": case, "expert": expert, "ended_too": ended_too, "live": LIVE, "limit": limit}
    return [AssignmentLine.model_validate(row) for row in rows(reader, QUERY, values)]


def find(reader: Reader, written: str) -> UUID:
    """The assignment that a person writes as its id, `CASE/role`, `CASE/role/seat` or `CASE/expert-code`.

    Of an expert who had the seat before, only the id or the expert's code still finds the assignment. Raises
    BadInputError for another form, NotFoundError where nobody on the panel is meant.
    """
    reference, *rest = [part.strip() for part in written.split("/")]
    if not rest:
        return _by_id(written)
    known = assignment_list(reader, reference=reference, ended_too=True)
    seat = int(rest[1]) if len(rest) > 1 and rest[1].isdecimal() else 1
    in_seat = (line for line in known if line.is_live and (line.role, line.seat) == (rest[0], seat))
    of_expert = (line for line in reversed(known) if line.expert == rest[0])
    for line in (*in_seat, *sorted(of_expert, key=lambda line: not line.is_live)):
        return line.id
    raise NotFoundError(f"Nobody called {'/'.join(rest)!r} is on the panel of {reference.upper()}.", _panel(known))


def _by_id(written: str) -> UUID:
    try:
        return UUID(written)
    except ValueError:
        raise BadInputError(
            f"{written!r} names no assignment.",
            "Write CASE/role, CASE/expert-code or the id; `secunda assignment list` shows them.",
            place="ASSIGNMENT",
        ) from None


def _panel(known: list[AssignmentLine]) -> str:
    live = ", ".join(f"{line.role} ({line.expert})" for line in known if line.is_live)
    return f"Its panel: {live}." if live else "Its panel has not been assembled; `secunda case show` tells the stage."
