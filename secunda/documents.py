"""The documents of a case as rows: numbered, each file once, with what its bytes told."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, col, func, select

from models import Case, CaseRecord, Document
from pathways.facts import PatientDemographics
from secunda import events
from secunda.adapters.file_facts import FileWarning
from secunda.adapters.identity import differences
from secunda.adapters.intake import TakenIn

#: Differences that keep a document from being used until a coordinator has looked at it.
NOT_THIS_PATIENT = {FileWarning.PATIENT_NAME_DIFFERS, FileWarning.PATIENT_BIRTH_DATE_DIFFERS}


@dataclass(frozen=True)
class Said:
    """What the sender says of a document; the bytes decide where both speak."""

    title: str = ""
    loinc: str = ""
    documented_on: date | None = None
    source: str = ""
    source_url: str = ""
    source_sha1: str = ""
    modality: str = ""
    study_uid: str = ""
    frames: int | None = None


def add(session: Session, case: Case, taken: TakenIn, said: Said, actor: str, at: datetime) -> list[Document]:
    """Add a stored file, and what was inside it, to the case; a file that the case has already is not added again.

    Returns the rows that are new.
    """
    is_there = find(session, case, taken.file.sha256) is not None
    added = [] if is_there else [_add(session, case, taken, said, actor, at)]
    for part in taken.parts:
        added += add(session, case, part, Said(source=said.source), actor, at)
    return added


def find(session: Session, case: Case, sha256: str) -> Document | None:
    """The case's document with these bytes."""
    return session.exec(select(Document).where(Document.case_id == case.id, Document.sha256 == sha256)).first()


def _add(session: Session, case: Case, taken: TakenIn, said: Said, actor: str, at: datetime) -> Document:
    document = Document(case_id=case.id, number=next_number(session, case), received_at=at, received_from=actor)
    describe(document, taken, said)
    document.names_somebody_else = not NOT_THIS_PATIENT.isdisjoint(warnings(session, case, taken))
    session.add(document)
    session.flush()
    record_receipt(session, case, document, taken, actor, at)
    return document


def describe(document: Document, taken: TakenIn, said: Said) -> None:
    """Fill the row from the bytes and what the sender said."""
    facts = taken.facts
    document.sha256, document.size = taken.file.sha256, taken.file.size
    document.media_type = facts.media_type
    document.pages, document.frames = facts.pages, facts.frames or said.frames
    document.loinc = said.loinc or facts.loinc
    document.title = said.title or facts.title
    document.documented_on = said.documented_on or facts.documented_on
    document.source = said.source or facts.source
    document.modality = facts.modality or said.modality
    document.study_uid = facts.study_uid or said.study_uid


def record_receipt(session: Session, case: Case, document: Document, taken: TakenIn, actor: str, at: datetime) -> None:
    events.record(
        session,
        case,
        "document_received",
        actor,
        at,
        number=document.number,
        loinc=document.loinc,
        media_type=document.media_type,
        sha256=document.sha256,
        size=document.size,
        warnings=warnings(session, case, taken),
    )


def warnings(session: Session, case: Case, taken: TakenIn) -> list[FileWarning]:
    """What a coordinator should look at in this file: first of all that it is about somebody else."""
    found = taken.facts
    if found.patient is None:
        return list(found.warnings)
    query = select(CaseRecord).where(CaseRecord.case_id == case.id).order_by(col(CaseRecord.received_at).desc())
    expected = PatientDemographics.model_validate(session.exec(query.limit(1)).one().content["patient"])
    return [*differences(found.patient, expected), *found.warnings]


def add_pointer(session: Session, case: Case, said: Said, actor: str, at: datetime) -> Document:
    """Add a document that the source only names or points at; it counts as received when its bytes are there."""
    document = Document(
        case_id=case.id,
        number=next_number(session, case),
        loinc=said.loinc,
        title=said.title,
        documented_on=said.documented_on,
        source=said.source,
        source_url=said.source_url,
        source_sha1=said.source_sha1,
        modality=said.modality,
        study_uid=said.study_uid,
        frames=said.frames,
        received_at=at,
        received_from=actor,
    )
    session.add(document)
    session.flush()
    events.record(session, case, "document_named", actor, at, number=document.number, loinc=document.loinc)
    return document


def refuse(session: Session, case: Case, document: Document, why: str, actor: str, at: datetime) -> None:
    """Note why the bytes of a document that was named are not here. The reason stays on the document, for people."""
    document.refusal = why
    session.add(document)
    events.record(session, case, "document_refused", actor, at, number=document.number, loinc=document.loinc)


def next_number(session: Session, case: Case) -> int:
    last = session.exec(select(func.max(col(Document.number))).where(Document.case_id == case.id)).one()
    return (last or 0) + 1
