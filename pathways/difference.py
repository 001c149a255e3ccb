"""What differs between two versions of a pathway, part by part, in the words of their files."""

import json
from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Any

from pathways.loader import content
from pathways.schema import Pathway
from pathways.vocabulary import Frozen

Items = dict[str, Any]


class Change(StrEnum):
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


class Difference(Frozen):
    """One thing that the versions say differently. `part`: as in the file, like `documents`; `name`: its key there;
    `field`: what of it, empty where it is added or removed as a whole. `before` and `after` are texts to read."""

    part: str
    name: str
    change: Change
    field: str = ""
    before: str = ""
    after: str = ""


def differences(old: Pathway, new: Pathway) -> tuple[Difference, ...]:
    """Every difference, in the order of a pathway file; none where both have the same hash."""
    before, after = _parts(content(old)), _parts(content(new))
    return tuple(found for part in before for found in _of_part(part, before[part], after[part]))


def _parts(written: Mapping[str, Any]) -> dict[str, Items]:
    """Each part as its items by key; what has no key of its own is named by what tells it apart."""
    panel, triage, report = written["panel"], written["triage"], written["report"]
    readers = [panel["extra_reader"]] if panel["extra_reader"] else []
    return {
        "pathway": {name: written[name] for name in ("pathway", "version", "title", "review", "extends")},
        "eligibility": {"ages": written["eligibility"]["ages"]} | _by_code(written["eligibility"]["codes"]),
        "mandated_procedures": _by_code(written["mandated_procedures"]),
        "documents": _by_key(written["documents"]),
        "flags": _by_key(written["flags"]),
        "triage": _by_key(triage["rules"]) | {"default": triage["default"]},
        "panel": _by_key(panel["roles"])
        | {f"{reader['key']} (extra reader)": reader for reader in readers}
        | {name: panel[name] for name in ("adjudication", "chair", "board_when")},
        "deadlines": _deadlines(written["deadlines"]),
        "chase": {wait: [_rung(rung) for rung in ladder] for wait, ladder in written["chase"].items()},
        "sections": _by_key(report["sections"]),
        "guidelines": _by_key(report["guidelines"]),
        "examples": {example["name"]: example for example in written["examples"]},
    }


def _by_key(items: list[dict[str, Any]]) -> Items:
    return {item["key"]: {name: value for name, value in item.items() if name != "key"} for item in items}


def _by_code(codes: list[dict[str, Any]]) -> Items:
    return {f"{code['system']} {code['code']}": {"display": code["display"]} for code in codes}


def _deadlines(written: Mapping[str, Any]) -> Items:
    """`acceptance P1`, and so on; the classes of one wait have no order."""
    flat: Items = {}
    for wait, spans in written.items():
        by_class = {f"{wait} {urgency}": spans[urgency] for urgency in sorted(spans)} if isinstance(spans, dict) else {}
        flat |= by_class or {wait: spans}
    return flat


def _rung(rung: Mapping[str, Any]) -> str:
    return f"{rung['at']} {rung['do']}" + (f" to {rung['to']}" if rung["to"] else "")


def _of_part(part: str, before: Items, after: Items) -> Iterator[Difference]:
    for name in [*before, *(name for name in after if name not in before)]:
        if name not in after:
            yield Difference(part=part, name=name, change=Change.REMOVED, before=_told(before[name]))
        elif name not in before:
            yield Difference(part=part, name=name, change=Change.ADDED, after=_told(after[name]))
        elif before[name] != after[name]:
            yield from _of_item(part, name, before[name], after[name])
    if list(before) != list(after) and before.keys() == after.keys():
        order = {"before": ", ".join(before), "after": ", ".join(after)}
        yield Difference(part=part, name="", change=Change.CHANGED, field="order", **order)


def _of_item(part: str, name: str, before: Any, after: Any) -> Iterator[Difference]:
    if not (isinstance(before, dict) and isinstance(after, dict)) or _is_text(before):
        told = {"before": _told(before), "after": _told(after)}
        yield Difference(part=part, name=name, change=Change.CHANGED, **told)
        return
    for field in [*before, *(field for field in after if field not in before)]:
        told = {"before": _told(before.get(field)), "after": _told(after.get(field))}
        if before.get(field) != after.get(field):
            yield Difference(part=part, name=name, change=Change.CHANGED, field=field, **told)


def _told(value: Any) -> str:
    """A value as a person reads it: a text in English, a list with commas, nothing as nothing."""
    if value is None:
        return ""
    if _is_text(value):
        other = {language: text for language, text in value.items() if text and language != "en"}
        return " / ".join([value["en"], *other.values()])
    if isinstance(value, list):
        return ", ".join(_told(one) for one in value)
    if isinstance(value, dict):
        return "; ".join(f"{name}: {_told(one)}" for name, one in value.items() if one not in (None, "", [], ()))
    return value if isinstance(value, str) else json.dumps(value)


def _is_text(value: Any) -> bool:
    return isinstance(value, dict) and {"en", "es"} <= value.keys()
