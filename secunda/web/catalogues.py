"""The pages' texts in six languages: written in English in the pages, translated in `locales/<language>/*.po`.

One catalogue a room (`shell`, `coordinator`, `expert`, …), merged when first used; nothing has to be compiled.
"""

from functools import lru_cache
from gettext import GNUTranslations, NullTranslations
from importlib import resources
from io import BytesIO
from typing import Final

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from pathways.vocabulary import Text

#: ISO 639-1 → what its speakers call it, in the order shown.
LANGUAGES: Final = {
    "es": "Español",
    "ca": "Català",
    "en": "English",
    "fr": "Français",
    "de": "Deutsch",
    "pt": "Português",
}
WRITTEN_IN: Final = "en"
#: Babel's name of the locale for dates and numbers.
LOCALES: Final = {"es": "es_ES", "ca": "ca_ES", "en": "en_GB", "fr": "fr_FR", "de": "de_DE", "pt": "pt_PT"}


def N_(message: str) -> str:  # noqa: N802 - gettext's own name for "translated later"
    """Mark a text for translation where it is written, and translate it where it is shown."""
    return message


@lru_cache
def catalogue(language: str) -> Catalog:
    """All catalogues of a language as one."""
    whole = Catalog(locale=LOCALES[language])
    for file in resources.files("secunda.web").joinpath("locales", language).iterdir():
        if file.name.endswith(".po"):
            for message in read_po(BytesIO(file.read_bytes()), locale=LOCALES[language]):
                if message.id:
                    whole.add(message.id, message.string, context=message.context)
    return whole


@lru_cache
def translations(language: str) -> NullTranslations:
    """gettext's functions in a language; texts without a translation stay English."""
    if language == WRITTEN_IN or language not in LANGUAGES:
        return NullTranslations()
    compiled = BytesIO()
    write_mo(compiled, catalogue(language))
    compiled.seek(0)
    return GNUTranslations(compiled)


def say(text: Text, language: str) -> str:
    """A word of the domain: its own translation, else the catalogue's of its English, else English."""
    own: str | None = getattr(text, language, None)
    return own or translations(language).gettext(text.en)
