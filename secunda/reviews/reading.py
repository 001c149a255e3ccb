"""Every read of patient data is an event of the case, with who read what."""

from typing import Any

from sqlmodel import Session

from models import Case
from secunda import clock, events


def record_read(session: Session, case: Case, actor: str, what: str, **more: Any) -> None:
    """`what`: review, report, opinion, document, or the FHIR type that was read; `more`: which one, in which visit.

    The case is held locked.
    """
    events.record(session, case, "read", actor, clock.now(), what=what, **more)
