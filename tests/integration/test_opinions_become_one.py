"""From the readers' opinions to one report: blinding, signing, adjudication by every rule, and corrections."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from models import AdjudicationRecord, Document
from models.status import AssignmentStatus, CaseStatus, OpinionStatus, Outcome
from pathways import loader
from pathways.opinion import OpinionContent, Recommendation, Stance
from pathways.readings import BoardDecision
from pathways.vocabulary import Concordance, Specialty
from secunda.actions import adjudication, correction, opinion
from secunda.actions.opinion import OpinionIncompleteError
from secunda.case_context import CaseContext
from secunda.db import transaction
from secunda.errors import BadInputError, ConflictError, NotFoundError
from secunda.readable import readable_documents
from secunda.views.board import board_view
from tests.conftest import use_settings
from tests.integration.conftest import Launch
from tests.integration.walk import AGREES, DISSENTS, Walk, printed
from tests.integration.walking import Walker

CARDIOLOGIST, SURGEON, INTERVENTIONIST = "clinical_cardiologist", "cardiac_surgeon", "interventional_cardiologist"
RADIOLOGIST = "musculoskeletal_radiologist"


def results(walk: Walk) -> list[str]:
    return [row.result for row in sorted(walk.rows(AdjudicationRecord), key=lambda row: row.round)]


def adjudicated(walk: Walk) -> dict[str, object]:
    return dict(walk.events("adjudicated")[-1].data)


def readable(walk: Walk, role: str) -> set[str]:
    with transaction() as session:
        context = CaseContext(session, walk.case, walk.walker.time.at)
        return {document.loinc for document in readable_documents(context, walk.panel[role])}


def delivered(walk: Walk) -> bool:
    return (walk.status, walk.case.outcome) == (CaseStatus.CLOSED, Outcome.DELIVERED)


# Reading and signing


def test_a_blind_reader_signs_before_and_after_seeing_the_first_opinion(launched: Launch) -> None:
    walk = launched(Specialty.ORTHOPEDICS)
    walk.goes_to_the_readers()
    first_opinion = {document.loinc for document in walk.rows(Document)} & {"11488-4", "34814-4"}
    assert first_opinion and not readable(walk, RADIOLOGIST) & first_opinion

    walk.writes(RADIOLOGIST, diagnosis="Read blind: no loosening.")
    walk.locks(RADIOLOGIST)
    assert [one.status for one in walk.opinions] == [OpinionStatus.PROVISIONAL]
    assert walk.panel[RADIOLOGIST].status is AssignmentStatus.IN_PROGRESS
    assert readable(walk, RADIOLOGIST) >= first_opinion
    assert [one.recipient for one in walk.said("first_opinion_shown")] == [f"expert:{walk.expert(RADIOLOGIST)}"]

    walk.writes(RADIOLOGIST, diagnosis="Read again: the same, with the old films.")
    walk.locks(RADIOLOGIST)
    kept = [(one.version, one.status, one.content["diagnosis"]) for one in walk.opinions]
    assert kept == [
        (1, OpinionStatus.PROVISIONAL, "Read blind: no loosening."),
        (2, OpinionStatus.FINAL, "Read again: the same, with the old films."),
    ]
    assert walk.panel[RADIOLOGIST].status is AssignmentStatus.COMPLETED


def test_a_blind_reader_who_would_have_nothing_to_read_reads_everything(launched: Launch) -> None:
    """Images are only recommended there: a case without any would wait for its radiologist for ever."""
    walk = launched(Specialty.ORTHOPEDICS)
    walk.consents()
    while missing := walk.missing:
        for key in missing:
            walk.sends(key)
    assert not [one for one in walk.rows(Document) if one.modality]
    walk.accepts()
    assert not walk.panel[RADIOLOGIST].blind_first
    assert readable(walk, RADIOLOGIST) == {one.loinc for one in walk.rows(Document)}
    walk.goes_to_its_end()
    assert delivered(walk)


def test_an_opinion_with_a_gap_cannot_be_signed_and_the_gap_is_named(launched: Launch) -> None:
    walk = launched()
    walk.goes_to_the_readers()
    walk.writes(SURGEON, answers=(), recommendations=(Recommendation(text="Rest.", reason="Tired."),))
    with pytest.raises(OpinionIncompleteError) as refused:
        walk.locks(SURGEON)
    places = {gap.place for gap in refused.value.gaps}
    assert {"/answers", "/recommendations/0/citations", "/recommendations/0/evidence_level"} <= places
    assert [one.status for one in walk.opinions] == [OpinionStatus.DRAFT]


def test_a_signed_opinion_never_changes(launched: Launch) -> None:
    walk = launched()
    walk.goes_to_the_readers()
    walk.signs(SURGEON)
    before = walk.opinions[-1]
    with pytest.raises(ConflictError):
        walk.writes(SURGEON, diagnosis="something else")
    with pytest.raises(ConflictError):
        walk.locks(SURGEON)
    assert walk.opinions[-1].model_dump() == before.model_dump()


def test_nobody_writes_before_accepting_nor_after_losing_the_place(launched: Launch) -> None:
    walk = launched()
    walk.goes_to_the_panel()
    with pytest.raises(ConflictError, match="Accept the offer"):
        walk.writes(SURGEON)
    lost = walk.panel[SURGEON].id
    walk.declines(SURGEON)
    with pytest.raises(ConflictError, match="not yours"):
        opinion.submit(lost, OpinionContent(), "expert")
    with pytest.raises(NotFoundError):
        opinion.lock(walk.case.id, "expert")
    assert walk.opinions == []


# Each rule


def test_a_majority_decides_and_the_dissent_is_printed(launched: Launch) -> None:
    walk = launched()
    walk.goes_to_the_readers()
    walk.signs(CARDIOLOGIST, INTERVENTIONIST, **AGREES)
    walk.signs(SURGEON, **DISSENTS)
    assert delivered(walk)
    assert results(walk) == ["agreed"]
    assert adjudicated(walk)["dissent"] == [f"{SURGEON}:1"]
    said = printed(walk)
    assert '"stance":"supported"' in said
    assert "not_supported" in said


def test_without_two_thirds_the_board_decides(launched: Launch) -> None:
    walk = launched()
    walk.goes_to_the_readers()
    for role, stance in zip((CARDIOLOGIST, INTERVENTIONIST, SURGEON), Stance, strict=True):
        walk.signs(role, stance=stance)
    assert walk.status is CaseStatus.AWAITING_ADJUDICATION
    walk.board_decides(Stance.UNCERTAIN, reason="We heard the surgeon; the evidence is thin.")
    assert delivered(walk)
    assert results(walk) == ["board_decision", "settled_by_board"]
    assert adjudicated(walk)["stance"] == "uncertain"
    assert "We heard the surgeon; the evidence is thin." in printed(walk)


def test_a_board_decides_only_where_it_is_waited_for_and_once(launched: Launch) -> None:
    walk = launched(Specialty.CHRONIC_DISEASE)
    walk.goes_to_the_readers()
    with pytest.raises(ConflictError, match="does not wait"):
        walk.board_decides()
    walk.signs("internist", **AGREES)
    walk.signs("endocrinologist", **DISSENTS)
    decision = BoardDecision(
        stance=Stance.SUPPORTED,
        diagnosis_concordance=Concordance.CONFIRMED,
        treatment_concordance=Concordance.CONFIRMED,
        reason="All said.",
    )
    for _ in range(2):
        adjudication.record_board_decision(walk.reference, decision, "chair")
    assert len(walk.events("board_decided")) == 1


def test_a_board_may_rest_where_all_agree(launched: Launch) -> None:
    walk = launched(Specialty.CHRONIC_DISEASE)
    walk.goes_to_the_readers()
    walk.signs(**AGREES)
    assert delivered(walk)


def test_two_who_concur_need_nobody_else_and_two_who_do_not_need_the_board(launched: Launch) -> None:
    agreeing, differing = (launched(Specialty.ORTHOPEDICS) for _ in range(2))
    for walk in (agreeing, differing):
        walk.goes_to_the_readers()
    agreeing.signs(**AGREES)
    assert delivered(agreeing)
    differing.signs(RADIOLOGIST, "rehabilitation_physician", **AGREES)
    differing.signs("arthroplasty_surgeon", **DISSENTS)
    assert differing.status is CaseStatus.AWAITING_ADJUDICATION


def test_a_third_reader_is_called_and_settles(launched: Launch) -> None:
    walk = launched(Specialty.RADIOLOGY)
    walk.goes_to_the_readers()
    first = sorted(walk.panel)
    walk.signs(first[0], **AGREES)
    walk.signs(*first[1:], **DISSENTS)
    assert [event.data["role"] for event in walk.events("third_reader_called")] == ["third_reader"]
    assert walk.status is CaseStatus.AWAITING_ACCEPTANCE
    assert walk.panel["third_reader"].status is AssignmentStatus.REQUESTED
    walk.accepts()
    walk.signs("third_reader", stance=Stance.UNCERTAIN, treatment=Concordance.CLARIFIED)
    assert delivered(walk)
    assert results(walk) == ["settled_by_third_reader"]
    assert adjudicated(walk)["stance"] == "uncertain"
    assert {one.role for one in walk.panel.values()} == {*first, "third_reader"}


@pytest.fixture
def rating_panel(tmp_path: Path, walker: Walker, monkeypatch: pytest.MonkeyPatch) -> None:
    """The cardiology pathway with the rule `rand`, which no shipped pathway uses."""
    folder = tmp_path / "pathways"
    folder.mkdir()
    for name in ("common.yaml", "cardiology.yaml"):
        written = (loader.FOLDER / name).read_text(encoding="utf-8")
        written = written.replace("adjudication: majority", "adjudication: rand").replace(
            "  board_when: treatment_split\n", ""
        )
        (folder / name).write_text(written, encoding="utf-8")
    use_settings(monkeypatch, pathway_folder=folder)


@pytest.mark.parametrize("dissenters", [0, 1], ids=["agreement", "disagreement"])
def test_ratings_at_both_ends_call_the_board(rating_panel: None, launched: Launch, dissenters: int) -> None:
    walk = launched(planned_procedure="92928")
    walk.goes_to_the_readers()
    roles = (CARDIOLOGIST, INTERVENTIONIST, SURGEON)
    walk.signs(*roles[dissenters:], **AGREES)
    walk.signs(*roles[:dissenters], **DISSENTS)
    if dissenters:
        assert walk.status is CaseStatus.AWAITING_ADJUDICATION
        with transaction() as session:
            board = board_view(CaseContext(session, walk.case, walk.walker.time.at))
        assert board is not None
        assert "Percutaneous coronary intervention" in {one.title.en for one in board.ratings}
        assert any(one.figures.disagreement for one in board.ratings)
        walk.board_decides()
    assert delivered(walk)
    assert results(walk) == (["board_decision", "settled_by_board"] if dissenters else ["agreed"])
    (ratings,) = (row.detail["ratings"] for row in walk.rows(AdjudicationRecord) if "ratings" in row.detail)
    assert any(item["disagreement"] for item in ratings) is bool(dissenters)


# Corrections


def incomplete(launched: Launch) -> Walk:
    """A catheterisation report comes when the interventional cardiologist has signed: nobody described the anatomy."""
    walk = launched()
    walk.goes_to_the_readers()
    walk.signs(CARDIOLOGIST, INTERVENTIONIST, **AGREES)
    walk.sends("stress_test", loinc="18745-0")
    walk.signs(SURGEON, **AGREES, without=("coronary_anatomy", "syntax_score"))
    return walk


def test_a_report_with_a_gap_waits_and_the_gap_is_told_once(launched: Launch) -> None:
    walk = incomplete(launched)
    assert walk.status is CaseStatus.AWAITING_CORRECTION
    assert walk.walker.parked[walk.reference] is None
    (event,) = walk.events("report_incomplete")
    assert "the section coronary_anatomy is empty" in event.data["gaps"]
    for _ in range(3):
        walk.walker.execute(walk.reference)
    walk.sends("holter")
    assert len(walk.events("report_incomplete")) == 1
    told = walk.said("correction_requested")
    assert [(one.recipient, one.parameters["count"]) for one in told] == [("coordinator", len(event.data["gaps"]))]
    assert walk.reports == []


def test_a_corrected_opinion_lets_the_report_go_on(launched: Launch) -> None:
    walk = incomplete(launched)
    seat = walk.panel[INTERVENTIONIST]
    assert walk.does(correction.ask_for_correction, seat.id, "coordinator", "describe the coronaries") == 2
    assert walk.status is CaseStatus.AWAITING_OPINIONS
    asked = walk.said("correction_requested", to=f"expert:{walk.expert(INTERVENTIONIST)}")
    assert len(asked) == 1
    (event,) = walk.events("correction_requested")
    assert (event.data["role"], event.data["reason"]) == (INTERVENTIONIST, "describe the coronaries")
    draft = walk.opinions[-1]
    assert (draft.version, draft.status) == (2, OpinionStatus.DRAFT)

    walk.signs(INTERVENTIONIST, **AGREES)
    assert delivered(walk)
    assert [one.version for one in walk.opinions if one.status is OpinionStatus.FINAL] == [1, 1, 1, 2]
    assert results(walk) == ["agreed", "agreed"]
    steps = [event.data["step"] for event in walk.events("step_finished")]
    assert steps.count("adjudicate") == 2 and steps.count("render") == 1
    assert '"coronary_anatomy"' in printed(walk)


def test_a_late_correction_is_chased_and_not_replaced(launched: Launch) -> None:
    walk = incomplete(launched)
    walk.walker.pass_time(days=30)
    walk.does(correction.ask_for_correction, walk.panel[INTERVENTIONIST].id, "coordinator", "describe the coronaries")
    seat = walk.panel[INTERVENTIONIST]
    walk.walker.pass_time(to=seat.opinion_due_at + timedelta(days=9))
    assert walk.panel[INTERVENTIONIST].id == seat.id
    assert [one.channel for one in walk.said("opinion_reminder")] == ["email", "sms"]
    assert len(walk.said("escalation_coordinator")) == len(walk.said("escalation_medical_director")) == 1


def test_a_correction_that_changes_the_vote_is_adjudicated_anew(launched: Launch) -> None:
    walk = launched()
    walk.goes_to_the_readers()
    walk.signs(CARDIOLOGIST, INTERVENTIONIST, **AGREES)
    walk.does(correction.ask_for_correction, walk.panel[CARDIOLOGIST].id, "coordinator", "the dose was misread")
    walk.signs(CARDIOLOGIST, SURGEON, **DISSENTS)
    assert delivered(walk)
    assert adjudicated(walk)["stance"] == "not_supported"


def test_the_board_meets_again_when_an_opinion_was_corrected_after_it(launched: Launch) -> None:
    walk = launched(Specialty.CHRONIC_DISEASE)
    walk.goes_to_the_readers()
    walk.signs("internist", **AGREES)
    walk.signs("endocrinologist", **DISSENTS)
    walk.does(correction.ask_for_correction, walk.panel["internist"].id, "coordinator", "a dose is missing")
    assert walk.status is CaseStatus.AWAITING_OPINIONS
    with pytest.raises(ConflictError):
        walk.board_decides()
    walk.walker.pass_time(hours=1)
    walk.signs("internist", **AGREES)
    assert walk.status is CaseStatus.AWAITING_ADJUDICATION
    walk.board_decides()
    assert delivered(walk)


@pytest.mark.parametrize(
    ("spoil", "error"),
    [
        (lambda walk: correction.ask_for_correction(walk.panel[SURGEON].id, "coordinator", "early"), ConflictError),
        (lambda walk: correction.ask_for_correction(walk.panel[CARDIOLOGIST].id, "coordinator", " "), BadInputError),
        (lambda walk: correction.ask_for_correction(walk.case.id, "coordinator", "who?"), NotFoundError),
    ],
    ids=["not signed", "no reason", "no such place"],
)
def test_a_correction_is_asked_of_a_signed_opinion_and_with_a_reason(
    launched: Launch, spoil: Callable[[Walk], object], error: type[Exception]
) -> None:
    walk = launched()
    walk.goes_to_the_readers()
    walk.signs(CARDIOLOGIST)
    before = len(walk.events())
    with pytest.raises(error):
        spoil(walk)
    assert len(walk.events()) == before


def test_after_the_report_nothing_is_corrected(launched: Launch) -> None:
    walk = launched()
    walk.goes_to_its_end()
    with pytest.raises(ConflictError, match="closed"):
        correction.ask_for_correction(walk.panel[SURGEON].id, "coordinator", "too late")
