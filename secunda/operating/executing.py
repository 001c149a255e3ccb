"""Which cases are executed at this moment, found without reading every case."""

from typing import Final

from sqlalchemy import text
from sqlmodel import Session

from models.status import CaseStatus
from pathways.vocabulary import Frozen, Specialty

#: The planner knows nothing of how leases lie in the table, and would rather read all of it than ask their index.
WITH_INDEX: Final = text("select set_config('enable_seqscan', 'off', true)")
AS_BEFORE: Final = text("select set_config('enable_seqscan', 'on', true)")
LEASED: Final = text("""
    select lease_holder as holder, reference, status as stage, specialty
      from care_case where lease_until >= statement_timestamp() order by reference
""")  # `clock_timestamp()`, which leases are taken by, would use no index


class Executing(Frozen):
    """One case, and whose lease it is under."""

    holder: str
    reference: str
    stage: CaseStatus
    specialty: Specialty


def executing(session: Session) -> list[Executing]:
    """By reference."""
    session.execute(WITH_INDEX)
    found = session.execute(LEASED).mappings().all()
    session.execute(AS_BEFORE)
    return [Executing.model_validate(dict(row)) for row in found]
