"""What stops a report, and that the message names it."""

from typing import Any

import pytest

from pathways.opinion import Finding
from secunda.reporting.completeness import ReportIncompleteError, check_complete, missing
from secunda.reporting.content import ReportContent
from secunda.reporting.render import render
from tests.unit.reporting.samples import NAMES, minimal, sample

WHOLE = sample("cardiology")


def without(field: str, place: int, **changed: Any) -> ReportContent:
    """The whole report with one part of a list changed."""
    parts = list(getattr(WHOLE, field))
    parts[place] = parts[place].model_copy(update=changed)
    return WHOLE.model_copy(update={field: tuple(parts)})


GAPS = [
    (without("questions", 1, answer=""), "question 2 has no answer"),
    (WHOLE.model_copy(update={"questions": ()}), "no question is asked"),
    (without("recommendations", 0, citations=()), "recommendation 1 has no citation"),
    (without("recommendations", 2, evidence_level=""), "recommendation 3 has no evidence level"),
    (without("recommendations", 2, text=""), "recommendation 3 has no text"),
    (without("findings", 0, document=None), "finding 1 names no document"),
    (without("findings", 0, document=99), "finding 1 names document 99, which is not in the list"),
    (without("panel", 1, signature=None), "the opinion of surgeon is not signed"),
    (without("panel", 2, independence_declared=False), "interventional has not declared independence"),
    (without("sections", 1, text=""), "the section ischaemia is empty"),
    (without("sections", 2, score=None), "the section syntax is empty"),
    (
        without("sections", 0, rows=(("a", "b", "c", "d", "e"),)),
        "row 1 of the section coronary_anatomy has more cells than the section has columns",
    ),
    (WHOLE.model_copy(update={"panel": ()}), "no expert is on the panel"),
    (WHOLE.model_copy(update={"decision": None}), "the panel has not decided"),
    *(
        (WHOLE.model_copy(update={field: value}), f"the {name} missing")
        for field, value, name in (
            ("diagnosis", "", "diagnosis is"),
            ("diagnosis_concordance", None, "diagnosis concordance is"),
            ("treatment", "", "opinion on the treatment is"),
            ("treatment_concordance", None, "treatment concordance is"),
            ("confidence", None, "confidence is"),
            ("plain_summary", "", "plain-language summary is"),
            ("limits", "", "limits of the review are"),
        )
    ),
]


@pytest.mark.parametrize("name", NAMES)
def test_a_whole_report_lacks_nothing(name: str) -> None:
    assert missing(sample(name)) == ()
    assert missing(minimal()) == ()


@pytest.mark.parametrize(("content", "gap"), GAPS, ids=[gap for _, gap in GAPS])
def test_a_gap_is_named(content: ReportContent, gap: str) -> None:
    assert gap in missing(content)


def test_rendering_stops_with_every_gap_named() -> None:
    content = without("questions", 0, answer="").model_copy(update={"limits": ""})
    with pytest.raises(ReportIncompleteError) as stopped:
        render(content, "en")
    assert stopped.value.gaps == ("question 1 has no answer", "the limits of the review are missing")
    assert "question 1 has no answer; the limits of the review are missing" in str(stopped.value)


def test_the_message_holds_no_clinical_text() -> None:
    content = WHOLE.model_copy(update={"findings": (Finding(text="Secret finding"),)})
    with pytest.raises(ReportIncompleteError) as stopped:
        check_complete(content)
    assert "Secret" not in str(stopped.value)
