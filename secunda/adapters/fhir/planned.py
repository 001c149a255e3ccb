"""The procedure that is planned, and when: the coding by which pathways recognise it. Source: FHIR R4, PAS 2.2."""

from datetime import date
from typing import Any

from pathways.vocabulary import CodeSystem, Coding
from secunda.adapters.fhir.entries import Entries, Entry
from secunda.adapters.fhir.values import Json, child, children, chosen_date, codings_of, text, to_date

_PROCEDURE_SYSTEMS = (CodeSystem.CPT, CodeSystem.OPS, CodeSystem.SNOMED_CT)
#: SNOMED CT codes of consultations and referrals: what is asked for, not what is to be operated.
_CONSULTATIONS = {"11429006", "103696004", "183561008", "306206005", "308292007", "3457005", "185349003", "390906007"}
_REQUESTED_SERVICE = "extension-requestedService"
Planned = tuple[Coding | None, date | None]


def planned_of_service(entry: Entry, entries: Entries) -> Planned:
    resource = entry.resource
    on = chosen_date(resource, "occurrence")
    if not on and (bounds := child(resource, "occurrenceTiming", "repeat", "boundsPeriod")):
        on = to_date(bounds.get("start"))
    for concept in (child(resource, "code"), *children(resource, "orderDetail")):
        if planned := _procedure_coding(concept):
            return planned, on
    for target in targets(resource.get("basedOn"), entry, entries) + targets(
        resource.get("supportingInfo"), entry, entries
    ):
        if target.type == "ServiceRequest" and (planned := _procedure_coding(code_of(target))):
            return planned, chosen_date(target.resource, "occurrence") or on
    return _planned_procedure(entries, on)


def _planned_procedure(entries: Entries, on: date | None) -> Planned:
    """A Procedure in preparation is one that is planned."""
    for target in entries.of("Procedure"):
        if text(target.resource, "status") == "preparation" and (planned := _procedure_coding(code_of(target))):
            return planned, chosen_date(target.resource, "performed") or on
    return None, on


def planned_of_claim(entry: Entry, entries: Entries) -> Planned:
    resource = entry.resource
    steps = [
        (child(one, "procedureCodeableConcept"), to_date(one.get("date"))) for one in children(resource, "procedure")
    ]
    steps += [(child(item, "productOrService"), chosen_date(item, "serviced")) for item in children(resource, "item")]
    for service in requested_services(resource, entry, entries):
        steps.append((code_of(service), chosen_date(service.resource, "occurrence")))
    dates = [on for _, on in steps if on is not None]
    for concept, on in steps:
        if planned := _procedure_coding(concept):
            return planned, on or min(dates, default=None)
    return None, min(dates, default=None)


def requested_services(resource: Json, entry: Entry, entries: Entries) -> list[Entry]:
    """Da Vinci PAS names the order by an extension, on the item or (as it first did) on the prescription."""
    holders = [*children(resource, "item"), child(resource, "prescription"), resource]
    references = [
        extension.get("valueReference")
        for holder in holders
        for extension in children(holder, "extension")
        if text(extension, "url").endswith(_REQUESTED_SERVICE)
    ]
    return [target for one in references if (target := entries.find(one, entry)) is not None]


def _procedure_coding(concept: Json) -> Coding | None:
    """The coding by which pathways recognise a procedure: CPT before OPS before SNOMED CT."""
    codings = codings_of(concept)
    for system in _PROCEDURE_SYSTEMS:
        for one in codings:
            if one.system is system and one.code not in _CONSULTATIONS:
                return one
    return None


def targets(references: Any, entry: Entry, entries: Entries) -> list[Entry]:
    found = (entries.find(one, entry) for one in as_list(references))
    return [one for one in found if one is not None]


def as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def code_of(entry: Entry) -> Json:
    return child(entry.resource, "code") or child(entry.resource, "codeCodeableConcept")
