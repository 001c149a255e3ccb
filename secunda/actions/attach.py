"""Attaching a document to a case."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from models import Document
from pathways.terminology import document_types
from secunda import cases, clock, documents
from secunda.actions.on_case import acting_on
from secunda.adapters.intake import TakenIn, take_in
from secunda.adapters.storage import Source
from secunda.checklist import take_up_papers
from secunda.consents import CONSENT_FORM, record_consent
from secunda.db import transaction
from secunda.documents import Said
from secunda.errors import BadInputError


@dataclass(frozen=True)
class Attached:
    """What became of a file: the new documents, what the coordinator should look at, and what they met."""

    documents: list[Document]
    warnings: list[str]
    already_there: bool


def attach(reference: str, source: Source, actor: str, said: Said, limit_bytes: int | None = None) -> Attached:
    """Examine, store and add a file; a refused one raises BadInputError and changes nothing.

    `limit_bytes`: another limit than `max_document_bytes`. The case is looked up before the bytes are read, and locked
    only after.
    """
    check_loinc(said.loinc)
    _check_date(said.documented_on)
    with transaction() as session:  # an unknown or closed case is told before a large file is read
        cases.check_is_open(cases.by_reference(session, reference))
    taken = take_in(source, limit_bytes)
    with acting_on(reference) as context:
        added = documents.add(context.session, context.case, taken, said, actor, context.now)
        for document in added:
            if document.loinc == CONSENT_FORM and not document.names_somebody_else:
                record_consent(context, actor, document_id=document.id)
        take_up_papers(context)
        warnings = [
            warning.value
            for one in _with_parts(taken)
            for warning in documents.warnings(context.session, context.case, one)
        ]
    return Attached(added, list(dict.fromkeys(warnings)), already_there=not added)


def _with_parts(taken: TakenIn) -> Iterator[TakenIn]:
    yield taken
    for part in taken.parts:
        yield from _with_parts(part)


def check_loinc(code: str) -> None:
    """Raises BadInputError for a code that no pathway knows."""
    if code and code not in document_types():
        raise BadInputError(
            f"Unknown document type {code!r}.",
            "Give the LOINC code of a document that a pathway asks for, or none.",
            place="loinc",
        )


def _check_date(on: date | None) -> None:
    """Raises BadInputError for a day that is not yet anywhere: it would keep the document from ever being too old."""
    if on is not None and on > clock.now().date() + timedelta(days=1):
        raise BadInputError(
            "A document cannot be of a day to come.", "Give the date that stands on it.", place="document_date"
        )
