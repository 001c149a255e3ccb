"""What a draft's files say together: the patient, the codes, the documents; which pathways fit and why; what is
missing; which class it would get. Nothing is written."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from pathways import loader
from pathways.eligibility import Suggestion, eligibility, suggest
from pathways.facts import PatientDemographics
from pathways.requirements import ReceivedDocument, match, requirements
from pathways.schema import DocumentRequirement, Flag
from pathways.triage import TriageResult, triage
from pathways.vocabulary import CodeSystem, Coding, Specialty
from secunda.adapters.facts import ahead, case_facts
from secunda.adapters.fhir.bundle import read_bundle
from secunda.adapters.fhir.incoming import IncomingBundle
from secunda.adapters.fhir.resource_file import MEDIA_TYPE as FHIR
from secunda.adapters.file_facts import FileFacts
from secunda.adapters.filetype import examine
from secunda.drafting.draft import Draft
from secunda.drafting.own_bundle import TypedPatient, bundle_of
from secunda.errors import BadInputError
from secunda.launch_request import Request, codings
from secunda.settings import settings


@dataclass(frozen=True)
class HandedIn:
    """One file: what it is, or why it is refused."""

    name: str
    facts: FileFacts | None
    refusal: str = ""
    is_bundle: bool = False


@dataclass(frozen=True)
class Understood:
    """`bundle` is None while the patient is not known; then only the files are told."""

    files: tuple[HandedIn, ...]
    patient: PatientDemographics | None = None
    bundle: bytes | None = field(default=None, repr=False)
    incoming: IncomingBundle | None = None
    codes: tuple[Coding, ...] = ()
    suggestions: tuple[Suggestion, ...] = ()
    chosen: Specialty | None = None
    why_not: tuple[str, ...] = ()
    asked: tuple[tuple[DocumentRequirement, bool], ...] = ()
    triage: TriageResult | None = None
    flags: tuple[Flag, ...] = ()
    problem: str = ""


def understand(draft: Draft, now: datetime) -> Understood:
    """Read all of it. A bundle among the files says who the patient is; else what was typed does."""
    files = tuple(_file(draft, name) for name in draft.files)
    found = Understood(files)
    try:
        bundle = _bundle(draft, files)
        incoming = read_bundle(bundle, now) if bundle else None
    except BadInputError as error:
        return replace(found, problem=str(error))
    if bundle is None or incoming is None:
        typed = next((one.facts.patient for one in files if one.facts and one.facts.patient), None)
        return replace(found, patient=typed)
    return _weighed(
        replace(found, bundle=bundle, incoming=incoming, patient=incoming.record.patient), draft, now.date()
    )


def request_of(said: dict[str, Any]) -> Request:
    """The launch's request from the fields of the form. Raises BadInputError for a date that is none."""
    return Request(
        specialty=Specialty(said["specialty"]) if said.get("specialty") in set(Specialty) else None,
        requester=said.get("requester", "").strip(),
        requester_email=said.get("requester_email", "").strip(),
        payer=said.get("payer", "").strip(),
        language=said.get("language", ""),
        jurisdiction=said.get("jurisdiction", ""),
        first_institution=said.get("first_institution", "").strip(),
        operating_site=said.get("operating_site", "").strip(),
        questions=_lines(said.get("questions", "")),
        patient_questions=_lines(said.get("patient_questions", "")),
        flags=tuple(said.get("flags", ())),
        planned_procedure=said.get("planned_procedure", "").strip(),
        procedure_on=_day(said.get("procedure_on", ""), "procedure_on"),
        treatment_starts_on=_day(said.get("treatment_starts_on", ""), "treatment_starts_on"),
        why_not_eligible=said.get("why_not_eligible", "").strip(),
    )


def _file(draft: Draft, name: str) -> HandedIn:
    try:
        facts = examine(draft.path(name))
    except BadInputError as refusal:
        return HandedIn(name, None, str(refusal))
    return HandedIn(name, facts, is_bundle=facts.media_type == FHIR and facts.title == "Bundle")


