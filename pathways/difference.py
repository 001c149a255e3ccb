"""What differs between two versions of a pathway, part by part, with the values of their files."""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Any, Final

from pydantic import Field

from pathways.loader import content
from pathways.schema import Pathway
from pathways.vocabulary import Frozen

Items = dict[str, Any]
ORDER: Final = "order"
EXTRA_READER: Final = " (extra reader)"


class Change(StrEnum):
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


class Difference(Frozen):
    """One thing that the versions say differently.

    `part`: like `documents`; `name`: its key there, empty for the part's order; `field`: what of it, empty where it is
    added or removed as a whole. `before` and `after`: the JSON values of `loader.content`, None where there is none.
    `item`: the whole of what it is about, as the newer version that has it says it.
    """

    part: str
    name: str
    change: Change
    field: str = ""
    before: Any = None
    after: Any = None
    item: Any = Field(default=None, exclude=True, repr=False)


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
        | {f"{key}{EXTRA_READER}": reader for key, reader in _by_key(readers).items()}
        | {name: panel[name] for name in ("adjudication", "chair", "board_when")},
        "deadlines": _deadlines(written["deadlines"]),
        "chase": dict(written["chase"]),
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


def _of_part(part: str, before: Items, after: Items) -> Iterator[Difference]:
    for name in [*before, *(name for name in after if name not in before)]:
        old, new = before.get(name), after.get(name)
        item = new if name in after else old
        if name not in after:
            yield Difference(part=part, name=name, change=Change.REMOVED, before=old, item=item)
        elif name not in before:
            yield Difference(part=part, name=name, change=Change.ADDED, after=new, item=item)
        elif old != new:
            yield from _of_item(part, name, old, new)
    if list(before) != list(after) and before.keys() == after.keys():
        order = {"before": list(before), "after": list(after)}
        yield Difference(part=part, name="", change=Change.CHANGED, field=ORDER, **order)


def _of_item(part: str, name: str, before: Any, after: Any) -> Iterator[Difference]:
    if not (isinstance(before, dict) and isinstance(after, dict)) or _is_text(before):
        yield Difference(part=part, name=name, change=Change.CHANGED, before=before, after=after, item=after)
        return
    for field in [*before, *(field for field in after if field not in before)]:
        told = {"field": field, "before": before.get(field), "after": after.get(field), "item": after}
        if before.get(field) != after.get(field):
            yield Difference(part=part, name=name, change=Change.CHANGED, **told)


def _is_text(value: Any) -> bool:
    return isinstance(value, dict) and {"en", "es"} <= value.keys()
