"""The one patient of a bundle: finding them, and reading who they are. Source: FHIR R4 Patient."""

from datetime import date
from typing import Any

from pathways.facts import ContactPoint, PatientDemographics, PatientIdentifier
from pathways.vocabulary import Language
from secunda.adapters.contacts import contact
from secunda.adapters.fhir.entries import Entries, Entry, identifiers
from secunda.adapters.fhir.modifiers import WHAT, modifier_in
from secunda.adapters.fhir.problems import BundleError, Problem, expression, pointer
from secunda.adapters.fhir.values import Json, child, children, codes_of, human_name, text, texts, to_date

MANY = 20  # different patients, after which nobody counts on
MAX_AGE = 130  # years; older is a typing error
_SEXES = {"female": "female", "male": "male", "other": "other"}
#: Elements that name whose the resource is, and those that name who pays for somebody else.
SUBJECTS = ("subject", "patient", "beneficiary", "for")
_PAYING = ("subscriber", "policyHolder", "payor", "payee", "guarantor")


def find_patient(entries: Entries) -> Entry:
    """The patient that the bundle is about. A person who only holds the insurance policy is not.

    Raises BundleError for none, and for several, naming where each stands.
    """
    found = _distinct(entries.of("Patient")) or _distinct(_contained_patients(entries))
    if not found:
        raise BundleError(
            "The bundle has no Patient.",
            "Add the Patient resource that the records are about; a reference to one elsewhere is not enough.",
            place="/entry",
        )
    about = [patient for patient in found if len(found) == 1 or _is_subject(patient, entries)]
    if len(about) == 1:
        return about[0]
    several = about or found
    places = " and ".join(patient.pointer for patient in several[:5])
    problems = tuple(
        Problem(patient.pointer, expression("Patient", patient.number, ()), "is one patient of several")
        for patient in several
    )
    raise BundleError(
        f"The bundle has {len(several)}{' or more' if len(several) == MANY else ''} patients: {places}.",
        "Send one bundle for each patient; a policy holder may stand beside the patient when only Coverage names them.",
        problems,
    )


def _distinct(patients: list[Entry]) -> list[Entry]:
    """The same patient entered twice (as searches and histories do) is one."""
    kept: list[Entry] = []
    for patient in patients:
        if len(kept) == MANY:
            break
        if not any(_same(patient, other) for other in kept):
            kept.append(patient)
    return kept


def _same(one: Entry, other: Entry) -> bool:
    if one.contained is not None and other.contained is not None:
        return one.resource == other.resource
    return (bool(one.full_url) and one.full_url == other.full_url) or one.resource == other.resource


def _contained_patients(entries: Entries) -> list[Entry]:
    return [
        Entry(entry.number, resource, contained=index)
        for entry in entries.all
        for index, resource in enumerate(children(entry.resource, "contained"))
        if text(resource, "resourceType") == "Patient"
    ]


def _is_subject(patient: Entry, entries: Entries) -> bool:
    """Whether any resource is about this person."""
    for entry in entries.all:
        for name in SUBJECTS:
            target = entries.find(entry.resource.get(name), entry)
            if target is not None and target.number == patient.number and target.type == "Patient":
                return True
    return not _only_pays(patient, entries)


def _only_pays(patient: Entry, entries: Entries) -> bool:
    targets = (entries.find(entry.resource.get(name), entry) for entry in entries.of("Coverage") for name in _PAYING)
    return any(target is not None and target.number == patient.number for target in targets)


def read_patient(patient: Entry, today: date) -> PatientDemographics:
    """Who the patient is.

    Raises BundleError for a birth date in the future, or more than `MAX_AGE` years ago, and for a modifier that is not
    understood: the patient may be another one than it looks.
    """
    resource = patient.resource
    _refuse_modifier(patient)
    given, family = human_name(children(resource, "name"))
    return PatientDemographics(
        identifiers=tuple(_identifiers(resource)),
        given_name=given,
        family_name=family,
        birth_date=_birth_date(patient, today),
        sex=_word(_SEXES, text(resource, "gender"), "unknown"),
        address=_address(children(resource, "address")),
        telecom=tuple(_telecom(resource)),
        language=_language(resource),
    )


def _refuse_modifier(patient: Entry) -> None:
    steps = modifier_in(patient.resource)
    if steps is not None:
        where, path = pointer(*steps), expression("Patient", patient.number, steps)
        raise BundleError(
            f"The patient cannot be relied on: {path} may turn the meaning round, and is not understood.",
            "Send the Patient without it.",
            (Problem(patient.pointer + where, path, WHAT),),
        )


def _word(table: dict[str, str], key: str, default: str) -> Any:
    return table.get(key, default)


def _birth_date(patient: Entry, today: date) -> date | None:
    born = to_date(patient.resource.get("birthDate"))
    if born is not None and not (today.year - MAX_AGE <= born.year and born <= today):
        problem = Problem(
            f"{patient.pointer}/birthDate",
            expression("Patient", patient.number, ("birthDate",)),
            "is in the future, or too long ago",
        )
        raise BundleError(
            f"The patient's birth date is in the future, or more than {MAX_AGE} years ago.",
            "Correct it in the sending system.",
            (problem,),
        )
    return born


def _identifiers(resource: Json) -> list[PatientIdentifier]:
    current = (one for one in identifiers(resource) if text(one, "use") != "old" and text(one, "value"))
    return [PatientIdentifier(system=text(one, "system"), value=text(one, "value")) for one in current]


def _address(addresses: list[Json]) -> str:
    current = [one for one in addresses if text(one, "use") != "old"] or addresses
    if not current:
        return ""
    home = next((one for one in current if text(one, "use") == "home"), current[0])
    parts = [*texts(home, "line"), *(text(home, name) for name in ("postalCode", "city", "state", "country"))]
    return text(home, "text") or ", ".join(part for part in parts if part)


def _telecom(resource: Json) -> list[ContactPoint]:
    current = (one for one in children(resource, "telecom") if text(one, "use") != "old" and text(one, "value"))
    return [contact(text(one, "system"), text(one, "value")) for one in current]


def _language(resource: Json) -> Language | None:
    """The language that the patient prefers, else the first that is named."""
    spoken = sorted(children(resource, "communication"), key=lambda one: one.get("preferred") is not True)
    codes = (code[:2].lower() for one in spoken for code in sorted(codes_of(child(one, "language"))))
    return next((Language(code) for code in codes if code in set(Language)), None)
