"""Launching a case from a FHIR R4 bundle: everything is checked first, then one transaction writes it all."""

from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from io import BytesIO

from sqlmodel import Session, col, select

from models import Case, CaseRecord, Question
from pathways import loader
from pathways.eligibility import eligibility, suggest
from pathways.facts import ClinicalRecord
from pathways.loader import LoadedPathway
from pathways.triage import triage
from pathways.vocabulary import CodeSystem, Coding, Specialty, Urgency
from secunda import cases, clock, documents, events
from secunda.actions.triage import check_flags
from secunda.adapters.fhir.incoming import IncomingBundle, IncomingDocument
from secunda.adapters.fhir.reading import read_bundle
from secunda.adapters.intake import TakenIn, take_in
from secunda.case_context import as_json, facts_of, jurisdiction
from secunda.db import transaction
from secunda.documents import Said
from secunda.errors import BadInputError, ConflictError
from secunda.patients import patient_row
from secunda.pinning import pin
from secunda.references import new_reference
from secunda.settings import settings


@dataclass(frozen=True)
class Request:
    """What is asked besides the bundle. Empty fields are taken from the bundle's own request, if it has one.

    `why_not_eligible` is the reason for launching although the codes or the age do not fit the pathway.
    """

    specialty: Specialty | None = None
    requester: str = ""
    requester_email: str = ""
    payer: str = ""
    language: str = ""
    jurisdiction: str = ""
    first_institution: str = ""
    operating_site: str = ""
    questions: tuple[str, ...] = ()
    patient_questions: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    planned_procedure: str = ""
    procedure_on: date | None = None
    treatment_starts_on: date | None = None
    first_symptoms_on: date | None = None
    why_not_eligible: str = ""


@dataclass(frozen=True)
class Launched:
    """The new case, and what its sender should know."""

    reference: str
    specialty: Specialty
    expected_urgency: Urgency
    documents: int
    refused_documents: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def launch(bundle: bytes, request: Request, actor: str) -> Launched:
    """Open a case; raises BadInputError with place and remedy, and ConflictError for the same request again."""
    incoming = read_bundle(bundle)
    loaded = _pathway(incoming, request)
    jurisdiction(request.jurisdiction or settings().jurisdiction)
    check_flags(list(request.flags), {flag.key for flag in loaded.pathway.flags})
    digest = _digest(incoming, request, loaded)
    with transaction() as session:
        _check_is_new(session, digest)
    with ExitStack() as stack:
        taken, refused = _take_in_all(stack, incoming)
        with transaction() as session:
            _check_is_new(session, digest)
            case = _open(session, incoming, request, loaded, digest, actor)
            _add_documents(session, case, incoming, taken, actor)
            expected = _expect(session, case, incoming, loaded, request, actor)
            cases.request_wake(session, case, clock.wall())
    return Launched(
        reference=case.reference,
        specialty=Specialty(case.specialty),
        expected_urgency=expected,
        documents=len(taken),
        refused_documents=refused,
        warnings=[f"{noticed.pointer}: {noticed.warning.value}" for noticed in incoming.noticed],
    )


def _codings(incoming: IncomingBundle, request: Request) -> list[Coding]:
    """The codes that eligibility goes by: active conditions, the reason, the planned procedure, then the history."""
    record = incoming.record
    items = [*(item for item in record.conditions if item.active), *record.procedures]
    items += [item for item in record.conditions if not item.active]
    found = [coding for item in items for coding in item.codings]
    asked = incoming.request
    if asked is not None:
        found = [*asked.reason_codings, *([asked.planned_procedure] if asked.planned_procedure else []), *found]
    if request.planned_procedure:
        found.insert(0, Coding(system=CodeSystem.CPT, code=request.planned_procedure))
    return found


def _pathway(incoming: IncomingBundle, request: Request) -> LoadedPathway:
    """The pathway named, or the one whose codes fit best; raises BadInputError when the case may not enter it."""
    pathways = loader.load_all(settings().pathway_folder)
    codings = _codings(incoming, request)
    fitting = suggest({name: loaded.pathway for name, loaded in pathways.items()}, codings)
    if request.specialty is None:
        if not fitting:
            raise BadInputError(
                "No pathway takes these conditions.",
                "Name one and say why: `--pathway chronic_disease --accept-ineligible '…'`.",
                place="/entry",
            )
        return pathways[fitting[0].specialty]
    loaded = pathways[request.specialty]
    allowed = eligibility(loaded.pathway, _facts_at_launch(incoming), codings)
    if not allowed.eligible and not request.why_not_eligible.strip():
        others = ", ".join(suggestion.specialty for suggestion in fitting) or "none"
        raise BadInputError(
            " ".join(allowed.reasons),
            f"Pathways that fit: {others}. Or say why it may enter: `--accept-ineligible '…'`.",
            place="pathway",
        )
    return loaded


