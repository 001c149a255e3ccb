from typing import Any

import pytest

from pathways.facts import CaseFacts
from pathways.opinion import OpinionContent
from pathways.signing import OWED, gaps
from pathways.vocabulary import Language
from tests.unit.rules.samples import a_pathway, text

PATHWAY = a_pathway()
COMPLETE: dict[str, Any] = {
    "history": "Low back pain for two years.",
    "findings": [{"text": "Stenosis at L4-L5.", "document": 2, "page": 3}],
    "diagnosis": "Lumbar stenosis.",
    "diagnosis_concordance": "confirmed",
    "treatment": "Fusion is not the first choice.",
    "treatment_concordance": "changed",
    "stance": "not_supported",
    "answers": [{"question": 1, "text": "No."}, {"question": 2, "text": "Six weeks."}],
    "recommendations": [
        {
            "text": "Supervised exercise.",
            "reason": "Not tried yet.",
            "citations": [{"guideline": "NASS", "reference": "2020, 4.2"}],
            "evidence_level": "B",
        }
    ],
    "sections": {
        "reasoning": {"text": "Because."},
        "care": {"rows": [["Exercise", "6"]]},
        "criteria": {"checks": [{"item": 0, "met": True}]},
        "appropriate": {"ratings": [{"item": item, "value": 7} for item in range(3)]},
        "index": {"score": 42},
    },
    "clinical_impact": "An operation is avoided.",
    "confidence": "high",
    "limits": "The patient was not examined.",
    "plain_summary": "You can wait.",
    "independence_declared": True,
}


def found(content: dict[str, Any], **asked: Any) -> dict[str, str]:
    """Place and English message of every gap."""
    question = {
        "pathway": PATHWAY,
        "role": "surgeon",
        "seats": {"surgeon", "physiatrist"},
        "facts": CaseFacts(),
        "questions": [1, 2],
        "documents": {1: None, 2: 5},
        "language": Language.ES,
        **asked,
    }
    return {gap.place: gap.message.en for gap in gaps(OpinionContent.model_validate(content), **question)}


def but(**changed: Any) -> dict[str, Any]:
    return {**COMPLETE, **changed}


def section(key: str, content: dict[str, Any]) -> dict[str, Any]:
    return but(sections={**COMPLETE["sections"], key: content})


def recommendation(**changed: Any) -> dict[str, Any]:
    return but(recommendations=[{**COMPLETE["recommendations"][0], **changed}])


def test_a_complete_opinion_can_be_signed():
    assert found(COMPLETE) == {}


@pytest.mark.parametrize("field", [field for field, _, _ in OWED])
def test_whatever_is_left_out_is_named(field):
    left_out = {key: value for key, value in COMPLETE.items() if key != field}
    assert list(found(left_out)) == [f"/{field}"]


def test_an_empty_draft_has_a_gap_for_everything():
    places = found({})
    assert {f"/{field}" for field, _, _ in OWED} <= places.keys()
    assert {f"/sections/{key}" for key in COMPLETE["sections"]} <= places.keys()


