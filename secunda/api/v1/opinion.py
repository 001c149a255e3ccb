"""The finished opinion as a FHIR R4 document."""

from fastapi import Response
from sqlmodel import Session, func, select

from models import Case, Report
from secunda import clock
from secunda.adapters.fhir.document.build import document_bytes
from secunda.api.authentication import caller
from secunda.api.v1.door import READ, ReferenceInPath, problems, router
from secunda.case_context import CaseContext
from secunda.db import transaction
from secunda.errors import NotFoundError
from secunda.report_input import report_content
from secunda.reviews.finding import own_review
from secunda.reviews.reading import record_read

routes = router("reports")
FHIR = "application/fhir+json"


@routes.get(
    "/reviews/{reference}/opinion",
    response_class=Response,
    operation_id="fetch_opinion",
    responses=problems(*READ)
    | {200: {"description": "A Bundle of type document", "content": {FHIR: {"schema": {"type": "object"}}}}},
)
def fetch_opinion(reference: ReferenceInPath, who: caller("reports:read")) -> Response:  # type: ignore[valid-type]
    """The opinion of the report's newest version; 404 while there is none. It is no decision about cover."""
    with transaction() as session:
        _, case = own_review(session, who.payer, reference, locked=True)
        content = report_content(CaseContext(session, case, clock.now()), _newest_version(session, case))
        record_read(session, case, who.actor, "opinion")
    return Response(document_bytes(content, case.language), 200, media_type=FHIR)


def _newest_version(session: Session, case: Case) -> int:
    version = session.exec(select(func.max(Report.version)).where(Report.case_id == case.id)).one()
    if version is None:
        raise NotFoundError("The review has no opinion yet.", "Its stage says what it waits for.")
    return int(version)
