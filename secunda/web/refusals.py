"""What is refused, in the reader's language.

Errors are written in English where they are raised, with their values in them. Here the template that such a text was
made from is found again among those of the catalogue (`refusal_texts.py` keeps it complete), and said in the reader's
language with the same values, codes of states as people say them.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from importlib import resources
from io import BytesIO
from typing import Final

from babel.messages.pofile import read_po

from models.status import AssignmentStatus, RequirementStatus
from pathways.vocabulary import Text
from secunda.errors import SecundaError
from secunda.views.words import WORDS
from secunda.web.catalogues import LOCALES, N_, translations
from secunda.web.domain_texts import titles

ROOMS: Final = ("refusals", "domain")
VALUE: Final = re.compile(r"{(\w+)}")
#: States that only refusals name.
STATES: Final[Mapping[str, str]] = {
    AssignmentStatus.REQUESTED: N_("offered"),
    AssignmentStatus.ACCEPTED: N_("accepted"),
    AssignmentStatus.IN_PROGRESS: N_("writing"),
    AssignmentStatus.COMPLETED: N_("signed"),
    AssignmentStatus.REJECTED: N_("declined"),
    AssignmentStatus.CANCELLED: N_("taken back"),
    RequirementStatus.PENDING: N_("asked for"),
    RequirementStatus.RECEIVED: N_("received"),
    RequirementStatus.WAIVED: N_("waived"),
    RequirementStatus.LIMITED: N_("limitation"),
}


def say(text: Text, language: str) -> str:
    """A word of the domain in the reader's language, also one that was filled with values."""
    own: str | None = getattr(text, language, None)
    return own or refusal(text.en, language)


@lru_cache(maxsize=4096)
def refusal(text: str, language: str) -> str:
    """An error's message or remedy in `language`; as it is where nobody has translated it."""
    gettext = translations(language).gettext
    if gettext(text) != text:
        return gettext(text)
    for pattern, template in _patterns():
        found = pattern.fullmatch(text)
        if found:
            values = {name: _value(value, language) for name, value in found.groupdict().items()}
            return gettext(template).format(**values)
    return text


def in_words(error: SecundaError, language: str) -> str:
    """What went wrong and what to do, where that is not for the command line."""
    remedy = "" if "`" in error.remedy else error.remedy
    return " ".join(refusal(part, language) for part in (error.message, remedy) if part)


@lru_cache
def _patterns() -> list[tuple[re.Pattern[str], str]]:
    """Every template with values in it, the one that says most by itself first."""
    folder = resources.files("secunda.web").joinpath("locales", "fr")  # complete, as all are but the Spanish
    files = [BytesIO(folder.joinpath(f"{room}.po").read_bytes()) for room in ROOMS]
    said = [one.id for file in files for one in read_po(file, locale=LOCALES["fr"]) if isinstance(one.id, str)]
    with_values = sorted((one for one in said if VALUE.search(one)), key=lambda one: -len(VALUE.sub("", one)))
    return [(re.compile(_pattern(one), re.DOTALL), one) for one in with_values]


def _pattern(template: str) -> str:
    parts = VALUE.split(template)
    return "".join(f"(?P<{part}>.*?)" if place % 2 else re.escape(part) for place, part in enumerate(parts))


def _value(value: str, language: str) -> str:
    if value in STATES:
        return translations(language).gettext(STATES[value])
    known = WORDS.get(value) or titles().get(value)
    if known:
        return say(known, language)
    return translations(language).gettext(value) if value else value
