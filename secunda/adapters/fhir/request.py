"""What is asked: a ServiceRequest, or a Claim for preauthorization (Da Vinci PAS).

Sources: FHIR R4 ServiceRequest and Claim, HL7 Da Vinci Prior Authorization Support 2.2.
"""

from secunda.adapters.fhir.entries import Entries, Entry, identifiers
from secunda.adapters.fhir.incoming import (
    BundleWarning,
    IncomingOrganisation,
    IncomingQuestion,
    IncomingRequest,
    Noticed,
)
from secunda.adapters.fhir.people import organisation_of, practitioner_names
from secunda.adapters.fhir.planned import (
    as_list,
    code_of,
    planned_of_claim,
    planned_of_service,
    requested_services,
    targets,
)
from secunda.adapters.fhir.values import (
    Json,
    child,
    children,
    codes_of,
    codings_of,
    concept_text,
    text,
)

SECOND_OPINION = "47040-1"  # LOINC "Consultation 2nd opinion"
_OPEN = {"active", "draft", "on-hold", ""}
_PRIORITIES = {"stat", "asap", "urgent", "routine"}
_ASKED_BY_PATIENT = ("Patient", "RelatedPerson")


def find_request(entries: Entries) -> tuple[Entry | None, list[Noticed]]:
    """The request of the bundle: marked as a second opinion, a preauthorization, or the only one that is open."""
    open_requests = [entry for entry in entries.of("ServiceRequest") if text(entry.resource, "status") in _OPEN]
    marked = [entry for entry in open_requests if _asks_second_opinion(entry.resource)]
    for found in (marked, _preauthorizations(entries), open_requests):
        if len(found) == 1:
            return found[0], []
        if found:
            return None, [Noticed(BundleWarning.SEVERAL_REQUESTS, entry.pointer) for entry in found]
    return None, []


def _asks_second_opinion(resource: Json) -> bool:
    concepts = [child(resource, "code"), *children(resource, "category")]
    return any(SECOND_OPINION in codes_of(concept) for concept in concepts)


def _preauthorizations(entries: Entries) -> list[Entry]:
    """Claims for preauthorization, without those that a newer one replaces."""
    claims = [
        entry
        for entry in entries.of("Claim")
        if text(entry.resource, "use") in ("preauthorization", "predetermination")
        and text(entry.resource, "status") in _OPEN
    ]
    targets = (
        entries.find(related.get("claim"), entry) for entry in claims for related in children(entry.resource, "related")
    )
    replaced = {target.number for target in targets if target is not None}
    return [entry for entry in claims if entry.number not in replaced]


def read_request(entry: Entry, entries: Entries) -> IncomingRequest:
    if entry.type == "Claim":
        return _from_claim(entry, entries)
    resource = entry.resource
    reasons = children(resource, "reasonCode")
    conditions = targets(resource.get("reasonReference"), entry, entries)
    coverages = targets(resource.get("insurance"), entry, entries) or entries.of("Coverage")
    planned, planned_on = planned_of_service(entry, entries)
    return IncomingRequest(
        pointer=entry.pointer,
        reason=_joined([_called(one) for one in (*reasons, *map(code_of, conditions))]),
        reason_codings=tuple(one for concept in (*reasons, *map(code_of, conditions)) for one in codings_of(concept)),
        questions=tuple(_questions(entry, entries)),
        planned_procedure=planned,
        procedure_on=planned_on,
        priority=_priority(text(resource, "priority")),
        identifiers=_identifiers(resource),
        requester=organisation_of(resource.get("requester"), entry, entries),
        performer=organisation_of(resource.get("performer"), entry, entries)
        or organisation_of(resource.get("locationReference"), entry, entries),
        payer=_payer(coverages, entries),
        practitioners=practitioner_names(as_list(resource.get("requester")), entry, entries),
    )


def _from_claim(entry: Entry, entries: Entries) -> IncomingRequest:
    resource = entry.resource
    diagnoses = children(resource, "diagnosis")
    coded = [child(one, "diagnosisCodeableConcept") for one in diagnoses]
    referred = [entries.find(one.get("diagnosisReference"), entry) for one in diagnoses]
    concepts = [one for one in coded if one] + [code_of(one) for one in referred if one is not None]
    care_team = [one.get("provider") for one in children(resource, "careTeam")]
    planned, planned_on = planned_of_claim(entry, entries)
    return IncomingRequest(
        pointer=entry.pointer,
        reason=_joined([_called(one) for one in concepts]),
        reason_codings=tuple(one for concept in concepts for one in codings_of(concept)),
        questions=tuple(
            IncomingQuestion("requester", written)
            for info in children(resource, "supportingInfo")
            if (written := text(info, "valueString")).endswith("?")
        ),
        planned_procedure=planned,
        procedure_on=planned_on,
        priority=_priority(next(iter(codes_of(child(resource, "priority"))), "")),
        identifiers=_identifiers(resource),
        requester=organisation_of(resource.get("provider"), entry, entries),
        performer=organisation_of(resource.get("facility"), entry, entries) or _performer_of_services(entry, entries),
        payer=organisation_of(resource.get("insurer"), entry, entries) or _payer(entries.of("Coverage"), entries),
        practitioners=practitioner_names([resource.get("enterer"), *care_team], entry, entries),
    )


def _performer_of_services(entry: Entry, entries: Entries) -> IncomingOrganisation | None:
    services = requested_services(entry.resource, entry, entries)
    found = (organisation_of(service.resource.get("performer"), service, entries) for service in services)
    return next((one for one in found if one is not None), None)


def _called(concept: Json) -> str:
    """The text of a reason, or its bare codes where nobody wrote one."""
    return concept_text(concept) or ", ".join(one.code for one in codings_of(concept))


def _questions(entry: Entry, entries: Entries) -> list[IncomingQuestion]:
    """Every note is a question; a note of several lines that ask is several."""
    questions = []
    for note in children(entry.resource, "note"):
        author = entries.find(note.get("authorReference"), entry)
        by_patient = author is not None and author.type in _ASKED_BY_PATIENT
        lines = [line.strip() for line in text(note, "text").splitlines() if line.strip()]
        asking = [line for line in lines if line.endswith("?")]
        written = asking if len(asking) > 1 else [" ".join(lines)]
        questions += [IncomingQuestion("patient" if by_patient else "requester", one) for one in written if one]
    return questions


def _payer(coverages: list[Entry], entries: Entries) -> IncomingOrganisation | None:
    found = (organisation_of(one.resource.get("payor"), one, entries) for one in coverages if one.type == "Coverage")
    return next((one for one in found if one is not None and one.name), None)


def _priority(code: str) -> str:
    return {"normal": "routine", "deferred": "routine"}.get(code, code if code in _PRIORITIES else "")


def _identifiers(resource: Json) -> tuple[str, ...]:
    return tuple(f"{text(one, 'system')}|{text(one, 'value')}" for one in identifiers(resource) if text(one, "value"))


def _joined(parts: list[str]) -> str:
    return "; ".join(dict.fromkeys(part for part in parts if part))
