"""A payer takes its request back."""

from collections.abc import Callable

from models import Review
from models.door_status import CERTIFICATION_TRANSITIONS, Certification
from models.status import CaseStatus, Outcome
from secunda import cases, clock
from secunda.actions.reasons import owed
from secunda.case_context import CaseContext
from secunda.closing import close_for_good
from secunda.db import transaction
from secunda.progress import wake_if_it_can_move
from secunda.reviews.finding import own_review

Check = Callable[[CaseContext, Review], None]


def anything(context: CaseContext, review: Review) -> None:
    """The default: withdrawn in whatever state it is."""


def withdraw_review(payer: str, reference: str, actor: str, reason: str, check: Check = anything) -> None:
    """End the review and its case; one that was withdrawn already stays so, and nothing happens.

    `check` runs while the case is locked and may raise. Raises NotFoundError, ConflictError for a case that ended in
    another way, BadInputError without a reason.
    """
    why = owed(reason)
    with transaction() as session:
        review, case = own_review(session, payer, reference, locked=True)
        if case.status is CaseStatus.CLOSED and case.outcome is Outcome.WITHDRAWN:
            return
        context = CaseContext(session, case, clock.now())
        check(context, review)
        cases.check_is_open(case)
        close_for_good(context, Outcome.WITHDRAWN, actor, why)
        if Certification.CANCELLED in CERTIFICATION_TRANSITIONS[review.certification]:
            review.certification = Certification.CANCELLED
        review.version += 1
        review.updated_at = context.now
        wake_if_it_can_move(context)
