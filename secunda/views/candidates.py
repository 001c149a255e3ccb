"""Who was considered for the seats of a case: each one's score with its parts, or every reason against."""

from pathways.experts import Exclusion
from pathways.vocabulary import Frozen
from secunda.views.reading import Reader, case_id, rows


class CandidateLine(Frozen):
    """One expert considered for one role, in the search (`round`, from 1) that it belongs to.

    `score` is out of 100 and the sum of `score_parts`; an excluded expert has none.
    """

    role: str
    round: int
    expert: str
    name: str
    chosen: bool
    score: float | None
    score_parts: dict[str, float]
    exclusions: tuple[Exclusion, ...]


QUERY = """
    select role, round, expert.code as expert, expert.name, chosen, score, score_parts, exclusions
      from candidate join expert on expert.id = candidate.expert_id
     where case_id = %(case)s
       and role = coalesce(%(role)s, role)
       and (%(all_rounds)s or round = (select max(round) from candidate as other
                                        where other.case_id = candidate.case_id and other.role = candidate.role))
     order by role, round desc, chosen desc, score desc nulls last, expert.code
"""


def candidates(
    reader: Reader, reference: str, *, role: str | None = None, all_rounds: bool = False
) -> list[CandidateLine]:
    """Of the newest search for each role, or of all; the chosen first. Raises NotFoundError for an unknown case."""
    values = {"case": case_id(reader, reference), "role": role, "all_rounds": all_rounds}
    return [CandidateLine.model_validate(row) for row in rows(reader, QUERY, values)]
