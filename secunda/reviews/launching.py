"""Launching a review: the case, the review's row and its event in one transaction. Prefect is not waited for."""

from collections.abc import Callable
from dataclasses import replace

from sqlmodel import Session, col, select

from models import Case, Review
from pathways import overlay
from pathways.errors import PathwayError
from pathways.mandates import Answer
from secunda import clock, events
from secunda.actions.launch import Launched, launch
from secunda.case_context import CaseContext, as_json
from secunda.db import transaction
from secunda.errors import BadInputError, ConflictError
from secunda.launch_request import Request
from secunda.reviews.asked import ReviewRequest
from secunda.reviews.determining import note_clock
from secunda.reviews.payers import jurisdiction_of, mandate_of, payer_of
from secunda.reviews.pinning import pin

#: What the caller writes in the same transaction, such as the recorded answer to its request.
Beside = Callable[[Session, Review, Launched], None]
LONGEST_REFERENCE = 80  # characters


def nothing_beside(session: Session, review: Review, launched: Launched) -> None:
    """The default."""


class AlreadyAskedError(ConflictError):
    """The payer has used this reference before; `reference` is the case that it opened."""

    code = "already_asked"

    def __init__(self, reference: str) -> None:
        super().__init__(
            f"Your reference has its review already: {reference}.", "Ask for that one, or give another reference."
        )
        self.reference = reference


class NotMandatedError(BadInputError):
    """The payer does not mandate a review before this procedure; `answer` says why not."""

    code = "not_mandated"

    def __init__(self, answer: Answer) -> None:
        super().__init__(
            f"No review is mandated: {answer.reason.en}",
            "Ask for the list of mandated procedures, or have the payer's file changed.",
            place="/procedure",
        )
        self.answer = answer


def launch_review(asked: ReviewRequest, actor: str, beside: Beside = nothing_beside) -> Launched:
    """Open a review and its case, all or nothing.

    Raises BadInputError with the place of what is wrong (JSON pointers are within the bundle), NotMandatedError for a
    procedure that the payer neither mandates nor lets in, and AlreadyAskedError for a payer's reference that has its
    review already.
    """
    _check_reference(asked.payer_reference)
    answer = check_is_mandated(asked)
    with transaction() as session:
        _check_is_new(session, asked)

    def with_review(session: Session, case: Case, launched: Launched) -> None:
        review = _review(case, asked, answer)
        review.payer_hash = pin(session, payer_of(asked.payer), case.launched_at)
        session.add(review)
        said = {"source": asked.source, "mandate": review.mandate.get("key")}
        events.record(session, case, "review_requested", actor, clock.now(), **said)
        context = CaseContext(session, case, case.launched_at)
        context.review, context.clock_stops = review, []
        note_clock(context)
        beside(session, review, launched)

    try:
        return launch(asked.bundle, _request(asked, answer), actor, with_review)
    except ConflictError:
        with transaction() as session:
            _check_is_new(session, asked)  # somebody was quicker: say which review it opened
        raise


def check_is_mandated(asked: ReviewRequest) -> Answer:
    """What the payer's lists say of the procedure; raises BadInputError without a code, NotMandatedError."""
    procedure = asked.procedure.coding
    if procedure is None:
        raise BadInputError("The planned procedure has no code.", "Give its code and system.", place="/procedure")
    _check_jurisdiction(asked.launch.jurisdiction)
    answer = mandate_of(
        asked.payer,
        procedure,
        [coding for one in asked.diagnoses if (coding := one.coding) is not None],
        asked.planned_on or clock.now().date(),
        asked.launch.jurisdiction,
    )
    if not answer.accepted:
        raise NotMandatedError(answer)
    return answer


def _check_jurisdiction(name: str) -> None:
    """Empty: the payer's own. Raises BadInputError for one that there is not."""
    if name:
        try:
            overlay.load(name)
        except PathwayError as error:
            raise BadInputError(error.message, error.remedy, place="/jurisdiction") from None


def _request(asked: ReviewRequest, answer: Answer) -> Request:
    """What is asked of the case: the rule names the pathway, and its word is enough for the case to enter it."""
    given, mandate = asked.launch, answer.mandate
    pathway = mandate.pathway if mandate else None
    allowed = f"mandated by {mandate.source_name}" if mandate and pathway and given.specialty in (None, pathway) else ""
    return replace(
        given,
        payer=asked.payer,
        payer_reference=asked.payer_reference,
        jurisdiction=given.jurisdiction or jurisdiction_of(asked.payer),
        specialty=given.specialty or pathway,
        why_not_eligible=given.why_not_eligible or allowed,
        planned_procedure=given.planned_procedure or answer.procedure.code,
        planned_system=answer.procedure.system,
        procedure_on=given.procedure_on or asked.planned_on,
    )


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
        raise AlreadyAskedError(known)


def _review(case: Case, asked: ReviewRequest, answer: Answer) -> Review:
    rule = as_json(answer.mandate) if answer.mandate else {}
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
        mandate=asked.mandate or {**rule, "mandated": answer.mandated, "reason": as_json(answer.reason)},
        claim_identifier=asked.claim_identifier,
        request_bundle=asked.request_bundle,
        items=list(asked.items),
        created_at=case.launched_at,
        updated_at=case.launched_at,
    )
