"""Conditions, procedures, medications, allergies and observations as clinical items. Source: FHIR R4 resources."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from pathways.facts import ClinicalItem, ObservationItem
from secunda.adapters.fhir.entries import Entries, Entry
from secunda.adapters.fhir.values import (
    Json,
    child,
    children,
    chosen_date,
    codes_of,
    codings_of,
    concept_text,
    number,
    text,
    to_date,
    to_datetime,
)

#: Statuses under which a resource says nothing that holds of the patient.
VOID = {"entered-in-error", "cancelled", "draft", "not-done", "not-taken", "registered", "preparation"}
_DENIED = {"refuted", "entered-in-error"}
_ACTIVE = {"active", "recurrence", "relapse"}


def condition(resource: Json) -> ClinicalItem | None:
    if codes_of(child(resource, "verificationStatus")) & _DENIED:
        return None
    status = codes_of(child(resource, "clinicalStatus"))
    ended = chosen_date(resource, "abatement")
    has_ended = ended is not None or any(name.startswith("abatement") for name in resource)
    return _item(
        child(resource, "code"),
        started=chosen_date(resource, "onset") or to_date(resource.get("recordedDate")),
        ended=ended,
        active=bool(status & _ACTIVE) if status else not has_ended,
    )


def allergy(resource: Json) -> ClinicalItem | None:
    if codes_of(child(resource, "verificationStatus")) & _DENIED:
        return None
    status = codes_of(child(resource, "clinicalStatus"))
    coded = child(resource, "code")
    if not coded and (reactions := children(resource, "reaction")):
        coded = child(reactions[0], "substance")
    return _item(
        coded,
        started=chosen_date(resource, "onset") or to_date(resource.get("recordedDate")),
        active=not status or "active" in status,
    )


def procedure(resource: Json) -> ClinicalItem | None:
    if text(resource, "status") in VOID:
        return None
    period_end = to_date(child(resource, "performedPeriod").get("end"))
    started = chosen_date(resource, "performed")
    return _item(
        child(resource, "code"),
        started=started,
        ended=period_end or started,
        active=text(resource, "status") == "in-progress",
    )


def medication(resource: Json, entries: Entries, at: Entry) -> ClinicalItem | None:
    """A MedicationRequest or MedicationStatement; the medication itself may be a resource of its own."""
    status = text(resource, "status")
    proposed = text(resource, "intent") in ("proposal", "option")
    if status in VOID or proposed or resource.get("doNotPerform") is True:
        return None
    coded = child(resource, "medicationCodeableConcept")
    if not coded:
        target = entries.find(resource.get("medicationReference"), at)
        coded = (
            child(target.resource, "code")
            if target
            else {"text": text(child(resource, "medicationReference"), "display")}
        )
    effective = child(resource, "effectivePeriod")
    return _item(
        coded,
        started=chosen_date(resource, "effective") or to_date(resource.get("authoredOn")),
        ended=to_date(effective.get("end")),
        active=status in ("active", "on-hold", "intended", ""),
    )


def _item(
    concept: Json, *, started: date | None = None, ended: date | None = None, active: bool = True
) -> ClinicalItem | None:
    codings, name = codings_of(concept), concept_text(concept)
    if not codings and not name:
        return None
    return ClinicalItem(codings=codings, text=name, started=started, ended=ended, active=active)


def observations(resource: Json) -> Iterator[ObservationItem]:
    """The result and each of its components (systolic and diastolic), as results of their own."""
    if text(resource, "status") in VOID:
        return
    effective = resource.get("effectiveDateTime") or resource.get("effectiveInstant")
    observed_at = to_datetime(effective or child(resource, "effectivePeriod").get("start") or resource.get("issued"))
    for one in (resource, *children(resource, "component")):
        codings, (value, unit, words) = codings_of(child(one, "code")), value_of(one)
        if codings and (value is not None or words):
            yield ObservationItem(codings=codings, text=words, value=value, unit=unit, observed_at=observed_at)


def value_of(element: Json) -> tuple[float | None, str, str]:
    """Number, UCUM unit and text of `value[x]`. A bounded number (`< 0.01`) keeps its bound as the text."""
    quantity = child(element, "valueQuantity")
    value = number(quantity, "value")
    if value is not None:
        ucum = text(quantity, "system") == "http://unitsofmeasure.org"
        unit = text(quantity, "code" if ucum and text(quantity, "code") else "unit")
        bound = text(quantity, "comparator")
        return value, unit, f"{bound} {value} {unit}".strip() if bound else ""
    if (whole := number(element, "valueInteger")) is not None:
        return whole, "", ""
    if isinstance(element.get("valueBoolean"), bool):
        return None, "", "true" if element["valueBoolean"] else "false"
    words = concept_text(child(element, "valueCodeableConcept")) or text(element, "valueString")
    return None, "", words or text(element, "valueDateTime") or _range_text(element)


def _range_text(element: Json) -> str:
    low, high = (child(element, "valueRange", side) for side in ("low", "high"))
    numerator, denominator = (child(element, "valueRatio", side) for side in ("numerator", "denominator"))
    if low or high:
        return f"{_plain(low)}–{_plain(high)}"
    return f"{_plain(numerator)} : {_plain(denominator)}" if numerator or denominator else ""


def _plain(quantity: Json) -> str:
    value = quantity.get("value")
    return f"{value} {text(quantity, 'unit')}".strip() if value is not None else ""


#: Field of the ClinicalRecord, and how one resource of a type becomes its items.
READERS: dict[str, tuple[str, Callable[[Entry, Entries], Any]]] = {
    "Condition": ("conditions", lambda entry, _: condition(entry.resource)),
    "Procedure": ("procedures", lambda entry, _: procedure(entry.resource)),
    "AllergyIntolerance": ("allergies", lambda entry, _: allergy(entry.resource)),
    "MedicationRequest": ("medications", lambda entry, entries: medication(entry.resource, entries, entry)),
    "MedicationStatement": ("medications", lambda entry, entries: medication(entry.resource, entries, entry)),
}


def read_items(entries: list[Entry], everything: Entries) -> dict[str, tuple[Any, ...]]:
    """The clinical items of `entries`, by field of ClinicalRecord, each once, in the order of the bundle."""
    fields = [*(field for field, _ in READERS.values()), "observations"]
    found: dict[str, dict[Any, None]] = {field: {} for field in fields}
    for entry in entries:
        if entry.type == "Observation":
            found["observations"].update(dict.fromkeys(observations(entry.resource)))
        elif entry.type in READERS:
            field, reader = READERS[entry.type]
            item = reader(entry, everything)
            if item is not None:
                found[field].setdefault(item)
    return {field: tuple(items) for field, items in found.items()}
