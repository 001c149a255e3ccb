"""Launching a review: the case, the review's row and its event in one transaction. Prefect is not waited for."""

from collections.abc import Callable
from dataclasses import replace

from sqlmodel import Session, col, select

from models import Case, Review
from secunda import clock, events
from secunda.actions.launch import Launched, launch
from secunda.db import transaction
from secunda.errors import BadInputError, ConflictError
from secunda.reviews.asked import ReviewRequest

#: What the caller writes in the same transaction, such as the recorded answer to its request.
Beside = Callable[[Session, Review, Launched], None]
LONGEST_REFERENCE = 80  # characters


def nothing_beside(session: Session, review: Review, launched: Launched) -> None:
    """The default."""


def launch_review(asked: ReviewRequest, actor: str, beside: Beside = nothing_beside) -> Launched:
    """Open a review and its case, all or nothing.

    Raises BadInputError with the place of what is wrong (JSON pointers are within the bundle), and ConflictError for a
    payer's reference that has its review already.
    """
    _check_reference(asked.payer_reference)
    with transaction() as session:
        _check_is_new(session, asked)

    def with_review(session: Session, case: Case, launched: Launched) -> None:
        _check_is_new(session, asked)
        review = _review(case, asked)
        session.add(review)
        events.record(
            session, case, "review_requested", actor, clock.now(), source=asked.source, mandate=asked.mandate.get("key")
        )
        session.flush()
        beside(session, review, launched)

    return launch(asked.bundle, replace(asked.launch, payer=asked.payer), actor, with_review)


def _check_reference(reference: str) -> None:
    if not reference.strip() or len(reference) > LONGEST_REFERENCE:
        raise BadInputError(
            "A review needs the payer's own reference.",
            f"Give 1 to {LONGEST_REFERENCE} characters that name it in your system.",
            place="/payer_reference",
        )


def _check_is_new(session: Session, asked: ReviewRequest) -> None:
    query = select(Case.reference).join(Review, col(Review.case_id) == col(Case.id))
    query = query.where(Review.payer == asked.payer, Review.payer_reference == asked.payer_reference)
    known = session.exec(query).first()
    if known is not None:
        raise ConflictError(
            f"Your reference has its review already: {known}.", "Ask for that one, or give another reference."
        )


def _review(case: Case, asked: ReviewRequest) -> Review:
    return Review(
        case_id=case.id,
        client_id=asked.client_id,
        payer=asked.payer,
        payer_reference=asked.payer_reference,
        source=asked.source,
        procedure_code=asked.procedure.code,
        procedure_system=asked.procedure.system,
        planned_on=asked.planned_on,
        diagnosis_codes=[one.as_row() for one in asked.diagnoses],
        mandate=asked.mandate,
        claim_identifier=asked.claim_identifier,
        request_bundle=asked.request_bundle,
        items=list(asked.items),
        created_at=case.launched_at,
        updated_at=case.launched_at,
    )
