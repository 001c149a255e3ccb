"""What differs between two versions of a pathway is told in plain words, whole, in the reader's language."""

import copy
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from pathways import loader, schema
from pathways.difference import differences
from pathways.schema import Pathway
from pathways.vocabulary import AdjudicationRule, Specialty
from secunda.web.catalogues import LANGUAGES
from secunda.web.versions import Line, Part, told
from secunda.web.versions.labels import EXPECTED, FIELDS, PARTS, RUNGS, SINGLES, TOLD_TO, WAITS, WORDS
from tests.unit.pathways.altered import altered

SHIPPED = {specialty: loader.load(specialty).pathway for specialty in Specialty}
CARDIOLOGY = SHIPPED[Specialty.CARDIOLOGY]
KEYED = (
    schema.DocumentRequirement,
    schema.Flag,
    schema.TriageRule,
    schema.Role,
    schema.ReportSection,
    schema.Guideline,
    schema.Example,
)


def changed(change: Any) -> Pathway:
    content = copy.deepcopy(loader.content(CARDIOLOGY))
    change(content)
    return Pathway.model_validate(content)


def lines(parts: tuple[Part, ...]) -> list[tuple[str, str, str, str]]:
    return [
        (entry.title, line.what, line.before, line.after)
        for part in parts
        for entry in part.entries
        for line in entry.lines
    ]


def ecg(content: dict[str, Any]) -> dict[str, Any]:
    return next(one for one in content["documents"] if one["key"] == "ecg")


@pytest.mark.parametrize("model", KEYED)
def test_every_field_of_a_pathway_file_has_a_name_in_plain_words(model: type[BaseModel]) -> None:
    named = {field.alias or name for name, field in model.model_fields.items()} - {"key"}
    if model is schema.Example:
        named -= {"name"}
    assert named <= FIELDS.keys()


def test_every_part_and_word_of_a_pathway_file_has_one_too() -> None:
    assert {*schema.Deadlines.model_fields, *schema.Chase.model_fields} <= WAITS.keys()
    own = {"pathway", "version", "title", "review", "extends"}
    assert {name for part, name in SINGLES if part == "pathway"} == own
    assert {name for part, name in SINGLES if part == "panel"} == set(schema.Panel.model_fields) - {
        "roles",
        "extra_reader",
    }
    everywhere = set(schema.Pathway.model_fields) - own - {"report"}
    assert everywhere | {"pathway", "sections", "guidelines"} == PARTS.keys()
    words = (schema.Obligation, schema.DocumentFormat, schema.HeldBy, schema.SectionKind, AdjudicationRule, Specialty)
    assert {word for kind in words for word in kind} <= WORDS.keys()
    assert {*RUNGS} == {*schema.ChaseAction} and {*TOLD_TO} == {*schema.EscalateTo}
    assert EXPECTED.keys() == schema.ExampleExpectation.model_fields.keys()


def test_a_changed_paper_and_a_changed_deadline_say_from_what_to_what() -> None:
    def change(content: dict[str, Any]) -> None:
        ecg(content)["obligation"], ecg(content)["maximum_age"] = "mandatory", "1 day"
        content["deadlines"]["acceptance"]["P1"] = "2 h"

    assert lines(told(CARDIOLOGY, changed(change), "en")) == [
        ("Electrocardiogram", "How much it is needed", "required", "indispensable"),
        ("Electrocardiogram", "Not older than", "180 days", "1 day"),
        ("Answer to an offer P1", "How long it may take", "4 hours", "2 hours"),
    ]
    assert lines(told(CARDIOLOGY, changed(change), "es"))[0] == (
        "Electrocardiograma",
        "Hasta qué punto es necesario",
        "necesario",
        "imprescindible",
    )


def test_a_text_that_differs_in_another_language_is_told_as_that() -> None:
    def change(content: dict[str, Any]) -> None:
        ecg(content)["title"]["fr"] = "ECG de repos"

    newer = changed(change)
    assert lines(told(CARDIOLOGY, newer, "en")) == [
        ("Electrocardiogram", "Name, text in French", "Électrocardiogramme", "ECG de repos")
    ]
    assert lines(told(CARDIOLOGY, newer, "fr")) == [("ECG de repos", "Nom", "Électrocardiogramme", "ECG de repos")]
    ((path,),) = ([line.path for line in told(CARDIOLOGY, newer, "en")[0].entries[0].lines],)
    assert path == "documents.ecg.title.fr"


def test_a_section_that_is_gone_is_told_whole_and_a_rule_as_it_is_written() -> None:
    def change(content: dict[str, Any]) -> None:
        del content["report"]["sections"][0]
        content["triage"]["rules"][1]["when"] = "age > 80"

    parts = told(CARDIOLOGY, changed(change), "en")
    rule, section = (part.entries[0] for part in parts)
    (line,) = rule.lines
    assert (line.is_rule, line.after) == (True, "age > 80")
    gone = CARDIOLOGY.report.sections[0]
    assert (section.title, section.change, section.is_whole) == (gone.title.en, "no longer there", True)
    assert {line.after for line in section.lines} == {""}
    others = {line.before for line in section.lines if line.other}
    assert gone.title.es in others and gone.title.en not in others


def all_lines(parts: tuple[Part, ...]) -> Iterator[Line]:
    return (line for part in parts for entry in part.entries for line in entry.lines)


@pytest.mark.parametrize("language", LANGUAGES)
def test_any_two_pathways_can_be_told_apart_in_every_language(language: str) -> None:
    for specialty in (Specialty.ONCOLOGY, Specialty.RARE_DISEASE):
        parts = told(CARDIOLOGY, SHIPPED[specialty], language)
        assert all(line.before != line.after and line.what for line in all_lines(parts))
        assert not any("  " in entry.title or "_" in entry.title for part in parts[:-1] for entry in part.entries)


def test_an_extra_reader_under_another_key_is_one_gone_and_one_new() -> None:
    radiology = SHIPPED[Specialty.RADIOLOGY]
    content = copy.deepcopy(loader.content(radiology))
    content["panel"]["extra_reader"]["key"] = "fourth_reader"
    (panel,) = told(radiology, Pathway.model_validate(content), "en")
    assert [(entry.title, entry.is_whole) for entry in panel.entries] == [("Third reader (extra reader)", True)] * 2


@settings(max_examples=40, deadline=None)
@given(data=st.data(), specialty=st.sampled_from(Specialty), language=st.sampled_from(sorted(LANGUAGES)))
def test_nothing_that_differs_is_left_out(data: st.DataObject, specialty: Specialty, language: str) -> None:
    """One value somewhere is another one, or one item of a list is gone: each difference has its line."""
    older = SHIPPED[specialty]
    newer = altered(data, older)
    parts = told(older, newer, language)
    assert all(entry.lines for part in parts for entry in part.entries)
    paths = [line.path for line in all_lines(parts)]
    for one in differences(older, newer):
        place = ".".join(filter(None, (one.part, one.name, one.field)))
        assert any(path.startswith(place) for path in paths)
