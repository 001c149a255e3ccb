"""The answer to a payer, once its review is over: certified, or pended to its medical director; never a denial.

It stands beside the clinical opinion, which does not depend on it.
"""

from models import Review
from models.door_status import CERTIFICATION_TRANSITIONS, Certification
from models.status import Outcome
from pathways.certification import Answered, answered
from pathways.vocabulary import CodeSystem, Coding
from secunda import events, notices
from secunda.adapters import code_systems
from secunda.adjudicating import adjudication_of
from secunda.case_context import CaseContext
from secunda.reviews.determining import note_clock
from secunda.reviews.payers import payer_of_case
from secunda.reviews.pinning import pinned_payer
from secunda.webhooks.queueing import ANSWERED, queue


def answer_payer(context: CaseContext, outcome: Outcome) -> Answered | None:
    """Answer the payer, once a report; None where the case is no review, was withdrawn, or has been answered."""
    review = context.review
    if review is None or review.certification is not Certification.PENDED:
        return None
    if outcome is Outcome.WITHDRAWN:
        _settle(context, review, Certification.CANCELLED)
        return None
    opinion = adjudication_of(context) if outcome is Outcome.DELIVERED else None
    said = answered(pinned_payer(context.session, review), procedure_of(review), opinion)
    _settle(context, review, Certification(said.answer.value), said)
    events.record(
        context.session, context.case, "review_answered", "secunda", context.now, answer=said.answer, ground=said.ground
    )
    if payer_of_case(review.payer) is not None:
        occasion = f"answer:{context.case.event_count}"  # of an amended report, there is another answer
        notices.tell(context, "review_answered", notices.PAYER_DIRECTOR, occasion, answer=said.answer)
    queue(context.session, context.case, ANSWERED, context.now)
    return said


def take_answer_back(context: CaseContext) -> None:
    """The opinion that an answer rests on is made anew, and so will be the answer; its clock has ended and stays so."""
    review = context.review
    if review is None or Certification.PENDED not in CERTIFICATION_TRANSITIONS[review.certification]:
        return
    review.certification, review.certification_reason = Certification.PENDED, ""
    review.version += 1
    review.updated_at = context.now
    context.session.add(review)


def procedure_of(review: Review) -> Coding:
    """The planned procedure as pathways compare it."""
    found = code_systems.coding(review.procedure_system, review.procedure_code)
    return found or Coding(system=CodeSystem.OTHER, code=review.procedure_code or "-")


def _settle(context: CaseContext, review: Review, to: Certification, said: Answered | None = None) -> None:
    if to not in CERTIFICATION_TRANSITIONS[review.certification]:
        raise RuntimeError(f"a review cannot go from {review.certification} to {to}")
    review.certification = to
    review.certification_reason = said.reason.en if said else ""
    review.clock = {"answered_at": context.now.isoformat(), **review.clock}
    review.version += 1
    review.updated_at = context.now
    context.session.add(review)
    context.session.flush()
    note_clock(context)