@pytest.mark.parametrize(
    ("content", "place", "told"),
    [
        (but(answers=[{"question": 1, "text": "No."}]), "/answers", "Question 2 is not answered"),
        (but(answers=[*COMPLETE["answers"], {"question": 9, "text": "x"}]), "/answers/2", "no question 9"),
        (but(answers=[*COMPLETE["answers"], {"question": 1, "text": "x"}]), "/answers/2", "answered twice"),
        (recommendation(citations=[]), "/recommendations/0/citations", "Recommendation 1 cites no guideline"),
        (
            recommendation(citations=[{"guideline": "ESMO", "reference": "x"}]),
            "/recommendations/0/citations/0/guideline",
            "cites ESMO; this pathway knows NASS, NICE",
        ),
        (recommendation(evidence_level=" "), "/recommendations/0/evidence_level", "no level of evidence"),
        (recommendation(evidence_level="strong"), "/recommendations/0/evidence_level", "they use A, B"),
        (recommendation(text=""), "/recommendations/0/text", "no text"),
        (recommendation(reason=""), "/recommendations/0/reason", "no reason"),
        (but(findings=[{"text": "x", "document": 7}]), "/findings/0/document", "document 7, which is not in the list"),
        (but(findings=[{"text": "x", "document": 2, "page": 6}]), "/findings/0/page", "page 6; document 2 has 5"),
        (but(findings=[{"text": "x", "document": 2}]), "/findings/0/page", "on which of the 5 pages of document 2"),
        (but(findings=[{"text": "x"}]), "/findings/0/document", "does not say in which document"),
        (but(findings=[{"text": " ", "document": 1}]), "/findings/0/text", "no text"),
        (but(language="en"), "/translator", "Written in en, owed in es"),
        (section("care", {"rows": [["Exercise"]]}), "/sections/care/rows/0", "1 cells; there are 2 columns"),
        (section("care", {"rows": [["", " "]]}), "/sections/care/rows/0", "is empty"),
        (section("care", {"text": "prose instead"}), "/sections/care", "is missing"),
        (section("reasoning", {"rows": [["x"]]}), "/sections/reasoning/rows", "does not take rows"),
        (section("criteria", {"checks": [{"item": 2, "met": True}]}), "/sections/criteria/checks/0/item", "no item 3"),
        (
            section("criteria", {"checks": [{"item": 0, "met": True}, {"item": 0, "met": False}]}),
            "/sections/criteria/checks/1/item",
            "twice",
        ),
        (
            section("appropriate", {"ratings": [{"item": 0, "value": 1}, {"item": 2, "value": 9}]}),
            "/sections/appropriate/ratings",
            "item 2 is not rated",
        ),
        (section("index", {"score": 101}), "/sections/index/score", "above 100"),
        (section("reasoning", {}), "/sections/reasoning", "“Reasoning” is missing"),
        (section("unheard_of", {"text": "x"}), "/sections/unheard_of", "no section unheard_of"),
    ],
)
def test_each_thing_written_wrongly_is_told_at_its_place(content, place, told):
    problems = found(content)
    assert list(problems) == [place]
    assert told in problems[place]


def test_a_score_of_zero_is_a_score():
    assert found(section("index", {"score": 0})) == {}


def test_a_named_translator_closes_the_language_gap():
    assert found(but(language="en", translator="Marta Vila")) == {}


def test_a_level_may_come_from_any_guideline_that_is_cited():
    both = [{"guideline": "NASS", "reference": "x"}, {"guideline": "NICE", "reference": "y"}]
    assert found(recommendation(citations=both, evidence_level="weak")) == {}


def test_a_section_is_owed_only_where_it_applies():
    assert list(found(COMPLETE, facts=CaseFacts(age=9))) == ["/sections/children"]


def test_the_chair_owes_the_sections_and_everybody_rates():
    places = found(but(sections={}), role="physiatrist")
    assert list(places) == ["/sections/appropriate"]
    assert len(found(but(sections={}), role="surgeon")) == 5


def test_a_section_is_owed_by_the_role_that_it_names_where_that_role_is_seated():
    sections = [{"key": "imaging", "title": text("Imaging"), "written_by": ["imager"]}]
    report = {**PATHWAY.report.model_dump(mode="json"), "sections": sections}
    pathway = a_pathway(report=report)
    nothing = but(sections={})
    seated = {"surgeon", "imager"}
    assert list(found(nothing, pathway=pathway, seats=seated, role="imager")) == ["/sections/imaging"]
    assert found(nothing, pathway=pathway, seats=seated, role="surgeon") == {}
    assert list(found(nothing, pathway=pathway, seats={"surgeon"}, role="surgeon")) == ["/sections/imaging"]


def test_a_blind_readers_provisional_opinion_owes_no_comparison_yet():
    early = ("findings", "diagnosis", "confidence", "independence_declared")
    content = {key: COMPLETE[key] for key in early}
    assert found(content, provisional=True) == {}
    assert set(found({}, provisional=True)) == {f"/{key}" for key in early}


def test_a_finding_may_not_point_to_a_document_that_is_hidden_from_a_blind_reader():
    assert list(found(COMPLETE, documents={1: None}, provisional=True)) == ["/findings/0/document"]


def test_messages_hold_nothing_of_what_the_expert_wrote():
    marked = but(history="", plain_summary="", findings=[{"text": "SECRET", "document": 9}])
    marked["recommendations"] = [{"text": "SECRET", "citations": [], "evidence_level": "SECRET"}]
    assert not any("SECRET" in message for message in found(marked).values())
