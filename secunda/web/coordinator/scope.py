"""Which cases somebody may see. One that is none of theirs answers as one that does not exist."""

from sqlmodel import Session, select

from models import Case
from secunda.errors import NotFoundError
from secunda.web.session import SignedIn


def case_for(session: Session, person: SignedIn, reference: str) -> Case:
    """The case; raises NotFoundError alike for an unknown one and for another payer's."""
    case = session.exec(select(Case).where(Case.reference == reference.strip().upper()[:12])).first()
    if case is None or (person.payer and case.payer != person.payer):
        raise NotFoundError("There is no such case.", "Check the reference.")
    return case