def _bundle(draft: Draft, files: Sequence[HandedIn]) -> bytes | None:
    """The bundle that was handed in, or one of what was typed; None while neither is enough."""
    handed = [one for one in files if one.is_bundle]
    if len(handed) > 1:
        raise BadInputError("There are two FHIR bundles.", "A case is launched from one.")
    if handed:
        return draft.path(handed[0].name).read_bytes()
    said = draft.said
    if not said.get("family_name"):
        return None
    patient = TypedPatient(
        said["family_name"].strip(),
        said.get("given_name", "").strip(),
        _day(said.get("birth_date", ""), "birth_date"),
        said.get("sex", "unknown"),
        said.get("identifier", "").strip(),
        said.get("email", "").strip(),
        said.get("phone", "").strip(),
    )
    return bundle_of(patient, [*_typed_codes(said.get("diagnoses", "")), *_codes_of(files)])


def _typed_codes(written: str) -> list[Coding]:
    """`C50.9, G35`: ICD-10 codes; one of digits alone is SNOMED CT."""
    codes = [one.strip() for one in written.replace("\n", ",").replace(";", ",").split(",") if one.strip()]
    return [
        Coding(system=CodeSystem.SNOMED_CT if one.isdigit() else CodeSystem.ICD_10, code=one.upper()[:64])
        for one in codes[:30]
    ]


def _codes_of(files: Sequence[HandedIn]) -> list[Coding]:
    """Active problems of the clinical documents, in systems that pathways know."""
    known = (CodeSystem.ICD_10, CodeSystem.SNOMED_CT, CodeSystem.ORPHA)
    records = [one.facts.record for one in files if one.facts and one.facts.record]
    found = [code for record in records for item in record.conditions if item.active for code in item.codings]
    return list(dict.fromkeys(code for code in found if code.system in known))


def _weighed(found: Understood, draft: Draft, today: date) -> Understood:
    incoming = found.incoming
    if incoming is None:
        return found
    request = request_of(draft.said)
    codes = tuple(codings(incoming, request))
    pathways = {name: loaded.pathway for name, loaded in loader.load_all(settings().pathway_folder).items()}
    fitting = suggest(pathways, codes)
    chosen = request.specialty or (fitting[0].specialty if fitting else None)
    found = replace(found, codes=codes, suggestions=fitting, chosen=chosen)
    if chosen is None:
        return found
    pathway, held = pathways[chosen], _documents(found, draft.said)
    facts = case_facts(
        incoming.record,
        today=today,
        documents=held,
        flags=tuple(flag for flag in request.flags if flag in {one.key for one in pathway.flags}),
        planned_procedure=request.planned_procedure,
        procedure_on=ahead(
            request.procedure_on or (incoming.request.procedure_on if incoming.request else None), today
        ),
        treatment_starts_on=request.treatment_starts_on,
        payer=request.payer,
    )
    return replace(
        found,
        why_not=eligibility(pathway, facts, codes).reasons,
        asked=tuple((one, match(one, held, today).is_met) for one in requirements(pathway, facts)),
        triage=triage(pathway, facts),
        flags=pathway.flags,
    )


def _documents(found: Understood, said: dict[str, Any]) -> list[ReceivedDocument]:
    carried = found.incoming.documents if found.incoming else ()
    held = [
        ReceivedDocument(
            id=one.pointer,
            loinc=one.loinc,
            media_type=one.media_type,
            documented_on=one.documented_on,
            modality=one.modality,
            frames=one.frames,
        )
        for one in carried
        if one.content is not None
    ]
    return held + [
        ReceivedDocument(
            id=one.name,
            loinc=said.get(f"loinc:{one.name}") or one.facts.loinc,
            media_type=one.facts.media_type,
            documented_on=_day(said.get(f"on:{one.name}", ""), one.name) or one.facts.documented_on,
            modality=one.facts.modality,
            frames=one.facts.frames,
        )
        for one in found.files
        if one.facts and not one.is_bundle
    ]


def _lines(written: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in written.splitlines() if line.strip())


def _day(written: str, place: str) -> date | None:
    try:
        return date.fromisoformat(written) if written else None
    except ValueError:
        raise BadInputError(f"{written!r} is no date.", "Write it as 2026-03-31.", place=place) from None
