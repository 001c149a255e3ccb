"""What `extends: common` means: the shared part first, the pathway's own part over it."""

from collections.abc import Iterable

from pathways.errors import PathwayFileError
from pathways.placed import Node, Place, PlacedMapping, PlacedSequence
from pathways.wording import suggestion

COMMON_KEYS = ("documents", "flags", "deadlines", "chase", "report")
COMMON_REPORT_KEYS = ("guidelines", "sections")


def merged(common: PlacedMapping, own: PlacedMapping) -> PlacedMapping:
    """`own` over `common`, every part with the place that it came from.

    `documents`, `flags`, `report.guidelines` and `report.sections` merge by their items' `key`: common ones first,
    an item of the same key replaced. `deadlines` and `chase` merge key by key. Raises PathwayFileError where
    `common` has a key that cannot be shared.
    """
    _check_keys(common, COMMON_KEYS)
    if isinstance(common.get("report"), PlacedMapping):
        _check_keys(common["report"], COMMON_REPORT_KEYS)
    both: PlacedMapping = _over(common, own, own.place)
    return both


def _over(common: Node, own: Node, place: Place) -> Node:
    if isinstance(common, PlacedMapping) and isinstance(own, PlacedMapping):
        both = PlacedMapping(place)
        for key in [*common, *(key for key in own if key not in common)]:
            _put(both, key, common, own)
        return both
    if isinstance(common, PlacedSequence) and isinstance(own, PlacedSequence) and _is_keyed([*common, *own]):
        return _by_key(common, own)
    return own


def _put(both: PlacedMapping, key: str, common: PlacedMapping, own: PlacedMapping) -> None:
    if key in common and key in own:
        both.put(key, _over(common[key], own[key], own.values_at[key]), own.keys_at[key], own.values_at[key])
    else:
        both.take(key, common if key in common else own)


def _is_keyed(items: Iterable[Node]) -> bool:
    return all(isinstance(item, PlacedMapping) and isinstance(item.get("key"), str) for item in items)


def _by_key(common: PlacedSequence, own: PlacedSequence) -> PlacedSequence:
    """Two own items of one key both stay, so that the check for duplicates sees them."""
    both = PlacedSequence(own.place)
    replacements = {item["key"]: index for index, item in reversed(list(enumerate(own)))}
    shared = {item["key"] for item in common}
    for item, place in zip(common, common.items_at, strict=True):
        index = replacements.get(item["key"])
        both.add(*((item, place) if index is None else (own[index], own.items_at[index])))
    for index, item in enumerate(own):
        if item["key"] not in shared or replacements[item["key"]] != index:
            both.add(item, own.items_at[index])
    return both


def _check_keys(mapping: PlacedMapping, known: tuple[str, ...]) -> None:
    problems = []
    for key in mapping:
        if key not in known:
            remedy = suggestion(key, known, f"what can be shared: {', '.join(known)}")
            problems.append(mapping.keys_at[key].problem(f"{key!r} cannot stand in the common part", remedy))
    if problems:
        raise PathwayFileError(problems)
