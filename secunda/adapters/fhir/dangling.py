"""References that should lead to something in the bundle, and do not."""

from collections.abc import Iterable, Iterator
from typing import Any

from secunda.adapters.fhir.entries import Entries, Entry
from secunda.adapters.fhir.incoming import BundleWarning, Noticed
from secunda.adapters.fhir.patient import SUBJECTS

SHOWN = 20  # a bundle that lost its practitioners lost them in every entry


def dangling(found: Iterable[Entry], entries: Entries) -> list[Noticed]:
    """Where `found` refers to `urn:…`, `#…` or `Type/id` that the bundle does not have, for at most `SHOWN` places.

    Absolute URLs and conditional references may well lead elsewhere, and whose the record is was asked before.
    """
    noticed: list[Noticed] = []
    missing: set[str] = set()
    for entry in found:
        for steps, url, reference in _references(entry.resource):
            if url in missing or not _should_be_here(url) or entries.find(reference, entry) is not None:
                continue
            missing.add(url)
            noticed.append(Noticed(BundleWarning.REFERENCE_TO_NOWHERE, entry.pointer + steps))
            if len(noticed) == SHOWN:
                return noticed
    return noticed


def _should_be_here(url: str) -> bool:
    return url.startswith(("urn:", "#")) or ("://" not in url and "?" not in url and "/" in url)


def _references(resource: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Every Reference in a resource: its pointer, its URL and itself. Contained resources and subjects are left out."""
    stack: list[tuple[str, Any]] = [
        (f"/{name}", value) for name, value in resource.items() if name != "contained" and name not in SUBJECTS
    ]
    while stack:
        steps, value = stack.pop()
        if isinstance(value, list):
            stack.extend((f"{steps}/{index}", one) for index, one in enumerate(value))
        elif isinstance(value, dict):
            url = value.get("reference")
            if isinstance(url, str) and url:
                yield steps, url, value
            stack.extend((f"{steps}/{name}", one) for name, one in value.items() if name.isalnum())
