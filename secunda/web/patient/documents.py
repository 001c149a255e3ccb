"""Sending documents, also from a phone's camera; and saying that one cannot be had."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from fastapi import File, Form, Request, Response, UploadFile
from sqlmodel import select

from models import Document
from models.status import CaseStatus
from pathways.terminology import document_types
from pathways.vocabulary import Text
from secunda import clock
from secunda.actions.attach import attach
from secunda.actions.person_requests import cannot_be_obtained
from secunda.case_context import CaseContext
from secunda.db import transaction
from secunda.documents import Said
from secunda.errors import BadInputError, SecundaError
from secunda.settings import settings
from secunda.views.file import RequirementView
from secunda.visits.standing import Visitor
from secunda.web.by_link import home_of, note_read
from secunda.web.catalogues import N_
from secunda.web.patient.guards import Patient, Requester, visitor_page
from secunda.web.patient.home import wanted_from
from secunda.web.routes import see_other, web_router

router = web_router()
MOST_FILES = 20

#: What is said of files that are not taken, as `secunda.adapters` says it, so that it is translated.
REFUSALS = (
    N_("The file is empty."),
    N_("The file is of no kind that Secunda reads."),
    N_("The PDF is protected by a password."),
    N_("The PDF is truncated or damaged."),
    N_("The PDF is truncated: its end is missing."),
    N_("The PDF contains JavaScript."),
    N_("The image is truncated or damaged."),
    N_("The text is blank."),
    N_("There are more than 20 files."),
    N_("The date cannot be read."),
    N_("No file was chosen."),
)


@dataclass(frozen=True)
class Sent:
    """What became of one file."""

    name: str
    fault: str = ""
    already_there: bool = False
    to_be_checked: bool = False


Files = Annotated[list[UploadFile] | None, File()]
Key = Annotated[str, Form(max_length=40)]
Dated = Annotated[str, Form(max_length=10)]
Why = Annotated[str, Form(max_length=2000)]


@router.get("/patient/{subject}/documents")
def of_patient(request: Request, visitor: Patient) -> Response:
    """What is asked for and what is here."""
    return _shown(request, visitor)


@router.get("/requester/{subject}/documents")
def of_requester(request: Request, visitor: Requester) -> Response:
    """What is asked for and what is here."""
    return _shown(request, visitor)


@router.post("/patient/{subject}/documents")
def patient_sends(
    request: Request, visitor: Patient, files: Files = None, key: Key = "", dated: Dated = ""
) -> Response:
    """Take in one or several files."""
    return _taken(request, visitor, files or (), key, dated)


@router.post("/requester/{subject}/documents")
def requester_sends(
    request: Request, visitor: Requester, files: Files = None, key: Key = "", dated: Dated = ""
) -> Response:
    """Take in one or several files."""
    return _taken(request, visitor, files or (), key, dated)


@router.post("/patient/{subject}/documents/missing")
def patient_lacks(visitor: Patient, key: Key = "", reason: Why = "") -> Response:
    """One that cannot be had."""
    return _lacks(visitor, key, reason)


@router.post("/requester/{subject}/documents/missing")
def requester_lacks(visitor: Requester, key: Key = "", reason: Why = "") -> Response:
    """One that cannot be had."""
    return _lacks(visitor, key, reason)


def _lacks(visitor: Visitor, key: str, reason: str) -> Response:
    if not reason.strip():
        raise BadInputError("Please say in a few words why it cannot be had.")
    cannot_be_obtained(visitor.reference, key, visitor.actor, reason)
    return see_other(f"{home_of(visitor.kind, visitor.subject_id)}/documents?told={key}")


def _taken(request: Request, visitor: Visitor, files: Sequence[UploadFile], key: str, dated: str) -> Response:
    chosen = [file for file in files if file.filename]
    fault = _fault(chosen, dated)
    if fault:
        return _shown(request, visitor, [Sent("", fault)], status=422)
    said = _said(visitor, key, date.fromisoformat(dated) if dated else None)
    sent = [_one(visitor, file, said) for file in chosen]
    return _shown(request, visitor, sent, status=422 if any(one.fault for one in sent) else 200)


def _fault(chosen: Sequence[UploadFile], dated: str) -> str:
    if not chosen:
        return "No file was chosen."
    if len(chosen) > MOST_FILES:
        return "There are more than 20 files."
    try:
        date.fromisoformat(dated or "2000-01-01")
    except ValueError:
        return "The date cannot be read."
    return ""


def _said(visitor: Visitor, key: str, on: date | None) -> Said:
    """What the list says of the document that it was sent for."""
    with transaction() as session:
        context = CaseContext(session, note_read(session, visitor, "case"), clock.now())
        wanted = next((row for row in wanted_from(context, visitor) if row.key == key), None)
        language = context.case.language
    if wanted is None:
        return Said(documented_on=on, source=visitor.actor)
    return Said(title=wanted.title.in_language(language), loinc=wanted.loinc[0], documented_on=on, source=visitor.actor)


def _one(visitor: Visitor, file: UploadFile, said: Said) -> Sent:
    name = (file.filename or "")[:80]
    try:
        done = attach(visitor.reference, file.file, visitor.actor, said)
    except SecundaError as error:
        return Sent(name, error.message)
    return Sent(
        name, already_there=done.already_there, to_be_checked=any(one.names_somebody_else for one in done.documents)
    )


@dataclass(frozen=True)
class Here:
    """A document that is here, as its sender sees it."""

    title: str
    kind: Text | None
    documented_on: date | None
    is_own: bool


def _shown(request: Request, visitor: Visitor, sent: Sequence[Sent] = (), *, status: int = 200) -> Response:
    wanted: list[RequirementView]
    with transaction() as session:
        case = note_read(session, visitor, "documents")
        context = CaseContext(session, case, clock.now())
        wanted = wanted_from(context, visitor)
        here = [_here(row, visitor) for row in _documents(context)]
        is_open = case.status is not CaseStatus.CLOSED
        told = request.query_params.get("told", "") in {row.key for row in wanted}
    return visitor_page(
        request,
        visitor,
        "documents",
        status=status,
        wanted=wanted,
        here=here,
        sent=sent,
        is_open=is_open,
        told=told,
        largest=settings().max_document_bytes // 2**20,
    )


def _documents(context: CaseContext) -> list[Document]:
    query = select(Document).where(Document.case_id == context.case.id)
    return sorted(context.session.exec(query), key=lambda row: row.number, reverse=True)


def _here(row: Document, visitor: Visitor) -> Here:
    kind = document_types().get(row.loinc)
    return Here(
        title=row.title,
        kind=Text(en=kind.en, es=kind.es) if kind else None,
        documented_on=row.documented_on,
        is_own=row.received_from == visitor.actor,
    )
