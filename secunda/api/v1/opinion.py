"""The finished opinion as a FHIR R4 document."""

from fastapi import Response

from secunda import clock
from secunda.adapters.fhir.document.build import document_bytes
from secunda.api.authentication import caller
from secunda.api.v1.door import READ, ReferenceInPath, problems, router
from secunda.case_context import CaseContext
from secunda.db import transaction
from secunda.report_input import report_content
from secunda.reviews.delivered import report_to_give
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
    """The opinion of the delivered report; 404 while there is none. It is no decision about cover."""
    with transaction() as session:
        _, case = own_review(session, who.payer, reference, locked=True)
        content = report_content(CaseContext(session, case, clock.now()), report_to_give(session, case).version)
        record_read(session, case, who.actor, "opinion")
    return Response(document_bytes(content, case.language), 200, media_type=FHIR)
