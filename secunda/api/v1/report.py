"""The finished report as PDF."""

from typing import Annotated

from fastapi import Query, Response
from sqlmodel import Session

from secunda.api.authentication import caller
from secunda.api.v1.door import READ, ReferenceInPath, problems, router
from secunda.db import transaction
from secunda.errors import NotFoundError
from secunda.reviews.delivered import report_to_give
from secunda.reviews.finding import own_review
from secunda.reviews.reading import record_read
from secunda.views.case_show import ReportView
from secunda.views.reports import report_bytes

routes = router("reports")
PDF = "application/pdf"


@routes.get(
    "/reviews/{reference}/report",
    response_class=Response,
    operation_id="fetch_report",
    responses=problems(*READ)
    | {200: {"description": "The report", "content": {PDF: {"schema": {"type": "string", "format": "binary"}}}}},
)
def fetch_report(
    reference: ReferenceInPath,
    who: caller("reports:read"),  # type: ignore[valid-type]
    version: Annotated[int | None, Query(ge=1, le=10_000, description="Without it, the newest.")] = None,
) -> Response:
    """The report, once it was delivered; 404 while there is none. Reading it is an event."""
    with transaction() as session:
        _, case = own_review(session, who.payer, reference, locked=True)
        report_to_give(session, case)
        view, content = _report(session, reference, version)
        record_read(session, case, who.actor, "report")
    headers = {
        "Content-Disposition": f'attachment; filename="{case.reference}-{view.version}.pdf"',
        "Content-Language": view.language,
        "ETag": f'"{view.sha256}"',
    }
    return Response(content, 200, headers, PDF)


def _report(session: Session, reference: str, version: int | None) -> tuple[ReportView, bytes]:
    try:
        return report_bytes(session, reference, version)
    except NotFoundError:
        raise NotFoundError("The review has no such report yet.", "Its stage says what it waits for.") from None
