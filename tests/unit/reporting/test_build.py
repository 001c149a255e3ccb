"""From opinions and rows to the content of a report."""

from typing import Any

import pytest

from pathways.adjudication import settle
from pathways.facts import CaseFacts
from pathways.opinion import Stance
from pathways.readings import BoardDecision, Need
from pathways.vocabulary import Concordance, Urgency
from secunda.errors import BadInputError
from secunda.reporting.build import build
from secunda.reporting.completeness import missing
from secunda.reporting.content import Milestone
from secunda.reporting.inputs import DocumentInput, ReportInput
from secunda.reporting.parts import changed_parts, part_digests
from secunda.reporting.provenance import provenance_record
from secunda.reporting.sections import RatingsSection, ScoreSection, TableSection
from tests.unit.reporting.panels import adjudicated, content, imaging, opinion, pathway, report_input, seat

AGAINST = {"stance": "not_supported", "treatment_concordance": "changed", "treatment": "Tablets."}


def test_the_chair_speaks_for_a_panel_that_agrees() -> None:
    report = content(imaging(diagnosis="Written by imaging."), seat("cardiologist"))
    assert report.diagnosis == "Three-vessel disease."
    assert [member.chair for member in report.panel] == [True, False]
    assert not missing(report)


def test_an_outvoted_chair_does_not_speak_for_the_panel_but_dissents() -> None:
    report = content(seat("surgeon"), imaging(), seat("cardiologist", opinion(**AGAINST)))
    assert (report.treatment, report.stance) == ("Surgery.", Stance.SUPPORTED)
    assert report.decision is not None
    assert [(each.name, each.major, each.treatment) for each in report.decision.dissent] == [
        ("Dr Cardiologist", True, "Tablets.")
    ]
    assert (report.decision.agreeing, report.decision.voting) == (2, 3)


def test_a_difference_of_detail_counts_as_agreement_and_is_still_printed() -> None:
    report = content(seat("surgeon"), imaging(diagnosis_concordance="clarified"), seat("cardiologist"))
    assert report.decision is not None
    assert (report.decision.agreeing, report.decision.voting) == (3, 3)
    assert [(each.name, each.major) for each in report.decision.dissent] == [("Dr Imaging", False)]
    assert report.diagnosis_concordance is Concordance.CONFIRMED


def test_where_the_board_decides_against_everyone_the_body_is_not_printed_twice() -> None:
    seats = (imaging(), seat("cardiologist"))
    against = BoardDecision(stance="uncertain", diagnosis_concordance="confirmed", treatment_concordance="clarified")
    result = settle(adjudicated(*seats).model_copy(update={"needs": Need.BOARD}), against)
    report = build(report_input(*seats, board_reason="Frailty."), pathway(), CaseFacts(), result)
    assert report.decision is not None
    assert (report.stance, report.decision.agreeing, report.decision.reason) == (Stance.UNCERTAIN, 0, "Frailty.")
    assert {each.name: each.treatment for each in report.decision.dissent} == {
        "Dr Cardiologist": "",
        "Dr Imaging": "Surgery.",
    }


def test_the_chairs_synthesis_is_the_body_where_there_is_one() -> None:
    report = content(imaging(), seat("cardiologist"), synthesis=opinion(diagnosis="All of us say."))
    assert report.diagnosis == "All of us say."


def test_questions_stand_in_their_order_each_with_its_answer() -> None:
    report = content()
    assert [(each.number, each.answer) for each in report.questions] == [(1, "Yes."), (2, "Six weeks.")]


def test_an_answer_that_the_lead_left_out_comes_from_the_seat_that_wrote_it() -> None:
    chair = seat("cardiologist", opinion(answers=[{"question": 1, "text": "Yes."}]))
    report = content(imaging(), chair, seat("surgeon", opinion(answers=[{"question": 2, "text": "Soon."}])))
    assert report.questions[1].answer == "Soon."


def test_a_section_comes_from_the_role_that_owes_it() -> None:
    wrong = opinion().model_copy(update={"sections": opinion().sections | imaging().opinion.sections})
    own = {"anatomy": {"rows": [["LAD", "99 %"]]}, "ratings": {"ratings": [{"item": 0, "value": 9}]}}
    report = content(seat("imaging", opinion(sections=own)), seat("cardiologist", wrong))
    anatomy = next(section for section in report.sections if section.key == "anatomy")
    assert isinstance(anatomy, TableSection)
    assert anatomy.rows == (("LAD", "99 %"),)


def test_ratings_are_gathered_from_every_seat() -> None:
    ratings = next(section for section in content().sections if isinstance(section, RatingsSection))
    assert sorted(ratings.items[0].ratings) == [8, 9]
    assert ratings.items[0].statistics is not None
    assert ratings.items[0].statistics.median == 8.5


