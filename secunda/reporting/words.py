"""The report's own words in the reader's language, and dates and numbers as that language writes them (CLDR)."""

from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_skeleton, format_time
from babel.numbers import format_decimal
from ruamel.yaml import YAML

from pathways.terminology import grade
from pathways.vocabulary import Text
from secunda.errors import BadInputError

CATALOGUES = Path(__file__).parents[2] / "templates" / "report" / "texts"

_REGIONS = {"en": "en_GB", "pt": "pt_PT"}  # as it is written in Europe: the day before the month

Entry = str | dict[str, str]


@cache
def catalogue(language: str) -> dict[str, Entry]:
    """Every text by its key; a text that counts has the CLDR plural forms `one`, `other` …"""
    loaded: dict[str, Entry] = YAML(typ="safe").load(CATALOGUES / f"{language}.yaml")
    return loaded


@cache
def languages() -> tuple[str, ...]:
    """The languages that a report can be printed in: each has a file of texts."""
    return tuple(sorted(path.stem for path in CATALOGUES.glob("*.yaml")))


class Words:
    """The words of one language. Raises BadInputError for a language that reports are not printed in."""

    def __init__(self, language: str, time_zone: str) -> None:
        if language not in languages():
            known = ", ".join(languages())
            raise BadInputError(f"Reports are not printed in {language!r}.", f"Choose one of {known}.")
        self.language = language
        self.locale = Locale.parse(_REGIONS.get(language, language))
        self.zone = ZoneInfo(time_zone)
        self._texts = catalogue(language)

    def text(self, key: str, **values: Any) -> str:
        """The text of `key`; `count` chooses the plural form."""
        entry = self._texts[key]
        if isinstance(entry, dict):
            form = self.locale.plural_form(values["count"])
            entry = entry.get(form) or entry["other"]
        return entry.format(**values)

    def local(self, text: Text | str) -> str:
        """A pathway's own text in this language."""
        return text if isinstance(text, str) else text.in_language(self.language)

    def grade(self, level: str) -> str:
        """A guideline's grade, in this language where it is a word."""
        return grade(level, self.language)

    def falls_back(self, text: Text | str) -> bool:
        """Whether a pathway's text is printed in English for want of a translation."""
        return self.language != "en" and not isinstance(text, str) and not getattr(text, self.language)

    def date(self, day: date | datetime | None, skeleton: str = "") -> str:
        """`12 March 2026`, or what a CLDR skeleton (`yMMMd`: `12 Mar 2026`) asks for, in the report's time zone; empty
        for None."""
        if day is None:
            return ""
        if isinstance(day, datetime):
            day = day.astimezone(self.zone).date()
        if skeleton:
            return format_skeleton(skeleton, datetime.combine(day, time()), locale=self.locale)
        return format_date(day, format="long", locale=self.locale)

    def moment(self, moment: datetime) -> str:
        """`12 Mar 2026, 14:05` in the report's time zone."""
        local = moment.astimezone(self.zone)
        return f"{self.date(local, 'yMMMd')}, {format_time(local, 'HH:mm', locale=self.locale)}"

    def number(self, value: float) -> str:
        """`12.5`, `12,5`, at most two decimals."""
        return format_decimal(value, format="#,##0.##", locale=self.locale)

    def span(self, length: timedelta) -> str:
        """A length of time in days, or in hours below two days."""
        hours = round(length.total_seconds() / 3600)
        return self.text("hours", count=hours) if hours < 48 else self.text("days", count=round(hours / 24))
