"""The texts of the domain that have no Catalan, French, German or Portuguese of their own: the catalogues have them.

What the code says (gaps of an opinion, why an expert is excluded, how experts are compared) and what the files say
(pathways, jurisdictions, kinds of document).
"""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any, Final

from pydantic import BaseModel

from pathways import blinding, determination, exclusions, loader, matching, payer_files, sections, signing, triage
from pathways.overlay import FOLDER as OVERLAYS
from pathways.overlay import load as load_overlay
from pathways.terminology import document_types, subspecialties
from pathways.vocabulary import Text

OTHERS: Final = ("ca", "fr", "de", "pt")


def of_the_code() -> Iterator[str]:
    """The templates of gaps and exclusions, and the words beside them."""
    for room in (signing, sections, blinding, exclusions, matching, triage, determination):
        yield from _untranslated(vars(room).values())


def of_the_files() -> Iterator[str]:
    """Every text of every shipped pathway, jurisdiction and payer, and kinds of document and expertise."""
    yield from _untranslated(one.pathway for one in loader.load_all().values())
    yield from _untranslated(load_overlay(file.stem) for file in sorted(OVERLAYS.glob("*.yaml")))
    yield from _untranslated(filter(None, map(payer_files.load, payer_files.names())))
    yield from (kind.en for kind in (*document_types().values(), *subspecialties().values()))


def _untranslated(values: Iterable[Any]) -> Iterator[str]:
    return (text.en for text in _texts(values) if not all(getattr(text, language) for language in OTHERS))


def _texts(values: Iterable[Any]) -> Iterator[Text]:
    for value in values:
        if isinstance(value, Text):
            yield value
        elif isinstance(value, BaseModel):
            yield from _texts(getattr(value, name) for name in type(value).model_fields)
        elif isinstance(value, dict):
            yield from _texts(value.values())
        elif isinstance(value, list | tuple):
            yield from _texts(value)


@lru_cache
def titles() -> dict[str, Text]:
    """The English titles of pathways and of their reports' sections, which gaps and refusals name, with the others."""
    pathways = [one.pathway for one in loader.load_all().values()]
    named = (*(one.title for one in pathways), *(part.title for one in pathways for part in one.report.sections))
    return {title.en: title for title in named}
