"""Organisations and practitioners, however a reference leads to them. Source: FHIR R4."""

from collections.abc import Iterable, Iterator
from typing import Any

from secunda.adapters.contacts import contact
from secunda.adapters.fhir.entries import Entries, Entry, identifiers
from secunda.adapters.fhir.incoming import IncomingOrganisation
from secunda.adapters.fhir.values import Json, child, children, human_name, text

MAX_NAME = 120  # characters that a case keeps of an organisation's name

#: Through which element each resource leads on to an organisation.
_LEADS_TO = {
    "PractitionerRole": "organization",
    "Location": "managingOrganization",
    "Encounter": "serviceProvider",
    "HealthcareService": "providedBy",
    "Coverage": "payor",
}


def organisation(resource: Json) -> IncomingOrganisation:
    points = [contact(text(one, "system"), text(one, "value")) for one in children(resource, "telecom")]
    return IncomingOrganisation(
        name=text(resource, "name")[:MAX_NAME],
        identifiers=tuple(
            dict.fromkeys(f"{text(one, 'system')}|{text(one, 'value')}" for one in identifiers(resource))
        ),
        email=next((one.value for one in points if one.system == "email"), ""),
        phone=next((one.value for one in points if one.system == "phone"), ""),
    )


def organisation_of(reference: Any, at: Entry, entries: Entries, hops: int = 4) -> IncomingOrganisation | None:
    """The organisation that a reference (or the first of several) leads to, or through a role, place, coverage.

    A reference that leads nowhere still gives the name that it displays. `hops` ends circles.
    """
    found = (_through(step, at, entries, hops) for step in _steps(reference)) if hops else ()
    return next((one for one in found if one is not None), None)


def _through(step: Json, at: Entry, entries: Entries, hops: int) -> IncomingOrganisation | None:
    target = entries.find(step, at)
    if target is None:
        return IncomingOrganisation(name=text(step, "display")[:MAX_NAME]) if text(step, "display") else None
    if target.type == "Organization":
        return organisation(target.resource)
    further = organisation_of(target.resource.get(_LEADS_TO.get(target.type, "")), target, entries, hops - 1)
    if further is None and target.type == "Location" and text(target.resource, "name"):
        return IncomingOrganisation(name=text(target.resource, "name")[:MAX_NAME])
    return further


def _steps(reference: Any) -> Iterator[Json]:
    for one in reference if isinstance(reference, list) else [reference]:
        if isinstance(one, dict):
            yield one


def person_name(resource: Json) -> str:
    return " ".join(part for part in human_name(children(resource, "name")) if part)


def practitioner_names(references: Iterable[Any], at: Entry, entries: Entries) -> tuple[str, ...]:
    """The names of the people that references lead to, directly or through their role, each once."""
    found = (_person(reference, at, entries) for reference in references)
    return tuple(dict.fromkeys(name for name in found if name))


def _person(reference: Any, at: Entry, entries: Entries) -> str:
    target = entries.find(reference, at)
    if target is not None and target.type == "PractitionerRole":
        reference = target.resource.get("practitioner")
        target = entries.find(reference, target)
    if target is None:
        return text(reference, "display") if isinstance(reference, dict) else ""
    return person_name(target.resource) if target.type == "Practitioner" else ""


def source_of(entry: Entry, entries: Entries, *elements: str) -> str:
    """The name of whoever a document came from: the first of `elements` that leads to an organisation, or a person."""
    for element in elements:
        found = organisation_of(entry.resource.get(element), entry, entries)
        if found is not None and found.name:
            return found.name
    references = [one for element in elements for one in _steps(entry.resource.get(element))]
    return next(iter(practitioner_names(references, entry, entries)), "")


def encounter_provider(entry: Entry, entries: Entries) -> str:
    """The organisation at which the encounter of a resource took place."""
    context = children(child(entry.resource, "context"), "encounter")  # of a DocumentReference, a list
    found = organisation_of(entry.resource.get("encounter") or context, entry, entries)
    return found.name if found else ""
