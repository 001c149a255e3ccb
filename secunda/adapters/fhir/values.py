"""FHIR data types as Secunda reads them, none trusting the shape of what it is given. Source: FHIR R4 datatypes."""

import re
from datetime import UTC, date, datetime
from typing import Any

from pathways.vocabulary import Coding
from secunda.adapters.code_systems import coding

Json = dict[str, Any]
MAX_TEXT = 20_000  # characters of one text that is kept
_DATE = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?")


def child(element: Json, *path: str) -> Json:
    """The object along `path`, or an empty one."""
    for name in path:
        found = element.get(name)
        if not isinstance(found, dict):
            return {}
        element = found
    return element


def children(element: Json, name: str) -> list[Json]:
    """The objects of the list `name`; what is no object is passed over."""
    found = element.get(name)
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def text(element: Json, name: str) -> str:
    """The string `name`, trimmed, or an empty one."""
    found = element.get(name)
    return found.strip()[:MAX_TEXT] if isinstance(found, str) else ""


def texts(element: Json, name: str) -> list[str]:
    found = element.get(name)
    return [one.strip()[:MAX_TEXT] for one in found if isinstance(one, str)] if isinstance(found, list) else []


def number(element: Json, name: str) -> float | None:
    found = element.get(name)
    if isinstance(found, bool) or not isinstance(found, int | float):
        return None
    try:
        return float(found)
    except OverflowError:  # JSON has no largest integer
        return None


def to_date(written: Any) -> date | None:
    """FHIR date or dateTime as a calendar day in its own zone; `1967` and `1967-01` count as their first day."""
    found = _DATE.match(written) if isinstance(written, str) else None
    if found is None:
        return None
    try:
        return date(int(found[1]), int(found[2] or 1), int(found[3] or 1))
    except ValueError:
        return None


def to_datetime(written: Any) -> datetime | None:
    """FHIR dateTime or instant; a day without a time is its first moment, UTC."""
    if not isinstance(written, str):
        return None
    if "T" not in written:
        day = to_date(written)
        return datetime(day.year, day.month, day.day, tzinfo=UTC) if day else None
    try:
        moment = datetime.fromisoformat(written.replace(":60", ":59", 1) if ":60" in written[16:] else written)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def chosen_date(element: Json, name: str) -> date | None:
    """The date of a choice such as `onset[x]`: a dateTime, a date, or the start of a period."""
    return (
        to_date(element.get(f"{name}DateTime"))
        or to_date(element.get(f"{name}Date"))
        or to_date(child(element, f"{name}Period").get("start"))
    )


def codings_of(concept: Json) -> tuple[Coding, ...]:
    """The codings of a CodeableConcept that have a code."""
    made = (coding(text(one, "system"), text(one, "code"), text(one, "display")) for one in children(concept, "coding"))
    return tuple(one for one in made if one is not None)


def concept_text(concept: Json) -> str:
    """What a CodeableConcept is called."""
    displays = (text(one, "display") for one in children(concept, "coding"))
    return text(concept, "text") or next(filter(None, displays), "")


def codes_of(concept: Json) -> set[str]:
    """The bare codes of a CodeableConcept from FHIR's own code systems (status, category)."""
    return {text(one, "code") for one in children(concept, "coding")} - {""}


def human_name(names: list[Json]) -> tuple[str, str]:
    """Given and family name: the official one before others, never a former one."""
    current = [
        name for name in names if text(name, "use") not in ("old", "maiden") and not child(name, "period").get("end")
    ]
    ranked = sorted(current or names, key=lambda name: ("official", "usual", "").index(_use(name)))
    if not ranked:
        return "", ""
    given, family = " ".join(texts(ranked[0], "given")), text(ranked[0], "family")
    return (given, family) if given or family else ("", text(ranked[0], "text"))


def _use(name: Json) -> str:
    use = text(name, "use")
    return use if use in ("official", "usual") else ""
