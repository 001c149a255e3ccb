"""Looking at the documents and the report of a case. Every look is an event of the case."""

from typing import Annotated

from fastapi import Depends, Request, Response
from sqlmodel import Session, col, select

from models import Case, Document
from pathways.terminology import document_types
from secunda import cases
from secunda.db import transaction
from secunda.errors import NotFoundError
from secunda.permissions import Permission
from secunda.reviews.reading import record_read
from secunda.views.reports import report_bytes
from secunda.web.coordinator.scope import case_for
from secunda.web.pages import page
from secunda.web.pictures import DICOM, SHOWN, file_answer, frame_answer
from secunda.web.routes import web_router
from secunda.web.session import SignedIn, allowed

router = web_router(prefix="/cases/{reference}")
Reader = Annotated[SignedIn, Depends(allowed(Permission.SEE_DOCUMENTS))]
MOST_FRAMES = 2000


@router.get("/documents/{number}")
def show(reference: str, number: int, request: Request, person: Reader) -> Response:
    """A document on a page: pictures in the viewer, images and text as they are, the rest to download."""
    with transaction() as session:
        case = case_for(session, person, reference)
        document = _document(session, case, number)
        frames = _frames(session, case, document)
        numbers = session.exec(select(Document.number).where(Document.case_id == case.id)).all()
        record_read(session, cases.lock(session, case.id), person.actor, "document")
    return page(
        request,
        "coordinator/document.html.j2",
        case=case,
        document=document,
        kind=document_types().get(document.loinc),
        frames=frames,
        shown=document.media_type in SHOWN,
        before=max((one for one in numbers if one < number), default=None),
        after=min((one for one in numbers if one > number), default=None),
    )


@router.get("/documents/{number}/file")
def file(reference: str, number: int, person: Reader, keep: bool = False) -> Response:
    """The bytes as they came."""
    with transaction() as session:
        case = case_for(session, person, reference)
        document = _document(session, case, number)
        if keep:
            record_read(session, cases.lock(session, case.id), person.actor, "document")
    return file_answer(document, f"{case.reference}-{number}", keep=keep)


@router.get("/documents/{number}/frames/{frame}")
def frame(reference: str, number: int, frame: int, person: Reader) -> Response:
    """One frame for the viewer; looking at its page was the event."""
    with transaction() as session:
        document = _document(session, case_for(session, person, reference), number)
    return frame_answer(document, frame)


@router.get("/report/{version}")
def report(reference: str, version: int, person: Reader) -> Response:
    """One version of the report as PDF."""
    with transaction() as session:
        case = case_for(session, person, reference)
        view, content = report_bytes(session, case.reference, version)
        record_read(session, cases.lock(session, case.id), person.actor, "report")
    headers = {"Content-Disposition": f'inline; filename="{case.reference}-{view.version}.pdf"'}
    return Response(content, headers=headers, media_type="application/pdf")


def _document(session: Session, case: Case, number: int) -> Document:
    query = select(Document).where(Document.case_id == case.id, Document.number == number)
    found = session.exec(query).first()
    if found is None:
        raise NotFoundError("The case has no such document.")
    return found


def _frames(session: Session, case: Case, document: Document) -> list[str]:
    """Addresses of all frames of the study that the object belongs to, this object's first."""
    if document.media_type != DICOM or document.sha256 is None:
        return []
    query = select(Document).where(
        Document.case_id == case.id, Document.media_type == DICOM, col(Document.sha256).is_not(None)
    )
    of_study = query.where(Document.study_uid == document.study_uid).order_by(col(Document.number))
    others = [one for one in session.exec(of_study) if one.id != document.id] if document.study_uid else []
    return [
        f"/cases/{case.reference}/documents/{one.number}/frames/{frame}"
        for one in (document, *others)
        for frame in range(1, (one.frames or 1) + 1)
    ][:MOST_FRAMES]
