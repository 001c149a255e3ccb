"""The differences between two versions of a pathway in plain words, part by part, in the reader's language.

A text that differs in another of the six languages is told as such; nothing that differs is left out.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from babel import Locale

from pathways.difference import ORDER, Change, Difference, differences
from pathways.schema import Pathway
from secunda.web.catalogues import LANGUAGES, LOCALES
from secunda.web.versions.labels import CHANGES, DEADLINE, FIELDS, LADDER, PARTS, SINGLES, TONES, WAITS, Field, Kind
from secunda.web.versions.values import Values, is_nothing


@dataclass(frozen=True)
class Line:
    """What of a thing, from what to what; empty where the version says nothing. `path`: its place in the file.

    `is_rule`: the values are rules as the file writes them. `other`: a text in another language than the reader's.
    """

    what: str
    before: str
    after: str
    path: str
    is_rule: bool = False
    other: bool = False


@dataclass(frozen=True)
class Entry:
    """One thing that is new, gone or changed."""

    title: str
    change: str
    tone: str
    is_whole: bool  # new or gone
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Part:
    title: str
    entries: tuple[Entry, ...]


def told(older: Pathway, newer: Pathway, language: str) -> tuple[Part, ...]:
    """Everything that the newer version says differently, in the order of a pathway file. Needs the settings' zone."""
    teller = _Teller(Values(newer, older, language))
    found = groupby(differences(older, newer), key=lambda one: one.part)
    return tuple(Part(teller.gettext(PARTS[part]), teller.entries(list(listed))) for part, listed in found)


class _Teller:
    def __init__(self, values: Values) -> None:
        self._values, self.gettext = values, values.gettext
        self._languages = Locale.parse(LOCALES[values.language]).languages

    def entries(self, found: list[Difference]) -> tuple[Entry, ...]:
        by_name = groupby(found, key=lambda one: (one.name, one.change))
        return tuple(self._entry(change, list(listed)) for (_, change), listed in by_name)

    def _entry(self, change: Change, found: list[Difference]) -> Entry:
        lines = tuple(line for one in found for line in self._lines(one))
        return Entry(
            self._title(found[0]), self.gettext(CHANGES[change]), TONES[change], change is not Change.CHANGED, lines
        )

    def _title(self, one: Difference) -> str:
        if one.field == ORDER:
            return self.gettext(FIELDS[ORDER].label)
        if (one.part, one.name) in SINGLES:
            return self.gettext(SINGLES[(one.part, one.name)].label)
        if one.part in ("deadlines", "chase"):
            wait, _, urgency = one.name.partition(" ")
            return " ".join(filter(None, (self.gettext(WAITS[wait]), urgency)))
        return self._values.name(one.part, one.name)

    def _lines(self, one: Difference) -> Iterator[Line]:
        path = ".".join(filter(None, (one.part, one.name, one.field)))
        if one.field == ORDER:
            label = self.gettext(FIELDS[ORDER].label)
            yield Line(label, self._names(one, one.before), self._names(one, one.after), path)
        elif one.field:
            yield from self._of(FIELDS[one.field], one.before, one.after, path)
        elif (field := _field_of(one)) is not None:
            yield from self._of(field, one.before, one.after, path)
        else:
            before, after = one.before or {}, one.after or {}
            for name in before | after:
                yield from self._of(FIELDS[name], before.get(name), after.get(name), f"{path}.{name}")

    def _of(self, field: Field, before: Any, after: Any, path: str) -> list[Line]:
        """The lines of one field: one, or one for each language in which a text differs."""
        lines = list(self._told(field, before, after, path))
        if lines or (is_nothing(before) and is_nothing(after)):
            return lines
        return [Line(self.gettext(field.label), json.dumps(before), json.dumps(after), path)]  # they only read alike

    def _told(self, field: Field, before: Any, after: Any, path: str) -> Iterator[Line]:
        sides = [self._values.told(field, side) for side in (before, after)]
        own = sides[0] != sides[1]
        if own:
            is_rule = field.kind in (Kind.RULE, Kind.FACTS)
            yield Line(self.gettext(field.label), sides[0], sides[1], path, is_rule=is_rule)
        if field.kind in (Kind.TEXT, Kind.TEXTS, Kind.BANDS):
            yield from self._in_other_languages(field, before, after, path, own=own)

    def _in_other_languages(self, field: Field, before: Any, after: Any, path: str, *, own: bool) -> Iterator[Line]:
        for language in LANGUAGES:
            old, new = (_in_language(field.kind, side, language) for side in (before, after))
            if old != new and not (own and language == self._values.language):
                what = self.gettext("%(what)s, text in %(language)s") % {
                    "what": self.gettext(field.label),
                    "language": self._languages.get(language, LANGUAGES[language]),
                }
                yield Line(what, old, new, f"{path}.{language}", other=True)

    def _names(self, one: Difference, side: list[str]) -> str:
        return ", ".join(self._title(one.model_copy(update={"name": name, "field": ""})) for name in side)


def _field_of(one: Difference) -> Field | None:
    """The field of what stands by itself; None where it has fields of its own."""
    if one.part in ("deadlines", "chase"):
        return DEADLINE if one.part == "deadlines" else LADDER
    return SINGLES.get((one.part, one.name))


def _in_language(kind: Kind, value: Any, language: str) -> str:
    """The texts that the file has in that language, and nothing else."""
    if not value:
        return ""
    texts: list[Mapping[str, Any]] = [value] if kind is Kind.TEXT else list(value)
    if kind is Kind.BANDS:
        texts = [one["title"] for one in texts]
    return "; ".join(one.get(language) or "" for one in texts).strip("; ")
