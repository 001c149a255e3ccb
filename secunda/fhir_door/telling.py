"""The answer about one review, read for its payer: built in one transaction, and every look is an event."""

from sqlmodel import Session

from models import Case, Review
from secunda import clock
from secunda.case_context import CaseContext
from secunda.db import transaction
from secunda.fhir_door.answer import ReviewAnswer
from secunda.fhir_door.document_reference import report_reference
from secunda.fhir_door.looking import answer_of
from secunda.fhir_door.names import Json
from secunda.fhir_door.opinion import KINDS, opinion_resource
from secunda.fhir_door.response_bundle import response_bundle
from secunda.fhir_door.sender import Sender, base_url
from secunda.report_input import report_content
from secunda.reporting.content import ReportContent
from secunda.reviews.finding import own_review
from secunda.reviews.reading import record_read


def delivered_content(context: CaseContext, answer: ReviewAnswer) -> ReportContent:
    """What the delivered version of the report says."""
    report = answer.report
    assert report is not None  # noqa: S101 - for the type checker
    return report_content(context, report.version)


def besides(context: CaseContext, answer: ReviewAnswer) -> list[Json]:
    """What a final answer carries: the report, and the opinion as structure."""
    if answer.report is None:
        return []
    content = delivered_content(context, answer)
    return [report_reference(answer), *(opinion_resource(kind, answer, content) for kind in KINDS)]


def tell(reference: str, sender: Sender, *, inquiry: bool = False) -> tuple[Json, ReviewAnswer]:
    """The PAS response about a review of the sender's payer. Raises NotFoundError."""
    with transaction() as session:
        review, case = own_review(session, sender.payer, reference, locked=True)
        return told(session, review, case, sender, inquiry=inquiry)


def told(
    session: Session, review: Review, case: Case, sender: Sender, *, inquiry: bool = False
) -> tuple[Json, ReviewAnswer]:
    """The same for a review that was found; its case is held locked."""
    now = clock.now()
    answer = answer_of(session, review, case, now)
    more = besides(CaseContext(session, case, now), answer)
    record_read(session, case, sender.actor, "ClaimResponse")
    return response_bundle(answer, base_url(), more, inquiry=inquiry), answer
