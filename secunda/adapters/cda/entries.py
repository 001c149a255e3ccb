"""The coded entries of a CDA body as clinical items. A template says what an entry is, wherever it stands."""

from collections.abc import Callable
from typing import Any

from pathways.facts import ClinicalItem, ObservationItem
from secunda.adapters.cda.values import (
    NAMESPACES,
    TYPE,
    child,
    children,
    codings_of,
    end_of,
    name_of,
    quantity_of,
    resolve_references,
    text_of,
    time_of,
)

CCDA, CCD, IHE = "2.16.840.1.113883.10.20.22.4.", "2.16.840.1.113883.10.20.1.", "1.3.6.1.4.1.19376.1.5.3.1.4."

#: Field of the ClinicalRecord by template: C-CDA, the CCD 1.0 before it, and IHE PCC (epSOS, MyHealth@EU).
TEMPLATES: dict[str, str] = {
    CCDA + "4": "conditions",
    CCD + "28": "conditions",
    IHE + "5": "conditions",
    CCDA + "7": "allergies",
    CCD + "18": "allergies",
    IHE + "6": "allergies",
    CCDA + "16": "medications",
    CCD + "24": "medications",
    IHE + "7": "medications",
    CCDA + "14": "procedures",
    CCDA + "12": "procedures",
    CCDA + "13": "procedures",
    CCD + "29": "procedures",
    IHE + "19": "procedures",
    CCDA + "2": "observations",
    CCDA + "27": "observations",
    CCD + "31": "observations",
    IHE + "13": "observations",
}
STATUS_TEMPLATES = {CCDA + "6", CCDA + "28", CCD + "50", CCD + "39", IHE + "1.1"}
_ALLERGY_INSIDE_PROBLEM = IHE + "6"  # IHE allergies carry the problem template too
INACTIVE = {"413322009", "73425007", "246455001", "277022003", "723506003", "resolved", "inactive"}
UNFINISHED = {"cancelled", "aborted", "nullified", "held"}


def read_entries(root: Any) -> tuple[dict[str, tuple[Any, ...]], int]:
    """Clinical items by field of ClinicalRecord, and how many entries said nothing that could be read.

    Left out: what is denied (`negationInd`), cancelled, only planned, or about a relative.
    """
    resolve_references(root)
    found: dict[str, dict[Any, None]] = {field: {} for field in READERS}  # ordered, each item once
    skipped = 0
    of_relatives = {one.getparent() for one in root.iterfind(".//v3:subject[v3:relatedSubject]", NAMESPACES)}
    templates = root.iterfind(".//v3:component/v3:structuredBody//v3:templateId", NAMESPACES)
    for entry in dict.fromkeys(one.getparent() for one in templates):
        field = _field(entry)
        if field is None or not _stands(entry, field):
            continue
        if of_relatives and any(one in of_relatives for one in (entry, *entry.iterancestors())):
            continue
        item = READERS[field](entry)
        if item is None:
            skipped += 1
        else:
            found[field].setdefault(item)
    return {field: tuple(items) for field, items in found.items()}, skipped


def _field(entry: Any) -> str | None:
    roots = [one.get("root") or "" for one in children(entry, "templateId")]
    if _ALLERGY_INSIDE_PROBLEM in roots:
        return "allergies"
    return next((TEMPLATES[one] for one in roots if one in TEMPLATES), None)


def _stands(entry: Any, field: str) -> bool:
    mood = entry.get("moodCode") or "EVN"
    status = child(entry, "statusCode")
    word = (status.get("code") or "").lower() if status is not None else ""
    planned = mood != "EVN" and not (field == "medications" and mood == "INT")
    return entry.get("negationInd") != "true" and not planned and word not in UNFINISHED


def _is_active(entry: Any) -> bool:
    """Whether the newest status inside the entry, else its end date, lets it count as active."""
    for status in entry.iterfind(".//v3:observation", NAMESPACES):
        if any((one.get("root") or "") in STATUS_TEMPLATES for one in children(status, "templateId")):
            value = child(status, "value")
            if value is not None and (value.get("code") or value.get("displayName")):
                words = {(value.get("code") or "").lower(), (value.get("displayName") or "").lower()}
                return not words & INACTIVE
    return end_of(child(entry, "effectiveTime")) is None


def _item(entry: Any, coded: Any, active: bool) -> ClinicalItem | None:
    times = child(entry, "effectiveTime")
    started, ended = time_of(times), end_of(times)
    codings = codings_of(coded)
    text = name_of(coded) or (codings[0].display if codings else "") or text_of(child(entry, "text"))
    if not codings and not text:
        return None
    return ClinicalItem(
        codings=codings,
        text=text,
        started=started.date() if started else None,
        ended=ended.date() if ended else None,
        active=active,
    )


def _condition(entry: Any) -> ClinicalItem | None:
    return _item(entry, child(entry, "value"), _is_active(entry))


def _allergy(entry: Any) -> ClinicalItem | None:
    entity = child(entry, "participant", "participantRole", "playingEntity")
    item = _item(entry, child(entity, "code"), _is_active(entry))
    if item is None and (name := text_of(child(entity, "name"))):
        item = ClinicalItem(text=name, active=_is_active(entry))
    return item or _item(entry, child(entry, "value"), _is_active(entry))


def _medication(entry: Any) -> ClinicalItem | None:
    material = child(entry, "consumable", "manufacturedProduct", "manufacturedMaterial")
    status = child(entry, "statusCode")
    stopped = status is not None and status.get("code") in ("completed", "suspended")
    ended = end_of(child(entry, "effectiveTime")) is not None
    item = _item(entry, child(material, "code"), active=not (stopped and ended))
    return item or (ClinicalItem(text=name) if (name := text_of(child(material, "name"))) else None)


def _procedure(entry: Any) -> ClinicalItem | None:
    return _item(entry, child(entry, "code"), active=False)


def _observation(entry: Any) -> ObservationItem | None:
    value, codings = child(entry, "value"), codings_of(child(entry, "code"))
    number, unit, text = quantity_of(value)
    if value is None or not codings or (value.get("nullFlavor") and number is None):
        return None
    if number is None and value.get(TYPE, "").endswith("PQ") and not text:
        return None
    return ObservationItem(
        codings=codings, text=text, value=number, unit=unit, observed_at=time_of(child(entry, "effectiveTime"))
    )


READERS: dict[str, Callable[[Any], ClinicalItem | ObservationItem | None]] = {
    "conditions": _condition,
    "allergies": _allergy,
    "medications": _medication,
    "procedures": _procedure,
    "observations": _observation,
}
