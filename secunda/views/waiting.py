"""Whether a case waits for somebody, or Secunda still works on it."""

from models.status import CASE_BADGES, CASE_OWNERS, CaseStatus, Outcome, Owner
from pathways.vocabulary import Frozen
from secunda.views.reading import Reader, case_id


class WaitingView(Frozen):
    """`is_at_work`: something happened that the case has not taken up yet, or it is being executed, or Secunda itself
    must act next.
    """

    case: str
    status: CaseStatus
    stage: str
    outcome: Outcome | None
    must_act: Owner
    is_at_work: bool


QUERY = b"""
    select reference, status, outcome,
           wake_requested_at is not null or coalesce(lease_until > clock_timestamp(), false) as is_busy
      from care_case
     where id = %(id)s
"""


def waiting(reader: Reader, reference: str) -> WaitingView:
    """Raises NotFoundError."""
    (found,) = reader.execute(QUERY, {"id": case_id(reader, reference)}).fetchall()
    status = CaseStatus(found["status"])
    return WaitingView(
        case=found["reference"],
        status=status,
        stage=CASE_BADGES[status],
        outcome=found["outcome"],
        must_act=CASE_OWNERS[status],
        is_at_work=found["is_busy"] or CASE_OWNERS[status] is Owner.SECUNDA,
    )
