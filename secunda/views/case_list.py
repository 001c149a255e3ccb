"""The list of cases: where each stands, who must act, and when its report is due."""

from dataclasses import dataclass
from datetime import datetime

from models.status import CASE_BADGES, CASE_OWNERS, CaseStatus, Outcome, Owner
from pathways.vocabulary import Frozen, Specialty, Urgency
from secunda.views.reading import Reader, rows


class CaseLine(Frozen):
    """One case. `urgency` is the expected class before triage; `is_late`: open, and its report was due before now."""

    reference: str
    specialty: Specialty
    urgency: Urgency | None
    status: CaseStatus
    stage: str
    must_act: Owner
    outcome: Outcome | None
    payer: str
    launched_at: datetime
    next_deadline_at: datetime | None
    report_due_at: datetime | None
    is_late: bool


@dataclass(frozen=True)
class CaseFilter:
    """Which cases; a field that is None does not restrict."""

    closed_too: bool = False
    specialty: Specialty | None = None
    status: CaseStatus | None = None
    must_act: Owner | None = None
    payer: str | None = None
    late_only: bool = False
    limit: int = 100


QUERY = """
    select reference, specialty, urgency, status, outcome, payer, launched_at, next_deadline_at, report_due_at,
           status <> 'closed' and report_due_at < %(now)s is true as is_late
      from care_case
     where status = any(%(statuses)s)
       and specialty = coalesce(%(specialty)s, specialty)
       and payer = coalesce(%(payer)s, payer)
       and (not %(late_only)s or status <> 'closed' and report_due_at < %(now)s)
     order by status = 'closed', urgency, report_due_at, launched_at desc
     limit %(limit)s
"""


def case_list(reader: Reader, wanted: CaseFilter, now: datetime) -> list[CaseLine]:
    """The open cases first, the most urgent and the soonest due at the top."""
    values = {
        "now": now,
        "statuses": [status.value for status in _statuses(wanted)],
        "specialty": wanted.specialty,
        "payer": wanted.payer,
        "late_only": wanted.late_only,
        "limit": wanted.limit,
    }
    return [_line(row) for row in rows(reader, QUERY, values)]


def _statuses(wanted: CaseFilter) -> list[CaseStatus]:
    if wanted.status is not None:
        return [wanted.status]
    return [
        status
        for status, owner in CASE_OWNERS.items()
        if (wanted.closed_too or status is not CaseStatus.CLOSED) and wanted.must_act in (None, owner)
    ]


def _line(row: dict[str, object]) -> CaseLine:
    status = CaseStatus(str(row["status"]))
    return CaseLine.model_validate(row | {"stage": CASE_BADGES[status], "must_act": CASE_OWNERS[status]})
