"""From event, channel and language to the finished text. Each text is templates/messages/<event>/<language>.j2, with
blocks `subject`, `body`, `action` (what the link does) and `sms`; the layouts are shared.

Sandboxed, and a missing value is an error (Jinja2 StrictUndefined): nothing half-written leaves. What is put into HTML
is escaped.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from importlib import resources
from typing import Any, Final
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from jinja2 import FileSystemLoader, StrictUndefined, Template
from jinja2.sandbox import ImmutableSandboxedEnvironment

from pathways.vocabulary import Language
from secunda.messages.events import EVENTS
from secunda.messages.gsm7 import to_gsm7

LOCALES: Final = {Language.EN: "en_GB"}  # day before month, 24 hours; the others are their own locale
# Which table of the shared words translates a parameter that is a slug.
TRANSLATED: Final = {
    "waiting_for": "waiting_for",
    "addressee": "recipients",
    "failed_channel": "channels",
    "next_channel": "channels",
    "answer": "answers",
    "request": "requests",
}


@dataclass(frozen=True)
class Rendered:
    """The finished texts; an SMS has neither subject nor HTML."""

    text: str
    subject: str = ""
    html: str = ""


@dataclass(frozen=True)
class Words:
    """Everything a text can say: what it is about and what the event's parameters are. `role` is a title already."""

    event: str
    language: Language
    zone: str
    reference: str
    link: str  # empty: none
    parameters: Mapping[str, Any]

    @property
    def shared(self) -> Any:
        """The words that all messages of the language share."""
        return _environment().get_template(f"layout/words.{self.language.value}.j2").module

    @property
    def template(self) -> Template:
        return _environment().get_template(f"{self.event}/{self.language.value}.j2")

    def values(self, deadline: str) -> dict[str, Any]:
        """The template's variables; a slug that the shared words lack is a KeyError."""
        values = {name: self._said(name, value) for name, value in self.parameters.items()}
        return values | {"reference": self.reference, "deadline": deadline}

    def _said(self, name: str, value: Any) -> Any:
        if name not in TRANSLATED or value == "":
            return value
        return getattr(self.shared, TRANSLATED[name])[value]


def render(channel: str, words: Words) -> Rendered:
    """The texts of a message on a channel.

    Raises KeyError or ValueError for a parameter that is missing or not what the event's table says,
    jinja2.TemplateError for anything else that is missing.
    """
    missing = set(EVENTS[words.event].parameters) - set(words.parameters)
    if missing:
        raise KeyError(f"{words.event} lacks {', '.join(sorted(missing))}")
    return RENDERERS[channel](words)


def _email(words: Words) -> Rendered:
    shared = words.shared
    deadline = _deadline(words)
    values = words.values(deadline)
    title = _line(words.template, "subject", values)
    facts = [(shared.case_label, words.reference)]
    facts += [(shared.role_label, values["role"])] if "role" in values else []
    facts += [(shared.deadline_label, deadline)] if deadline else []
    layout = {
        "language": words.language.value,
        "subject": f"{words.reference}: {title}",
        "title": title,
        "paragraphs": _paragraphs(words.template, values),
        "facts": facts,
        "link": words.link,
        "action": _line(words.template, "action", values) if words.link else "",
        "footer": " ".join([shared.privacy, *([shared.keep_the_link] if words.link else []), shared.automatic]),
        "words": shared,
    }
    text, html = (_environment().get_template(f"layout/email.{kind}.j2").render(layout) for kind in ("txt", "html"))
    return Rendered(text=text.strip() + "\n", subject=layout["subject"], html=html)


def _sms(words: Words) -> Rendered:
    said = _line(words.template, "sms", words.values(_deadline(words, words.shared.short_time)))
    return Rendered(text=to_gsm7(f"{words.reference}: {said} {words.link}".rstrip()))


RENDERERS: Final = {"email": _email, "sms": _sms}


def _deadline(words: Words, pattern: str = "") -> str:
    """`due_at` in the recipient's local time with its zone, in full or as `pattern` (CLDR) says; empty without one.

    Raises ValueError for a time without a zone.
    """
    written = words.parameters.get("due_at")
    if not written:
        return ""
    moment = datetime.fromisoformat(str(written))
    if moment.tzinfo is None:
        raise ValueError("due_at needs a time zone")
    local = moment.astimezone(ZoneInfo(words.zone))
    locale = LOCALES.get(words.language, words.language.value)
    zone = local.tzname()  # CET and the like: the same in every language, where CLDR has abbreviations for a few only
    if pattern:
        return f"{format_datetime(local, pattern, tzinfo=local.tzinfo, locale=locale)} {zone}"
    return f"{format_date(local, 'full', locale=locale)}, {local:%H:%M} {zone}"


def _block(template: Template, name: str, values: dict[str, Any]) -> str:
    return "".join(template.blocks[name](template.new_context(values)))


def _line(template: Template, name: str, values: dict[str, Any]) -> str:
    return " ".join(_block(template, name, values).split())


def _paragraphs(template: Template, values: dict[str, Any]) -> list[str]:
    """Paragraphs are set apart by an empty line; line breaks within one mean nothing."""
    parts = re.split(r"\n\s*\n", _block(template, "body", values))
    return [" ".join(part.split()) for part in parts if part.strip()]


@lru_cache(maxsize=1)
def _environment() -> ImmutableSandboxedEnvironment:
    folder = str(resources.files("templates") / "messages")
    return ImmutableSandboxedEnvironment(
        loader=FileSystemLoader(folder),
        undefined=StrictUndefined,
        autoescape=lambda name: bool(name) and str(name).endswith(".html.j2"),
        trim_blocks=True,
        lstrip_blocks=True,
    )
