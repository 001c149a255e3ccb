"""What the events tell is what the tables say; whoever writes past the log is found."""

import pytest
from sqlalchemy import text

from models import Case
from models.status import RequirementStatus
from pathways.vocabulary import Specialty, Urgency
from secunda.actions import correction
from secunda.db import transaction
from secunda.replaying import FOLDS
from secunda.standing import Difference, differences
from secunda.views.audit import verify
from secunda.views.event_texts import SENTENCES
from tests.integration.conftest import Launch
from tests.integration.test_opinions_become_one import INTERVENTIONIST, incomplete
from tests.integration.walk import AGREES, DISSENTS, Walk

#: Kinds that change nothing which a table keeps: what they tell of is told by another event too, or by no table.
TELL_ONLY = {
    "adjudicated",
    "board_decided",
    "determination_escalated",
    "document_named",
    "document_refused",
    "document_unobtainable",
    "ended_early",
    "file_completed",
    "first_opinion_shown",
    "message_cancelled",
    "message_deferred",
    "message_failed",
    "message_requeued",
    "message_resent",
    "message_sent",
    "message_unknown",
    "no_expert",
    "patient_confirmed",
    "question_asked",
    "read",
    "reminded",
    "report_incomplete",
    "review_updated",
    "run_changed",
    "webhook_failed",
    "webhook_redelivered",
}


def differing(walk: Walk) -> list[Difference]:
    with transaction() as session:
        return differences(session, session.get_one(Case, walk.case.id))


def test_every_kind_of_event_is_replayed_or_known_to_change_nothing() -> None:
    assert FOLDS.keys() | TELL_ONLY == SENTENCES.keys()
    assert FOLDS.keys() & TELL_ONLY == set()


def test_an_eventful_case_is_told_by_its_events_at_every_stage(launched: Launch) -> None:
    walk = incomplete(launched)
    assert differing(walk) == []
    walk.does(correction.ask_for_correction, walk.panel[INTERVENTIONIST].id, "coordinator", "the coronaries")
    walk.holds()
    walk.walker.pass_time(days=3)
    assert differing(walk) == []
    walk.resumes()
    walk.overrides(Urgency.P2)
    assert differing(walk) == []
    walk.signs(**AGREES)
    assert walk.reports
    assert differing(walk) == []


@pytest.mark.parametrize(
    "reach",
    [Walk.holds, Walk.goes_to_the_panel, Walk.goes_to_the_readers, Walk.withdraws],
    ids=lambda reach: reach.__name__,
)
def test_a_case_is_told_wherever_it_is(launched: Launch, reach: object) -> None:
    walk = launched(flags=["left_main_disease"])
    walk.consents()
    walk.waives("ecg")
    walk.limits("echocardiogram")
    reach(walk)  # type: ignore[operator]
    assert differing(walk) == []


def test_a_case_with_a_third_reader_is_told(launched: Launch) -> None:
    walk = launched(Specialty.RADIOLOGY)
    walk.goes_to_the_readers()
    first = sorted(walk.panel)
    walk.signs(first[0], **AGREES)
    walk.signs(*first[1:], **DISSENTS)
    walk.declines("third_reader")
    assert differing(walk) == []


@pytest.mark.parametrize(
    ("statement", "about"),
    [
        ("update care_case set status = 'closed'", "status"),
        ("update care_case set urgency = 'P3', report_due_at = report_due_at + interval '9 days'", "report due"),
        ("update requirement set status = 'waived' where key = 'ecg'", "requirement ecg"),
        (
            "update assignment set status = 'completed' where role = 'clinical_cardiologist'",
            "place clinical_cardiologist 1",
        ),
        ("update document set sha256 = repeat('0', 64) where number = 1", "document 1"),
        ("update opinion set content = jsonb_set(content, '{diagnosis}', '\"healthy\"')", "opinion cardiac_surgeon"),
        ("delete from opinion", "opinion cardiac_surgeon"),
        ("update consent set withdrawn_at = now()", "consent second_opinion"),
    ],
)
def test_what_was_written_past_the_log_is_found(launched: Launch, statement: str, about: str) -> None:
    walk = launched(flags=["left_main_disease"])
    walk.goes_to_the_readers()
    walk.signs("cardiac_surgeon")
    with transaction() as session:
        session.execute(text(statement))
    with transaction() as session:
        (result,) = verify(session, replaying=True)
    assert result.problem == ""  # the chain itself holds
    assert [one.about for one in result.differences if one.about.startswith(about)] != []
    assert not result.is_sound


def test_a_requirement_says_how_it_ended(launched: Launch) -> None:
    walk = launched()
    walk.consents()
    with transaction() as session:
        session.execute(text("update requirement set status = 'limited' where key = 'ecg'"))
    assert differing(walk) == [
        Difference("requirement ecg", RequirementStatus.PENDING.value, RequirementStatus.LIMITED.value)
    ]