def _facts_at_launch(incoming: IncomingBundle) -> "object":
    from secunda.adapters.facts import case_facts

    return case_facts(incoming.record, documents=[], today=clock.now().date())


def _digest(incoming: IncomingBundle, request: Request, loaded: LoadedPathway) -> str:
    """The same bundle asked of the same pathway for the same requester, payer and procedure is the same request."""
    said = (
        incoming.sha256,
        loaded.pathway.pathway,
        request.requester,
        request.payer,
        request.planned_procedure,
        *request.questions,
        *request.patient_questions,
    )
    return sha256("\x1f".join(said).encode()).hexdigest()


def _check_is_new(session: Session, digest: str) -> None:
    known = session.exec(select(Case.reference).where(col(Case.request_digest) == digest)).first()
    if known is not None:
        raise ConflictError(f"This request was launched already: {known}.", f"`secunda case show {known}` shows it.")


def _take_in_all(stack: ExitStack, incoming: IncomingBundle) -> tuple[list[tuple[IncomingDocument, TakenIn]], list[str]]:
    """Store the attachments; one that is refused is named, and does not keep the case from being opened."""
    taken, refused = [], []
    for document in incoming.documents:
        if document.content is None:
            continue
        try:
            taken.append((document, take_in(BytesIO(document.content))))
        except BadInputError as refusal:
            refused.append(f"{document.pointer}: {refusal.message}")
    return taken, refused


def _open(
    session: Session, incoming: IncomingBundle, request: Request, loaded: LoadedPathway, digest: str, actor: str
) -> Case:
    now = clock.now()
    patient = patient_row(session, incoming.record.patient)
    asked = incoming.request
    case = Case(
        reference=new_reference(session),
        request_digest=digest,
        specialty=loaded.pathway.pathway,
        pathway_hash=pin(session, loaded, now),
        jurisdiction=request.jurisdiction or settings().jurisdiction,
        language=request.language or patient.language,
        payer=request.payer,
        requester=request.requester or (asked.requester.name if asked and asked.requester else ""),
        requester_email=request.requester_email or (asked.requester.email if asked and asked.requester else ""),
        first_institution=request.first_institution,
        operating_site=request.operating_site or (asked.performer.name if asked and asked.performer else ""),
        treating_practitioners=sorted(set(incoming.practitioners)),
        planned_procedure=request.planned_procedure
        or (asked.planned_procedure.code if asked and asked.planned_procedure else ""),
        procedure_on=request.procedure_on or (asked.procedure_on if asked else None),
        treatment_starts_on=request.treatment_starts_on,
        first_symptoms_on=request.first_symptoms_on,
        flags=sorted(set(request.flags)),
        patient_id=patient.id,
        launched_at=now,
    )
    session.add(case)
    session.flush()
    session.add(
        CaseRecord(
            case_id=case.id, content=as_json(incoming.record), source_sha256=incoming.sha256, received_at=now
        )
    )
    _add_questions(session, case, incoming, request)
    return case


def _add_questions(session: Session, case: Case, incoming: IncomingBundle, request: Request) -> None:
    asked = incoming.request.questions if incoming.request else ()
    texts = [("requester", text) for text in request.questions]
    texts += [("patient", text) for text in request.patient_questions]
    texts += [(question.asked_by, question.text) for question in asked]
    for number, (asked_by, text) in enumerate(dict.fromkeys(texts), start=1):
        session.add(Question(case_id=case.id, number=number, asked_by=asked_by, text=text))


def _add_documents(
    session: Session,
    case: Case,
    incoming: IncomingBundle,
    taken: list[tuple[IncomingDocument, TakenIn]],
    actor: str,
) -> None:
    now = clock.now()
    stored = {id(document) for document, _ in taken}
    for document, file in taken:
        documents.add(session, case, file, _said(document), actor, now)
    for document in incoming.documents:
        if id(document) not in stored and document.content is None:
            documents.add_pointer(session, case, _said(document), actor, now)


def _said(document: IncomingDocument) -> Said:
    return Said(
        title=document.title,
        loinc=document.loinc,
        documented_on=document.documented_on,
        source=document.source,
        source_url=document.source_url,
        modality=document.modality,
        study_uid=document.study_uid,
        frames=document.frames,
    )


def _expect(
    session: Session, case: Case, incoming: IncomingBundle, loaded: LoadedPathway, request: Request, actor: str
) -> Urgency:
    """The class that the facts give so far; triage decides when the file is complete."""
    record = ClinicalRecord.model_validate(incoming.record)
    expected = triage(loaded.pathway, facts_of(case, record, [], clock.now())).urgency
    case.urgency = expected.value
    events.record(
        session,
        case,
        "launched",
        actor,
        clock.now(),
        specialty=case.specialty,
        pathway_hash=case.pathway_hash,
        bundle_sha256=incoming.sha256,
        expected_urgency=expected,
        payer=case.payer,
        why_not_eligible=request.why_not_eligible,
    )
    return expected
