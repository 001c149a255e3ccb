"""Finding a payer's own reviews. One that is another payer's is answered exactly like one that there is not."""

from sqlmodel import Session, col, select

from models import Case, Review
from secunda.errors import NotFoundError

NO_SUCH_REVIEW = ("There is no such review.", "Check the reference: SO- and eight characters.")


def own_review(session: Session, payer: str, reference: str, *, locked: bool = False) -> tuple[Review, Case]:
    """The review of that payer with that case reference. `locked`: the case's row is held, to record an event.

    Raises NotFoundError.
    """
    query = select(Review, Case).join(Case, col(Review.case_id) == col(Case.id))
    query = query.where(Review.payer == payer, Case.reference == reference.strip().upper())
    if locked:
        query = query.with_for_update(of=Case).execution_options(populate_existing=True)
    found = session.exec(query).first()
    if found is None:
        raise NotFoundError(*NO_SUCH_REVIEW)
    return found


def check_is_own(session: Session, payer: str, reference: str) -> None:
    """Raises NotFoundError unless the case is a review of that payer."""
    own_review(session, payer, reference)
