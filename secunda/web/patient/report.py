"""The report, once it was delivered."""

from fastapi import Request, Response

from secunda.db import transaction
from secunda.errors import NotFoundError
from secunda.reviews.delivered import delivered_report
from secunda.views.reports import report_bytes
from secunda.visits.standing import Visitor
from secunda.web.by_link import note_read
from secunda.web.patient.guards import Patient, Requester
from secunda.web.routes import web_router

router = web_router()


@router.get("/patient/{subject}/report")
def of_patient(request: Request, visitor: Patient) -> Response:  # noqa: ARG001 - every page is asked for the same way
    """The newest version as PDF."""
    return _pdf(visitor)


@router.get("/requester/{subject}/report")
def of_requester(request: Request, visitor: Requester) -> Response:  # noqa: ARG001
    """The newest version as PDF."""
    return _pdf(visitor)


def _pdf(visitor: Visitor) -> Response:
    with transaction() as session:
        row = delivered_report(session, note_read(session, visitor, "case"))
        if row is None:
            raise NotFoundError("The report is not ready yet.", "We write to you as soon as it is.")
        note_read(session, visitor, "report", version=row.version)
        view, content = report_bytes(session, visitor.reference, row.version)
    named = f'attachment; filename="{visitor.reference}-{view.version}.pdf"'
    return Response(content, 200, {"Content-Disposition": named, "Content-Language": view.language}, "application/pdf")