@pytest.mark.parametrize(("score", "band"), [(0, "Low"), (22.5, "Low"), (23, "High"), (33, "High")])
def test_a_score_lies_in_the_band_below_whose_end_it_is(score: float, band: str) -> None:
    sections = {key: value.model_dump() for key, value in opinion().sections.items()} | {"score": {"score": score}}
    report = content(imaging(), seat("cardiologist", opinion(sections=sections)))
    found = next(section for section in report.sections if isinstance(section, ScoreSection))
    assert found.band is not None
    assert found.band.title.en == band


def test_a_section_that_this_case_does_not_have_is_left_out() -> None:
    adult = {section.key for section in content(facts=CaseFacts(age=60)).sections}
    child = {section.key for section in content(facts=CaseFacts(age=6)).sections}
    assert ("children" in adult, "children" in child) == (False, True)


def test_an_owed_section_that_nobody_wrote_is_there_and_empty() -> None:
    report = content(seat("cardiologist"))
    assert missing(report) == ("the section anatomy is empty",)


def test_a_document_that_could_not_be_obtained_is_listed_with_its_reason() -> None:
    (listed,) = content().missing_documents
    assert (listed.title.en, listed.limited, listed.reason) == ("Laboratory results", True, "Laboratory closed.")


def test_a_document_is_named_by_its_loinc_code() -> None:
    (document,) = content().documents
    assert document.loinc_name is not None
    assert document.loinc_name.es


def test_the_files_of_one_study_are_one_row_and_its_report_another() -> None:
    film = {"loinc": "18745-0", "modality": "XA", "study_uid": "1.2.3", "frames": 30}
    files = [DocumentInput(number=number, sha256=f"{number:064x}", **film) for number in (2, 3, 4, 6)]
    report = DocumentInput(number=5, loinc="18745-0", study_uid="1.2.3", pages=2)
    listed = content(documents=(DocumentInput(number=1, loinc="18745-0"), report, *files)).documents
    assert [(row.label, row.frames) for row in listed] == [("1", None), ("2, 3, 4, 6", 120), ("5", None)]
    assert listed[1].sha256 not in {file.sha256 for file in files}


def test_only_cited_guideline_families_are_named() -> None:
    assert [family.key for family in content().guidelines] == ["ESC"]
    assert not content(imaging(), seat("cardiologist", opinion(recommendations=[]))).guidelines


def test_the_timeline_holds_every_moment_of_the_case() -> None:
    assert {event.milestone for event in content().timeline} == set(Milestone)


def triaged(urgency: str = "P1", **decided: Any) -> ReportInput:
    """As triage and people leave it: one rule held, one situation is ticked."""
    held = {"key": "left_main", "urgency": "P1", "reason": {"en": "Left main stenosis.", "es": "Lesión del tronco."}}
    triage = {"urgency": "P1", "held": [held], "is_default": False, **decided}
    case = report_input().case.model_dump() | {"urgency": urgency, "triage": triage, "flags": ["collapse", "gone"]}
    return report_input(imaging(), seat("cardiologist"), case=case)


def test_a_report_says_why_the_case_has_its_class_and_what_was_ticked() -> None:
    given = triaged()
    why = build(given, pathway(), CaseFacts(), adjudicated(*given.seats)).classification
    assert (why.by_rules, [one.reason.es for one in why.rules]) == (Urgency.P1, ["Lesión del tronco."])
    assert [one.title.es for one in why.flags] == ["Colapso"]  # the pathway's own, and no other
    assert why.chosen_because == ""


def test_a_report_says_that_a_person_chose_another_class_and_why_but_not_who() -> None:
    said = {"urgency": "P2", "by_rules": "P1", "reason": "Stable for months.", "by": "user:ana@example.org"}
    given = triaged("P2", override=said)
    report = build(given, pathway(), CaseFacts(), adjudicated(*given.seats))
    assert (report.urgency, report.classification.by_rules) == (Urgency.P2, Urgency.P1)
    assert report.classification.chosen_because == "Stable for months."
    assert "ana@example.org" not in report.model_dump_json()
    before = build(triaged(), pathway(), CaseFacts(), adjudicated(*given.seats))
    assert changed_parts(part_digests(before), part_digests(report)) == ("classification", "urgency")


def test_the_provenance_record_names_the_rules_that_held_and_the_situations() -> None:
    given = triaged()
    content = build(given, pathway(), CaseFacts(), adjudicated(*given.seats))
    assert provenance_record(given, content)["triage"] == {
        "urgency": "P1",
        "by_rules": "P1",
        "rules": ["left_main"],
        "chosen_by_a_person": False,
        "flags": ["collapse"],
    }


def test_a_pathway_that_nobody_approved_is_a_draft() -> None:
    assert content().pathway.draft


def test_equal_input_gives_equal_content_and_any_change_another_hash() -> None:
    assert content().sha256 == content().sha256
    assert content().sha256 != content(version=2).sha256


def test_a_panel_without_an_opinion_is_refused() -> None:
    with pytest.raises(BadInputError, match="no opinion"):
        build(report_input(), pathway(), CaseFacts(), adjudicated(seat("cardiologist")))
