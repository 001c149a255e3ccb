"""Every read of patient data is an event of the case, with who read what."""

from sqlmodel import Session

from models import Case
from secunda import clock, events


def record_read(session: Session, case: Case, actor: str, what: str) -> None:
    """`what`: review, report, opinion, document, or the FHIR type that was read. The case is held locked."""
    events.record(session, case, events.READ, actor, clock.now(), what=what)
