"""What a coordinator does about the file: settle what is asked for, take in papers, note what the patient signed."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Annotated

from fastapi import File, Form, Request, Response, UploadFile
from sqlmodel import func, select

from models import Case, Document, Requirement
from pathways.schema import Obligation
from pathways.terminology import document_types
from secunda import clock
from secunda.actions import checklist, consent, identity
from secunda.actions.attach import attach
from secunda.actions.reasons import owed
from secunda.case_context import CaseContext
from secunda.db import transaction
from secunda.documents import Said
from secunda.errors import BadInputError, SecundaError
from secunda.permissions import Permission
from secunda.web.catalogues import say
from secunda.web.coordinator import case_words
from secunda.web.coordinator.acting import Coordinator, Key, Reason, done
from secunda.web.coordinator.scope import case_for
from secunda.web.dates import zone
from secunda.web.pages import page
from secunda.web.patient.purposes import asked_of
from secunda.web.routes import see_other, web_router
from secunda.web.session import SignedIn

router = web_router(prefix="/cases/{reference}")
MOST_FILES = 50
Day = Annotated[str, Form(max_length=10)]
Text = Annotated[str, Form(max_length=200)]


@router.post("/waive")
def waive(reference: str, person: Coordinator, key: Key = "", reason: Reason = "", agreed_by: Text = "") -> Response:
    """Do without a document. Of a required one a physician says so: the person, or somebody whom they name."""

    def act(case: str) -> None:
        physician = agreed_by.strip()
        if not physician and not person.may(Permission.WAIVE_REQUIRED) and _is_required(case, person, key):
            raise BadInputError("This document is required.", "Name the physician who agreed to do without it.")
        checklist.waive(case, key, person.actor, reason, agreed_by=physician)

    return done(reference, person, "checklist", act)


@router.post("/limit")
def limit(reference: str, person: Coordinator, key: Key = "", reason: Reason = "") -> Response:
    """Go on without a document that cannot be obtained."""
    return done(reference, person, "checklist", lambda case: checklist.limit(case, key, person.actor, reason))


@router.post("/confirm")
def confirm(reference: str, person: Coordinator, number: Annotated[int, Form()], reason: Reason = "") -> Response:
    """Say that a document is about this patient after all."""
    return done(
        reference, person, "documents", lambda case: identity.confirm_patient(case, number, person.actor, reason)
    )


@router.post("/consent")
def note_consent(
    reference: str, person: Coordinator, purpose: Key = "", reason: Reason = "", until: Day = ""
) -> Response:
    """Note a consent that the patient gave otherwise than on their page; `reason` says how."""

    def act(case: str) -> None:
        _check_is_asked(case, person, purpose)
        ends = _end_of(until)
        consent.give_consent(case, person.actor, purpose=purpose, expires_at=ends, how=owed(reason))

    return done(reference, person, "consent", act)


@router.post("/withdraw-consent")
def note_withdrawal(reference: str, person: Coordinator, purpose: Key = "", reason: Reason = "") -> Response:
    """Note that the patient took a consent back; `reason` says how. Without the main one the case ends."""

    def act(case: str) -> None:
        _check_is_asked(case, person, purpose)
        consent.withdraw_consent(case, person.actor, purpose=purpose, how=owed(reason))

    return done(reference, person, "consent", act)


@dataclass(frozen=True)
class Arrived:
    """What became of one file. `warnings`: what somebody should look at."""

    name: str
    fault: str = ""
    already_there: bool = False
    warnings: tuple[str, ...] = ()


@router.post("/documents")
def attach_files(
    reference: str,
    request: Request,
    person: Coordinator,
    files: Annotated[list[UploadFile] | None, File()] = None,
    loinc: Annotated[str, Form(max_length=10)] = "",
    dated: Day = "",
    source: Text = "",
) -> Response:
    """Add papers to an open case, each with what was said of them all; a file that is refused is named."""
    chosen = [file for file in files or () if file.filename]
    if not chosen or len(chosen) > MOST_FILES:
        raise BadInputError("No file was chosen." if not chosen else "There are more than 50 files.")
    with transaction() as session:
        case = case_for(session, person, reference)
        said = _said(CaseContext(session, case, clock.now()), loinc, _day(dated), source)
    arrived = [_one(case.reference, file, person, said) for file in chosen]
    if not any(one.fault or one.already_there or one.warnings for one in arrived):
        return _shown_on_the_case(request, case)
    return page(request, "coordinator/attached.html.j2", reference=case.reference, arrived=arrived, told=case_words)


def _one(reference: str, file: UploadFile, person: SignedIn, said: Said) -> Arrived:
    name = (file.filename or "")[:80]
    try:
        added = attach(reference, file.file, person.actor, said)
    except SecundaError as error:
        return Arrived(name, error.message)
    return Arrived(name, already_there=added.already_there, warnings=tuple(added.warnings))


def _said(context: CaseContext, loinc: str, on: date | None, source: str) -> Said:
    """The title is the checklist's where it asks for that type, in the case's language."""
    asked = next((one for one in context.pathway.documents if loinc in one.loinc), None)
    known = document_types().get(loinc)
    language = context.case.language
    title = say(asked.title, language) if asked else (known.es if language == "es" else known.en) if known else ""
    return Said(title=title, loinc=loinc, documented_on=on, source=source.strip())


def _shown_on_the_case(request: Request, case: Case) -> Response:
    """With another address each time, so that a browser loads the page anew and does not only jump in it."""
    with transaction() as session:
        newest = session.exec(select(func.max(Document.number)).where(Document.case_id == case.id)).one()
    address = f"/cases/{case.reference}?added={newest or 0}#documents"
    if request.headers.get("HX-Request"):
        return Response(headers={"HX-Redirect": address})
    return see_other(address)


def _check_is_asked(reference: str, person: SignedIn, purpose: str) -> None:
    with transaction() as session:
        context = CaseContext(session, case_for(session, person, reference), clock.now())
        if purpose not in {one.purpose.key for one in asked_of(context)}:
            raise BadInputError("This purpose is not asked for.")


def _is_required(reference: str, person: SignedIn, key: str) -> bool:
    with transaction() as session:
        case = case_for(session, person, reference)
        query = select(Requirement.obligation).where(Requirement.case_id == case.id, Requirement.key == key)
        return session.exec(query).first() == Obligation.REQUIRED


def _day(written: str) -> date | None:
    """Raises BadInputError for what is no date."""
    try:
        return date.fromisoformat(written) if written else None
    except ValueError:
        raise BadInputError("The date cannot be read.") from None


def _end_of(written: str) -> datetime | None:
    """The moment at which that day is over here."""
    day = _day(written)
    return datetime.combine(day + timedelta(days=1), time(), zone()) if day else None
