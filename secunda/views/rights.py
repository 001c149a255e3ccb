"""What patients ask for by law: each request, until when it is owed, and what was answered."""

from datetime import datetime

from pathways.vocabulary import Frozen
from secunda.views.reading import Reader, case_id, rows


class RightLine(Frozen):
    """One request. Times are pathway time; `answer` is empty while it is owed."""

    case: str
    right: str
    asked_at: datetime
    due_at: datetime
    extension: str
    answered_at: datetime | None
    answer: str
    reason: str
    is_late: bool


QUERY = """
    select reference as case, "right", asked_at, due_at, extension, answered_at, coalesce(answer, '') as answer, reason,
           answered_at is null and due_at < %(now)s as is_late
      from rights_request join care_case on care_case.id = rights_request.case_id
     where rights_request.case_id = coalesce(%(case)s, rights_request.case_id)
       and (%(answered_too)s or answered_at is null)
     order by answered_at is not null, due_at, reference
     limit %(limit)s
"""


def rights_list(
    reader: Reader, now: datetime, *, reference: str | None = None, answered_too: bool = False, limit: int = 100
) -> list[RightLine]:
    """Those that are owed, the first due first, then those that were answered; raises NotFoundError."""
    case = case_id(reader, reference) if reference else None
    values = {"case": case, "answered_too": answered_too, "now": now, "limit": limit}
    return [RightLine.model_validate(row) for row in rows(reader, QUERY, values)]
