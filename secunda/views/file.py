"""The file of a case: what the pathway asks for and what was received."""

from collections.abc import Iterable
from datetime import date, datetime

from sqlmodel import col, select

from models import Document, Event, Requirement
from models.status import RequirementStatus
from pathways.requirements import Mismatch, match
from pathways.schema import DocumentRequirement, HeldBy, Obligation
from pathways.terminology import document_types
from pathways.vocabulary import Frozen, Text
from secunda.case_context import CaseContext


class NearMiss(Frozen):
    """A document of the right kind that does not meet the requirement, and why."""

    document: int
    reason: Mismatch


class RequirementView(Frozen):
    """One line of the checklist. `document` is the number of the one that meets it."""

    key: str
    title: Text
    loinc: tuple[str, ...]
    obligation: Obligation
    held_by: HeldBy
    status: RequirementStatus
    document: int | None
    reason: str
    decided_by: str
    near_misses: tuple[NearMiss, ...]


class DocumentView(Frozen):
    """One document. `received`: its bytes are here. Else it was only named, could not be taken in (`refusal`), or is
    the same file as another one (`same_as`, its number).

    `names_somebody_else`: kept apart until a coordinator confirms that it is about this patient.
    `warnings`: what a coordinator should look at (`secunda.adapters.file_facts.FileWarning`).
    """

    number: int
    title: str
    loinc: str
    kind: Text | None
    documented_on: date | None
    media_type: str
    pages: int | None
    size: int
    sha256: str
    source: str
    received: bool
    received_at: datetime
    received_from: str
    refusal: str
    same_as: int | None
    names_somebody_else: bool
    warnings: tuple[str, ...]


def checklist(context: CaseContext) -> tuple[RequirementView, ...]:
    """In the pathway's order."""
    query = select(Requirement).where(Requirement.case_id == context.case.id).order_by(col(Requirement.key))
    kept = {row.key: row for row in context.session.exec(query)}
    return tuple(_asked(context, asked, kept[asked.key]) for asked in context.pathway.documents if asked.key in kept)


def _asked(context: CaseContext, asked: DocumentRequirement, row: Requirement) -> RequirementView:
    numbers = {document.id: document.number for document in context.documents}
    return RequirementView(
        key=row.key,
        title=asked.title,
        loinc=asked.loinc,
        obligation=Obligation(row.obligation),
        held_by=asked.held_by,
        status=row.status,
        document=numbers[row.document_id] if row.document_id else None,
        reason=row.reason,
        decided_by=row.decided_by,
        near_misses=_near_misses(context, asked) if row.status is RequirementStatus.PENDING else (),
    )


def _near_misses(context: CaseContext, asked: DocumentRequirement) -> tuple[NearMiss, ...]:
    numbers = {str(document.id): document.number for document in context.documents}
    found = match(asked, context.received(), context.now.date()).rejected
    return tuple(NearMiss(document=numbers[near.id], reason=near.reason) for near in found)


def documents(context: CaseContext) -> tuple[DocumentView, ...]:
    """In the order received."""
    query = select(Event).where(Event.case_id == context.case.id, Event.kind == "document_received")
    warnings = {event.data["number"]: event.data["warnings"] for event in context.session.exec(query)}
    return tuple(_document(row, warnings.get(row.number, ())) for row in context.documents)


def _document(row: Document, warnings: Iterable[str]) -> DocumentView:
    kind = document_types().get(row.loinc)
    return DocumentView(
        number=row.number,
        title=row.title,
        loinc=row.loinc,
        kind=Text(en=kind.en, es=kind.es) if kind else None,
        documented_on=row.documented_on,
        media_type=row.media_type,
        pages=row.pages,
        size=row.size,
        sha256=row.sha256 or "",
        source=row.source,
        received=row.sha256 is not None,
        received_at=row.received_at,
        received_from=row.received_from,
        refusal=row.refusal,
        same_as=row.same_as,
        names_somebody_else=row.names_somebody_else,
        warnings=tuple(warnings),
    )
