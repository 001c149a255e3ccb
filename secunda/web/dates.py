"""Moments, days and spans of time as people read them, in their language and this installation's time zone."""

from datetime import date, datetime, timedelta
from typing import Final, Literal
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime, format_timedelta
from babel.units import format_unit

from pathways.spans import Span, SpanUnit
from secunda.settings import settings
from secunda.web.catalogues import LOCALES, translations
from secunda.web.numbers import percent

MINUTES_UP_TO: Final = 2  # hours
NEVER_LARGER: Final = 1e9  # 72 hours stay hours


def zone() -> ZoneInfo:
    return ZoneInfo(settings().time_zone)


def moment(at: datetime | None, language: str) -> str:
    """`3 Mar 2026, 09:30`; a dash where there is none."""
    if at is None:
        return "–"
    return str(format_datetime(at.astimezone(zone()), "d MMM y, HH:mm", locale=LOCALES[language]))


def moment_and_zone(at: datetime, language: str) -> str:
    """`3 Mar 2026, 09:30 CET`: for sentences that are read elsewhere than on the pages, too."""
    return f"{moment(at, language)} {at.astimezone(zone()).tzname()}"


def exact(at: datetime, language: str) -> str:
    """`3 Mar 2026, 09:30:15`."""
    return str(format_datetime(at.astimezone(zone()), "d MMM y, HH:mm:ss", locale=LOCALES[language]))


def day(at: date | datetime | None, language: str) -> str:
    """`3 March 2026`."""
    if at is None:
        return "–"
    here = at.astimezone(zone()).date() if isinstance(at, datetime) else at
    return str(format_date(here, "d MMM y", locale=LOCALES[language]))


def span(length: timedelta, language: str) -> str:
    """`3 days`, `5 hours`: one unit, always positive, rounded to the nearest."""
    return str(format_timedelta(abs(length), threshold=1.5, locale=LOCALES[language]))


def duration(length: timedelta, language: str) -> str:
    """`45 min`, and from two hours on `3.4 h`: exact enough to add up."""
    hours = length / timedelta(hours=1)
    value, unit = (hours, "hour") if hours >= MINUTES_UP_TO else (hours * 60, "minute")
    shape = "#,##0.#" if unit == "hour" else "0"
    return str(format_unit(value, f"duration-{unit}", "short", shape, locale=LOCALES[language]))


def extent(of: Span, language: str) -> str:
    """`5 working days`, `72 hours`: what a rule grants."""
    if of.unit is SpanUnit.WORKING_DAYS:
        words = translations(language).ngettext("%(num)s working day", "%(num)s working days", of.amount)
        return words % {"num": of.amount}
    if of.is_share:
        return percent(of.amount / 100, language)
    unit: Literal["hour", "day"] = "hour" if of.unit is SpanUnit.HOURS else "day"
    length = timedelta(**{f"{unit}s": of.amount})  # format_unit knows no Catalan and no Portuguese word for a day
    return str(format_timedelta(length, granularity=unit, threshold=NEVER_LARGER, locale=LOCALES[language]))
