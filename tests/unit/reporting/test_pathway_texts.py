"""What a pathway says in a report is there in every language that reports are printed in."""

from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import BaseModel

from pathways import minute_texts
from pathways.loader import load
from pathways.triage import UNIVERSAL_RULES
from pathways.vocabulary import Language, Text
from secunda.reporting.typeface import coverage
from tests.functional.shipped_reports import SPECIALTIES


def texts(given: Any) -> Iterator[Text]:
    """Every text in a definition, however deep."""
    if isinstance(given, Text):
        yield given
    elif isinstance(given, BaseModel):
        yield from texts([getattr(given, name) for name in type(given).model_fields])
    elif isinstance(given, dict):
        yield from texts(list(given.values()))
    elif isinstance(given, list | tuple):
        for each in given:
            yield from texts(each)


def printed(specialty: str) -> list[Text]:
    """What of a pathway stands in a report: its title, who sits on the panel, what was asked for, its sections,
    what may have been ticked and why a class was given."""
    pathway = load(specialty).pathway
    return list(
        texts(
            [
                pathway.title,
                pathway.panel.roles,
                pathway.panel.extra_reader,
                pathway.documents,
                pathway.report.sections,
                pathway.flags,
                pathway.triage.rules,
                UNIVERSAL_RULES,
            ]
        )
    )


def lacking(given: list[Text]) -> list[str]:
    return [f"{text.en} ({language})" for text in given for language in Language if not getattr(text, language)]


@pytest.mark.parametrize("specialty", SPECIALTIES)
def test_a_pathways_texts_are_translated(specialty: str) -> None:
    found = printed(specialty)
    assert len(found) > 20
    assert lacking(found) == []


def test_an_adjudication_is_told_in_every_language() -> None:
    found = list(texts([value for name, value in vars(minute_texts).items() if name.isupper()]))
    assert len(found) > 20
    assert lacking(found) == []


def test_the_typeface_draws_all_of_them() -> None:
    written = "".join(str(text.model_dump()) for specialty in SPECIALTIES for text in printed(specialty))
    assert {character for character in written if character.isprintable() and ord(character) not in coverage()} == set()
