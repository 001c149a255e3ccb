"""Documents of a review: sent in one piece, listed."""

from typing import Annotated, Any
from urllib.parse import unquote

from fastapi import Header, Request
from sqlmodel import Session, col, select

from models import Case, Document
from secunda.actions.attach import Attached, attach
from secunda.api import patterns
from secunda.api.authentication import caller
from secunda.api.door_route import takes_file
from secunda.api.problems import header_problem
from secunda.api.v1.door import READ, WRITE, ReferenceInPath, post, problems, router
from secunda.api.v1.shapes import Day, DocumentList, DocumentOut, DocumentsIn
from secunda.db import transaction
from secunda.documents import Said
from secunda.reviews.finding import check_is_own, own_review
from secunda.reviews.reading import record_read
from secunda.settings import settings

routes = router("documents")

#: The bytes decide what a file is; the type must be one of these all the same, so that a form is not taken for a file.
ACCEPTED = (
    "application/pdf",
    "application/dicom",
    "application/octet-stream",
    "application/xml",
    "text/xml",
    "text/plain",
    "image/jpeg",
    "image/png",
    "image/tiff",
)
_FILE: dict[str, Any] = {
    "required": True,
    "content": {kind: {"schema": {"type": "string", "format": "binary"}} for kind in ACCEPTED},
}


@routes.post(
    "/reviews/{reference}/documents",
    status_code=201,
    response_model=DocumentsIn,
    operation_id="send_document",
    responses=problems(*WRITE),
    openapi_extra=post(**_FILE),
)
@takes_file(lambda: settings().max_document_bytes, *ACCEPTED)
def send_document(
    reference: ReferenceInPath,
    request: Request,
    who: caller("documents:write"),  # type: ignore[valid-type]
    document_loinc: Annotated[str, Header(max_length=10, pattern=patterns.LOINC, description="What it is.")] = "",
    document_title: Annotated[str, Header(max_length=600, description="Percent-encoded UTF-8.")] = "",
    document_date: Annotated[Day | None, Header(description="The day that it is about.")] = None,
) -> DocumentsIn:
    """Send a document as the body. What is said of it goes into headers: addresses end up in logs."""
    with transaction() as session:
        check_is_own(session, who.payer, reference)
    said = Said(loinc=document_loinc, title=title_of(document_title), documented_on=document_date, source=who.payer)
    return received(attach(reference, request.state.body.path, who.actor, said))


def title_of(written: str) -> str:
    """The title, decoded. Raises ProblemError 422 for what is no percent-encoded UTF-8."""
    try:
        title = unquote(written, errors="strict")
    except UnicodeDecodeError:
        title = "\0"
    if any(ord(letter) < 32 for letter in title) or len(title) > 200:
        detail = "The title cannot be read."
        raise header_problem(
            422, "invalid", "Document-Title", detail, "Send up to 200 letters as percent-encoded UTF-8."
        )
    return title


def received(attached: Attached) -> DocumentsIn:
    """What became of a file."""
    return DocumentsIn(
        documents=[document_out(one) for one in attached.documents],
        already_there=attached.already_there,
        warnings=attached.warnings,
    )


def document_out(document: Document) -> DocumentOut:
    values = {name: getattr(document, name) for name in DocumentOut.model_fields if hasattr(document, name)}
    values |= {"sha256": document.sha256 or "", "needs_confirmation": document.names_somebody_else}
    return DocumentOut.model_validate(values)


@routes.get(
    "/reviews/{reference}/documents",
    response_model=DocumentList,
    operation_id="list_documents",
    responses=problems(*READ),
)
def list_documents(reference: ReferenceInPath, who: caller("reviews:read")) -> DocumentList:  # type: ignore[valid-type]
    """What was received for a review. Reading it is an event."""
    with transaction() as session:
        _, case = own_review(session, who.payer, reference, locked=True)
        record_read(session, case, who.actor, "documents")
        return DocumentList(items=_documents(session, case))


def _documents(session: Session, case: Case) -> list[DocumentOut]:
    query = select(Document).where(Document.case_id == case.id).order_by(col(Document.number))
    return [document_out(one) for one in session.exec(query)]
