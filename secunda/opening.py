"""The rows of a new case."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlmodel import Session

from models import Case, CaseRecord, Question
from pathways.loader import LoadedPathway
from secunda import documents
from secunda.adapters.fhir.incoming import IncomingBundle, IncomingDocument, IncomingRequest
from secunda.adapters.intake import TakenIn
from secunda.case_context import as_json
from secunda.documents import Said
from secunda.launch_request import Request
from secunda.patients import patient_row
from secunda.pinning import pin
from secunda.references import new_reference
from secunda.settings import settings

#: Asked where nobody asked anything: what every second opinion answers.
STANDARD_QUESTIONS = {
    "es": "¿Se confirman el diagnóstico y el tratamiento propuesto?",
    "ca": "Es confirmen el diagnòstic i el tractament proposat?",
    "en": "Are the diagnosis and the proposed treatment confirmed?",
    "fr": "Le diagnostic et le traitement proposé sont-ils confirmés ?",
    "de": "Werden die Diagnose und die vorgeschlagene Behandlung bestätigt?",
    "pt": "Confirmam-se o diagnóstico e o tratamento proposto?",
}


def open_case(
    session: Session, incoming: IncomingBundle, request: Request, loaded: LoadedPathway, digest: str, now: datetime
) -> Case:
    """The case with its patient, record and questions; its documents come after."""
    patient = patient_row(session, incoming.record.patient, request.payer)
    asked = incoming.request or IncomingRequest(pointer="")
    procedure = asked.planned_procedure.code if asked.planned_procedure else ""
    case = Case(
        reference=new_reference(session),
        request_digest=digest,
        specialty=loaded.pathway.pathway,
        pathway_hash=pin(session, loaded, now),
        jurisdiction=request.jurisdiction or settings().jurisdiction,
        language=request.language or patient.language,
        payer=request.payer,
        requester=request.requester or (asked.requester.name if asked.requester else ""),
        requester_email=request.requester_email or (asked.requester.email if asked.requester else ""),
        first_institution=request.first_institution,
        operating_site=request.operating_site or (asked.performer.name if asked.performer else ""),
        treating_practitioners=sorted(set(incoming.practitioners)),
        planned_procedure=request.planned_procedure or procedure,
        procedure_on=request.procedure_on or asked.procedure_on,
        treatment_starts_on=request.treatment_starts_on,
        first_symptoms_on=request.first_symptoms_on,
        flags=sorted(set(request.flags)),
        patient_id=patient.id,
        launched_at=now,
    )
    session.add(case)
    session.flush()
    record = as_json(incoming.record)
    session.add(CaseRecord(case_id=case.id, content=record, source_sha256=incoming.sha256, received_at=now))
    _add_questions(session, case, asked, request)
    return case


def _add_questions(session: Session, case: Case, asked: IncomingRequest, request: Request) -> None:
    texts = [("requester", text) for text in request.questions]
    texts += [("patient", text) for text in request.patient_questions]
    texts += [(question.asked_by, question.text) for question in asked.questions]
    texts = texts or [("requester", STANDARD_QUESTIONS[case.language])]
    for number, (asked_by, text) in enumerate(dict.fromkeys(texts), start=1):
        session.add(Question(case_id=case.id, number=number, asked_by=asked_by, text=text))


def add_documents(
    session: Session,
    case: Case,
    named: Iterable[IncomingDocument],
    taken: Mapping[str, TakenIn],
    refused: Mapping[str, str],
    actor: str,
    now: datetime,
) -> None:
    """The bundle's documents in its order: those whose bytes came (`taken`, by pointer), and those it only names.

    `refused`: by pointer, why the bytes that came were not taken in. Whoever looks at the case sees it there.
    """
    for document in named:
        if document.pointer in taken:
            documents.add(session, case, taken[document.pointer], _said(document), actor, now)
            continue
        row = documents.add_pointer(session, case, _said(document), actor, now)
        if document.pointer in refused:
            documents.refuse(session, case, row, refused[document.pointer], actor, now)


def _said(document: IncomingDocument) -> Said:
    return Said(
        title=document.title,
        loinc=document.loinc,
        documented_on=document.documented_on,
        source=document.source,
        source_url=document.source_url,
        source_sha1=document.expected_sha1,
        modality=document.modality,
        study_uid=document.study_uid,
        frames=document.frames,
    )
