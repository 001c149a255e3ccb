"""The entries of a bundle, and finding the one that a reference means. Source: FHIR R4, 2.3 and 3.1.6."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import product
from typing import Any
from urllib.parse import parse_qs

from secunda.adapters.fhir.problems import pointer
from secunda.adapters.fhir.values import Json, child, children, text


@dataclass(frozen=True)
class Entry:
    """One resource of the bundle; `number` counts from 0. A contained resource has its container's number."""

    number: int
    resource: Json = field(repr=False)
    full_url: str = field(default="", repr=False)
    contained: int | None = None

    @property
    def type(self) -> str:
        return text(self.resource, "resourceType")

    @property
    def pointer(self) -> str:
        inside = () if self.contained is None else ("contained", self.contained)
        return pointer("entry", self.number, "resource", *inside)


class Entries:
    """All entries of a bundle, indexed by type, full URL and id."""

    def __init__(self, bundle: Json) -> None:
        self.all = tuple(_entries(bundle))
        self._by_number = {entry.number: entry for entry in self.all}
        self._by_type: dict[str, list[Entry]] = defaultdict(list)
        self._by_url: dict[str, Entry] = {}
        self._by_id: dict[str, list[Entry]] = defaultdict(list)
        self._by_identity: dict[tuple[str, str, str], Entry] = {}  # by type and system, each or "", and value
        self._contained: dict[int, dict[str, Entry]] = {}  # by container, once one is asked for
        for entry in self.all:
            self._by_type[entry.type].append(entry)
            if entry.full_url:
                self._by_url.setdefault(entry.full_url, entry)
            if identity := text(entry.resource, "id"):
                self._by_id[f"{entry.type}/{identity}"].append(entry)
            for one in identifiers(entry.resource):
                for kind, system in product(("", entry.type), ("", text(one, "system"))):
                    self._by_identity.setdefault((kind, system, text(one, "value")), entry)

    def of(self, *types: str) -> list[Entry]:
        """The entries of these types, in the order of the bundle."""
        return sorted((entry for one in types for entry in self._by_type[one]), key=lambda entry: entry.number)

    def find(self, reference: Any, at: Entry) -> Entry | None:
        """What a Reference at `at` means, or None when it leads out of the bundle.

        Understands `urn:uuid:`, absolute and relative URLs, versions, contained (`#id`), conditional
        (`Type?identifier=`) and logical (`identifier`) references.
        """
        if not isinstance(reference, dict):
            return None
        url = text(reference, "reference").split("/_history/")[0]
        if url.startswith("#"):
            return self._inside(url[1:], at)
        if "?" in url:
            return self._by_condition(url)
        if url:
            return self._by_url.get(url) or self._relative(url, at)
        return self._by_identifier(text(reference, "type"), child(reference, "identifier"))

    def _inside(self, identity: str, at: Entry) -> Entry | None:
        container = self._by_number[at.number]
        if not identity:
            return container
        if at.number not in self._contained:
            found = enumerate(children(container.resource, "contained"))
            inside = (Entry(at.number, resource, contained=index) for index, resource in found)
            self._contained[at.number] = {text(one.resource, "id").removeprefix("#"): one for one in inside}
        return self._contained[at.number].get(identity)

    def _relative(self, url: str, at: Entry) -> Entry | None:
        kind_and_id = "/".join(url.split("/")[-2:])
        base = at.full_url.removesuffix(f"{at.type}/{text(at.resource, 'id')}")
        by_base = self._by_url.get(base + kind_and_id) if base != at.full_url else None
        same_id = self._by_id.get(kind_and_id, [])
        return by_base or (same_id[0] if len(same_id) == 1 else None)

    def _by_condition(self, url: str) -> Entry | None:
        kind, _, query = url.partition("?")
        system, _, value = (parse_qs(query).get("identifier") or [""])[0].rpartition("|")
        return self._by_identifier(kind.rpartition("/")[2], {"system": system, "value": value})

    def _by_identifier(self, kind: str, wanted: Json) -> Entry | None:
        value = text(wanted, "value")
        return self._by_identity.get((kind, text(wanted, "system"), value)) if value else None


def identifiers(resource: Json) -> list[Json]:
    """Identifier is a list in most resources and single in a few."""
    return children(resource, "identifier") or [one for one in (child(resource, "identifier"),) if one]


def _entries(bundle: Json) -> Iterator[Entry]:
    for number, entry in enumerate(bundle.get("entry") or []):
        if not isinstance(entry, dict) or not isinstance(entry.get("resource"), dict):
            continue
        deleted = text(child(entry, "request"), "method") == "DELETE"
        if not deleted and text(child(entry, "search"), "mode") != "outcome":
            yield Entry(number, entry["resource"], text(entry, "fullUrl"))
