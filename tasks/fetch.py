"""Fetching documents that the source only pointed at: each is a task run with retries."""

from datetime import datetime

from sqlmodel import Session, select

from models import Case, Document
from models.status import CaseStatus
from secunda import cases, clock, documents, logs
from secunda.adapters.fetching import fetch
from secunda.case_context import context_of
from secunda.db import transaction
from secunda.documents import NOT_THIS_PATIENT, Said, describe, record_receipt, warnings
from secunda.errors import BadInputError
from tasks.effects import effect

RETRY_SECONDS = [2.0, 10.0, 60.0]


def documents_to_fetch(session: Session, case: Case, now: datetime) -> list[int]:
    """The numbers of the documents that are pointers still, and were not given up."""
    received = context_of(session, case, now).documents
    return [one.number for one in received if one.source_url and not (one.sha256 or one.same_as or one.refusal)]


@effect("fetch document", RETRY_SECONDS)
def fetch_document(case_reference: str, number: int) -> None:
    """Fetch document `number` of the case. A refusal is noted on the document; an outage raises and is retried."""
    with transaction() as session:
        pointer = _document(session, case_reference, number)
    try:
        taken = fetch(pointer.source_url, pointer.source_sha1)
    except BadInputError as refusal:
        _refuse(case_reference, number, refusal)
        return
    with transaction() as session:
        case = cases.lock_by_reference(session, case_reference)
        document = _document(session, case_reference, number)
        if document.sha256 is not None:  # whoever took the case over was quicker
            return
        twin = documents.find(session, case, taken.file.sha256)
        if twin is not None:
            document.same_as = twin.number
            return
        if case.status is CaseStatus.CLOSED:
            return
        describe(document, taken, Said(**document.model_dump(include=set(Said.__dataclass_fields__))))
        document.names_somebody_else = not NOT_THIS_PATIENT.isdisjoint(warnings(session, case, taken))
        document.fetched_at = clock.now()
        session.add(document)
        record_receipt(session, case, document, taken, "secunda", clock.now())


def _refuse(reference: str, number: int, refusal: BadInputError) -> None:
    logs.warning("fetch_refused", case=reference, number=number, code=refusal.code)
    with transaction() as session:
        case = cases.lock_by_reference(session, reference)
        document = _document(session, reference, number)
        if document.sha256 is None and not document.refusal:
            documents.refuse(session, case, document, refusal.message, "secunda", clock.now())


def _document(session: Session, reference: str, number: int) -> Document:
    case = cases.by_reference(session, reference)
    return session.exec(select(Document).where(Document.case_id == case.id, Document.number == number)).one()
