"""A value of a pathway file as a person reads it, in the reader's language."""

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from pathways.difference import EXTRA_READER
from pathways.schema import Pathway
from pathways.spans import Span
from pathways.terminology import document_types, subspecialties
from pathways.vocabulary import Text
from secunda.web.catalogues import translations
from secunda.web.dates import day, extent
from secunda.web.refusals import say
from secunda.web.versions.labels import EXPECTED, EXTRA, RUNGS, TOLD_TO, WORDS, Field, Kind


class Values:
    """Tells values. `newer` and `older`: where the names of papers, roles and codes are looked up, in that order."""

    def __init__(self, newer: Pathway, older: Pathway, language: str) -> None:
        self.language = language
        self.gettext = translations(language).gettext
        self._names = _names_of(older) | _names_of(newer)
        self._tellers: Mapping[Kind, Callable[[Any], str]] = {
            Kind.WORD: self._word,
            Kind.YES_NO: lambda value: self.gettext("yes") if value else self.gettext("no"),
            Kind.TEXT: self.text,
            Kind.TEXTS: self._texts,
            Kind.BANDS: self._bands,
            Kind.SPAN: self._span,
            Kind.DAY: lambda value: day(date.fromisoformat(value), language),
            Kind.YEARS: self._years,
            Kind.RULE: self._rule,
            Kind.LIST: lambda value: ", ".join(map(str, value)),
            Kind.DOCUMENT_TYPES: lambda value: self._looked_up(value, document_types(), "{0} ({1})"),
            Kind.SUBSPECIALTIES: lambda value: self._looked_up(value, subspecialties(), "{1}"),
            Kind.ROLE: lambda value: self.name("panel", value),
            Kind.ROLES: lambda value: ", ".join(self.name("panel", role) for role in value),
            Kind.LADDER: lambda value: "; ".join(self._rung(rung) for rung in value),
            Kind.FACTS: _facts,
            Kind.EXPECTED: self._expected,
        }

    def told(self, field: Field, value: Any) -> str:
        """The value; empty where the file says nothing."""
        if is_nothing(value):
            return ""
        return self._tellers.get(field.kind, _plain)(value)

    def text(self, value: Mapping[str, Any]) -> str:
        return say(Text.model_validate(value), self.language)

    def name(self, part: str, key: str) -> str:
        """What the thing of that key is called, the key where nothing has a name."""
        found = self._names.get((part, key.removesuffix(EXTRA_READER)))
        called = say(found, self.language) if isinstance(found, Text) else found or key
        return f"{called} ({self.gettext(EXTRA)})" if key.endswith(EXTRA_READER) else called

    def _word(self, value: str) -> str:
        return self.gettext(WORDS[value]) if value in WORDS else value

    def _span(self, value: str) -> str:
        return extent(Span.parse(value), self.language)

    def _texts(self, value: Iterable[Mapping[str, Any]]) -> str:
        return "; ".join(self.text(one) for one in value)

    def _bands(self, value: Iterable[Mapping[str, Any]]) -> str:
        up_to = self.gettext("up to %(end)s: %(name)s")
        return "; ".join(
            up_to % {"end": str(one["up_to"]).removesuffix(".0"), "name": self.text(one["title"])} for one in value
        )

    def _years(self, value: int) -> str:
        words = translations(self.language).ngettext("%(num)s year", "%(num)s years", value)
        return words % {"num": value}

    def _rule(self, value: str) -> str:
        return self.gettext("always") if value == "true" else " ".join(value.split())

    def _rung(self, rung: Mapping[str, Any]) -> str:
        done = TOLD_TO[rung["to"]] if rung["to"] else RUNGS[rung["do"]]
        return f"{self._span(rung['at'])}: {self.gettext(done)}"

    def _expected(self, value: Mapping[str, Any]) -> str:
        def listed(key: str, found: Any) -> str:
            if isinstance(found, str):
                return found
            part = "documents" if key == "missing" else "panel"
            return ", ".join(self.name(part, one) for one in found) or self.gettext("none")

        said = (f"{self.gettext(EXPECTED[key])}: {listed(key, one)}" for key, one in value.items() if one is not None)
        return "; ".join(said)

    def _looked_up(self, value: Iterable[str], table: Mapping[str, Text], form: str) -> str:
        told = (form.format(key, say(table[key], self.language)) if key in table else key for key in value)
        return ", ".join(told)


def is_nothing(value: Any) -> bool:
    """Whether the file says nothing there; `no` and 0 are something."""
    return value is None or value in ("", [], {})


def _names_of(pathway: Pathway) -> dict[tuple[str, str], Text | str]:
    panel, report = pathway.panel, pathway.report
    readers = (*panel.roles, panel.extra_reader) if panel.extra_reader else panel.roles
    codes = {"eligibility": pathway.eligibility.codes, "mandated_procedures": pathway.mandated_procedures}
    return {
        **{("documents", one.key): one.title for one in pathway.documents},
        **{("flags", one.key): one.title for one in pathway.flags},
        **{("triage", one.key): one.reason for one in pathway.triage.rules},
        **{("panel", one.key): one.title for one in readers},
        **{("sections", one.key): one.title for one in report.sections},
        **{("guidelines", one.key): one.name for one in report.guidelines},
        **{
            (part, f"{one.system} {one.code}"): f"{one.system} {one.code} {one.display}".rstrip()
            for part, listed in codes.items()
            for one in listed
        },
    }


def _facts(value: Mapping[str, Any]) -> str:
    return "; ".join(f"{name}: {_plain(one)}" for name, one in value.items())


def _plain(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(_plain, value))
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
