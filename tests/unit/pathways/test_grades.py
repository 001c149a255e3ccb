"""The grades that guidelines give in words are said in every language."""

import re

import pytest

from pathways import loader
from pathways.terminology import grade, grades
from pathways.vocabulary import Specialty, Text

LANGUAGES = sorted(Text.model_fields)
WORD = re.compile("[a-z]{3}")


@pytest.mark.parametrize("specialty", Specialty)
def test_every_grade_of_a_pathway_that_is_a_word_is_known(specialty: Specialty) -> None:
    guidelines = loader.load(specialty).pathway.report.guidelines
    words = {word for one in guidelines for level in one.levels for word in level.split(", ") if WORD.search(word)}
    assert words - set(grades()) == set()


@pytest.mark.parametrize("word", grades())
def test_a_grade_has_its_word_in_every_language(word: str) -> None:
    assert all(getattr(grades()[word], language) for language in LANGUAGES)


def test_a_grade_that_is_a_code_stays_as_the_guideline_writes_it() -> None:
    assert (grade("IIa B", "es"), grade("strong", "es"), grade("strong", "en")) == ("IIa B", "fuerte", "strong")
    assert grade("high, weak", "es") == "alto, débil"
