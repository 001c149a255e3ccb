"""Telling an event in plain words, in any of the six languages: its sentence, filled with what the event holds."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from string import Formatter
from types import MappingProxyType
from typing import Any, Final

from pathways.spans import Span
from secunda.views.event_texts import SENTENCES
from secunda.views.words import WORDS
from secunda.web.catalogues import say
from secunda.web.dates import duration, extent, moment_and_zone
from secunda.web.numbers import percent


def _moment(written: str, language: str) -> str:
    return moment_and_zone(datetime.fromisoformat(written), language)


#: What is no word: how each is written.
FIGURES: Final[Mapping[str, Callable[[Any, str], str]]] = {
    "accept_by": _moment,
    "due_at": _moment,
    "opinion_due_at": _moment,
    "report_due_at": _moment,
    "stopped_seconds": lambda seconds, language: duration(timedelta(seconds=seconds), language),
    "by": lambda written, language: extent(Span.parse(written), language),
    "share": lambda hundredths, language: percent(hundredths / 100, language),
}
CODED: Final = frozenset(
    {
        "action",
        "after",
        "answer",
        "ground",
        "obligation",
        "purpose",
        "told",
        "outcome",
        "result",
        "right",
        "rule",
        "stance",
        "status",
        "step",
        "steps",
        "subject",
        "why",
    }
)


#: Field of an event → code → what people call it, in their language already.
Names = Mapping[str, Mapping[str, str]]


def told(kind: str, data: Mapping[str, Any], language: str, names: Names = MappingProxyType({})) -> str:
    """The event as sentences in `language`; a kind that an older or newer version wrote is named as it is.

    `names`: what a case's own codes are called: its documents, roles, clinical situations.
    """
    if kind not in SENTENCES:
        return f"{kind}."
    text, more = SENTENCES[kind]
    said = [text, *(also for key, also in more.items() if data.get(key))]
    return " ".join(_filled(say(one, language), data, language, names) for one in said)


def _filled(sentence: str, data: Mapping[str, Any], language: str, names: Names) -> str:
    fields = [name for _, name, _, _ in Formatter().parse(sentence) if name]
    return sentence.format(**{name: _value(name, data.get(name), language, names) for name in fields})


def _value(name: str, value: Any, language: str, names: Names) -> str:
    if value is None:
        return "–"
    if isinstance(value, list):
        return ", ".join(_value(name, one, language, names) for one in value)
    if name in FIGURES:
        return FIGURES[name](value, language)
    if str(value) in names.get(name, ()):
        return names[name][str(value)]
    code = (
        str(value).partition(":")[0] if name == "subject" else str(value)
    )  # `opinion:<assignment>` is told as opinion
    word = WORDS.get(code) if name in CODED else None
    return say(word, language) if word else code.rstrip(".")
