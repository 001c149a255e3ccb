"""Each example opinion could be signed as it stands, in both languages, and leaves no section of the pathway out."""

from pathlib import Path

import pytest

from pathways.facts import CaseFacts
from pathways.loader import load
from pathways.opinion import OpinionContent
from pathways.panel import panel
from pathways.placed import PlacedMapping
from pathways.sections import applying
from pathways.signing import gaps
from pathways.source import read
from pathways.vocabulary import Language, Specialty

FOLDER = Path(__file__).parents[3] / "examples" / "opinions"
LANGUAGES = (Language.EN, Language.ES)
every_opinion = pytest.mark.parametrize("language", LANGUAGES)
every_specialty = pytest.mark.parametrize("specialty", list(Specialty))


def _example(specialty: Specialty) -> PlacedMapping:
    return read(FOLDER / f"{specialty}.yaml")


@every_specialty
@every_opinion
def test_an_example_opinion_can_be_signed(specialty: Specialty, language: Language) -> None:
    example, pathway = _example(specialty), load(specialty).pathway
    content = OpinionContent.model_validate(example["opinions"][language])
    facts = CaseFacts.model_validate(example["facts"])
    found = gaps(
        content,
        pathway,
        role=example["role"],
        seats=example["seats"],
        facts=facts,
        questions=range(1, len(example["questions"][language]) + 1),
        documents={one["number"]: one["pages"] for one in example["documents"]},
        language=language,
    )
    assert [(one.place, one.message.en) for one in found] == []
    assert {one.key for one in applying(pathway, facts) if one.required} - set(content.sections) == set()


@every_specialty
def test_an_example_is_of_the_chair_of_the_panel_that_its_facts_call_for(specialty: Specialty) -> None:
    example, pathway = _example(specialty), load(specialty).pathway
    facts = CaseFacts.model_validate(example["facts"])
    assert example["seats"] == [seat.role for seat in panel(pathway, facts)]
    assert example["role"] == pathway.panel.chair


@every_specialty
def test_both_languages_say_the_same(specialty: Specialty) -> None:
    english, spanish = (
        OpinionContent.model_validate(_example(specialty)["opinions"][language]) for language in LANGUAGES
    )
    for field in ("stance", "diagnosis_concordance", "treatment_concordance", "confidence"):
        assert getattr(english, field) == getattr(spanish, field)
    assert english.sections.keys() == spanish.sections.keys()
    assert len(english.recommendations) == len(spanish.recommendations)
    assert english.plain_summary != spanish.plain_summary
