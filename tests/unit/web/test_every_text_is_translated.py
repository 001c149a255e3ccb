"""The pages say nothing that one of their readers cannot read."""

import re

import pytest

from secunda.web.catalogues import LANGUAGES, WRITTEN_IN, catalogue
from secunda.web.texts import IN_SPANISH, Text, texts

TRANSLATED = sorted(set(LANGUAGES) - {WRITTEN_IN})
PLACEHOLDER = re.compile(r"%\(\w+\)s|{\w+}")


def owed(language: str) -> list[Text]:
    own = IN_SPANISH if language == "es" else ()
    return [text for room, said in texts().items() if room not in own for text in said]


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_text_of_the_pages_is_translated(language: str) -> None:
    """`make catalogues` lists what is missing."""
    known = catalogue(language)
    missing = []
    for text in owed(language):
        found = known.get(text if isinstance(text, str) else text[0])
        string = found.string if found else ""
        if not string or (isinstance(string, tuple) and not all(string)):
            missing.append(text)
    assert missing == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_translation_keeps_the_placeholders(language: str) -> None:
    wrong = []
    for message in catalogue(language):
        originals = message.id if isinstance(message.id, tuple) else (message.id,)
        strings = message.string if isinstance(message.string, tuple) else (message.string,)
        wanted = set(PLACEHOLDER.findall(" ".join(originals)))
        wrong += [string for string in strings if set(PLACEHOLDER.findall(string)) != wanted]
    assert wrong == []
