"""HL7 version 3 data types, the part that CDA documents use: codes, times, quantities. Source: HL7 V3 R1 data types."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from math import isfinite
from typing import Any

from pathways.vocabulary import Coding
from secunda.adapters.code_systems import coding

HL7 = "urn:hl7-org:v3"
NAMESPACES = {"v3": HL7}
TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"
_TIME = re.compile(
    r"(?P<year>\d{4})(?P<month>\d{2})?(?P<day>\d{2})?(?P<hour>\d{2})?(?P<minute>\d{2})?(?P<second>\d{2})?(?:\.\d+)?"
    r"(?P<zone>[+-]\d{4})?"
)
MAX_TEXT = 500  # characters of a narrative that names an item


def child(element: Any, *path: str) -> Any:
    """The first descendant along `path`, or None."""
    for name in path:
        if element is None:
            return None
        element = element.find(f"v3:{name}", NAMESPACES)
    return element


def children(element: Any, path: str) -> list[Any]:
    """All descendants along a path such as `name/given`."""
    steps = "/".join(f"v3:{name}" for name in path.split("/"))
    return list(element.iterfind(steps, NAMESPACES)) if element is not None else []


def text_of(element: Any) -> str:
    """The text of an element and what is in it, as one line."""
    return " ".join("".join(element.itertext()).split())[:MAX_TEXT] if element is not None else ""


def time_of(element: Any) -> datetime | None:
    """A point in time (`value`), or the start of an interval (`low`). Without a zone it counts as UTC."""
    if element is None:
        return None
    low = child(element, "low")
    return parse_time(element.get("value") or (low.get("value") if low is not None else None) or "")


def end_of(element: Any) -> datetime | None:
    high = child(element, "high")
    return parse_time(high.get("value") or "") if high is not None else None


def parse_time(written: str) -> datetime | None:
    """HL7 TS: `YYYY[MM[DD[HHMM[SS[.S]]]]][±ZZZZ]`; the first moment of a partial one, None for what is no time."""
    found = _TIME.fullmatch(written.strip())
    if found is None:
        return None
    year, month, day = (int(found[part] or 1) for part in ("year", "month", "day"))
    hour, minute, second = (int(found[part] or 0) for part in ("hour", "minute", "second"))
    try:
        return datetime(year, month, day, hour, minute, min(second, 59), tzinfo=_zone(found["zone"]))
    except ValueError:
        return None


def _zone(written: str | None) -> timezone:
    if not written:
        return UTC
    offset = timedelta(hours=int(written[1:3]), minutes=int(written[3:5]))
    return timezone(-offset if written[0] == "-" else offset)


def first_date(element: Any, *path: str) -> date | None:
    """The calendar day of the time along `path`, in the zone it was written in."""
    moment = time_of(child(element, *path))
    return moment.date() if moment else None


def codings_of(element: Any) -> tuple[Coding, ...]:
    """A coded value (CD, CE) and its translations."""
    return tuple(_codings(element)) if element is not None else ()


def _codings(element: Any) -> Iterator[Coding]:
    for one in (element, *children(element, "translation")):
        made = coding(one.get("codeSystem") or "", one.get("code") or "", one.get("displayName") or "")
        if made is not None:
            yield made


def name_of(element: Any) -> str:
    """What a coded value is called: its display name, else its original text."""
    if element is None:
        return ""
    return (element.get("displayName") or "").strip() or text_of(child(element, "originalText"))


def resolve_references(root: Any) -> None:
    """Write into each `reference` of an entry the narrative that it points to (`#id`), in one pass."""
    narrative = {element.get("ID"): element for element in root.iterfind(".//*[@ID]")}
    for reference in root.iterfind(".//v3:reference[@value]", NAMESPACES):
        target = narrative.get(reference.get("value").removeprefix("#"))
        if target is not None and not len(reference):
            reference.text = text_of(target)


def quantity_of(element: Any) -> tuple[float | None, str, str]:
    """Value, unit and text of an observation's `value`; an interval gives its text only.

    A quantity in a unit outside of UCUM stands in a translation of an empty one, with the unit as its original text.
    """
    if element is None:
        return None, "", ""
    for one in (element, *children(element, "translation")):
        unit = one.get("unit") or (text_of(child(one, "originalText")) if one is not element else "")
        number = number_of(one.get("value"))
        if number is not None:
            return number, "" if unit == "1" else unit, ""
    if element.get("nullFlavor"):
        return None, "", ""
    parts = [f"{side.tag.rpartition('}')[2]} {side.get('value')}" for side in element if side.get("value")]
    return None, "", name_of(element) or text_of(element) or " ".join(parts)


def number_of(written: str | None) -> float | None:
    try:
        number = float(written or "")
    except ValueError:
        return None
    return number if isfinite(number) else None
