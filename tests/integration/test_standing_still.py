"""A case on hold: every clock stands still, everybody concerned is told, and resuming moves what is open."""

from datetime import UTC, datetime, timedelta

import pytest

from models import ClockStop
from models.status import CaseStatus, HoldCause, Outcome
from pathways.vocabulary import Specialty, Urgency
from secunda import cases
from secunda.actions import assignment
from secunda.db import transaction
from secunda.errors import BadInputError, ConflictError
from secunda.holding import hold
from tests.factories import NOW
from tests.integration.conftest import Launch
from tests.integration.test_clocks_of_a_case import chases, reminders
from tests.integration.walk import AGREES, DISSENTS, Walk

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
FRIDAY_EVENING = datetime(2026, 3, 6, 17, tzinfo=UTC)  # 18:00 in Madrid
MONDAY_MORNING = datetime(2026, 3, 9, 8, tzinfo=UTC)
CARDIOLOGIST, SURGEON = "clinical_cardiologist", "cardiac_surgeon"


def on_hold_for(walk: Walk, **span: float) -> None:
    walk.holds()
    walk.walker.pass_time(**span)
    walk.resumes()


def test_nothing_is_reminded_while_a_case_is_on_hold(launched: Launch) -> None:
    walk = launched()
    walk.walker.pass_time(days=5)
    walk.holds()
    before = reminders(walk)
    walk.walker.pass_time(days=60)
    walk.walker.execute(walk.reference)
    assert reminders(walk) == before
    assert walk.walker.parked[walk.reference] is None


def test_the_clock_of_the_consent_stands_still_on_hold(launched: Launch) -> None:
    walk = launched()
    walk.walker.pass_time(days=5)
    on_hold_for(walk, days=30)
    assert chases(walk) == ["remind"]
    walk.walker.pass_time(days=30)
    assert [row.created_at - NOW for row in walk.said("consent_reminder")] == [3.5 * DAY, 37 * DAY, 40.5 * DAY]
    assert walk.said("consent_reminder")[-1].parameters["due_at"] == (NOW + 44 * DAY).isoformat()


def test_the_clock_of_the_papers_stands_still_on_hold(launched: Launch) -> None:
    walk = launched()
    walk.consents()
    walk.walker.pass_time(days=1)
    on_hold_for(walk, days=10)
    assert chases(walk, "documents") == []
    walk.walker.pass_time(days=20)
    assert [row.created_at - NOW for row in walk.said("documents_reminder")] == [13.5 * DAY, 17 * DAY, 20.5 * DAY]


def test_an_open_offer_waits_as_long_as_its_case_was_on_hold(launched: Launch) -> None:
    walk = launched()
    walk.goes_to_the_panel()
    before = walk.panel[SURGEON]
    walk.walker.pass_time(hours=2)
    on_hold_for(walk, hours=100)
    after = walk.panel[SURGEON]
    assert after.id == before.id
    assert after.offered_at == before.offered_at  # what happened does not move
    assert after.accept_by == before.accept_by + 100 * HOUR
    assert chases(walk, "acceptance") == []
    walk.walker.pass_time(to=after.accept_by - HOUR)
    assert chases(walk, f"acceptance:{after.id}") == ["remind", "change_channel"]


def test_an_opinion_in_working_days_moves_by_the_working_part_of_the_hold(launched: Launch) -> None:
    walk = launched()  # P3: three working days to write, ten for the report
    walk.walker.pass_time(to=FRIDAY_EVENING - HOUR)
    walk.goes_to_the_readers()
    before = walk.panel[SURGEON]
    assert walk.case.report_due_at == FRIDAY_EVENING - HOUR + 14 * DAY
    walk.walker.pass_time(hours=1)
    walk.holds()
    walk.walker.pass_time(to=MONDAY_MORNING)
    walk.resumes()
    after = walk.panel[SURGEON]
    # 15 working hours: Friday 18:00 to midnight, and Monday midnight to 9:00
    assert after.opinion_due_at == before.opinion_due_at + 15 * HOUR
    assert after.accepted_at == before.accepted_at
    assert walk.case.report_due_at == datetime(2026, 3, 23, 7, tzinfo=UTC)  # Friday 17:00 and 15 hours: Monday 8:00


def test_an_event_says_why_deadlines_moved_and_to_when(launched: Launch) -> None:
    walk = launched()
    walk.goes_to_the_panel()
    walk.accepts(CARDIOLOGIST)
    on_hold_for(walk, hours=50)
    (moved,) = walk.events("deadlines_moved")
    assert (moved.data["reason"], moved.data["stopped_seconds"]) == ("the patient travels", 50 * 3600)
    assert moved.data["report_due_at"] == walk.case.report_due_at.isoformat()
    seats = {seat["role"]: seat for seat in moved.data["seats"]}
    assert seats[CARDIOLOGIST]["opinion_due_at"] == walk.panel[CARDIOLOGIST].opinion_due_at.isoformat()
    assert seats[SURGEON]["accept_by"] == walk.panel[SURGEON].accept_by.isoformat()
    (stop,) = walk.rows(ClockStop)
    assert (stop.reason, stop.restarted_at - stop.stopped_at) == ("the patient travels", 50 * HOUR)


def test_who_accepts_while_the_case_is_on_hold_gets_the_whole_time_afterwards(launched: Launch) -> None:
    walk = launched(flags=["procedure_planned"])  # P2: 48 hours to write
    walk.goes_to_the_panel()
    walk.holds()
    walk.walker.pass_time(hours=10)
    walk.does(assignment.accept, walk.panel[SURGEON].id, "expert", no_conflict_attested=True)
    assert walk.status is CaseStatus.ON_HOLD
    walk.walker.pass_time(hours=20)
    walk.resumes()
    assert walk.panel[SURGEON].opinion_due_at == walk.walker.time.at + 48 * HOUR


def test_two_holds_add_up(launched: Launch) -> None:
    walk = launched(flags=["procedure_planned"])
    walk.goes_to_the_readers()
    due, report = walk.panel[SURGEON].opinion_due_at, walk.case.report_due_at
    on_hold_for(walk, hours=5)
    walk.walker.pass_time(hours=1)
    on_hold_for(walk, hours=7)
    assert walk.panel[SURGEON].opinion_due_at == due + 12 * HOUR
    assert walk.case.report_due_at == report + 12 * HOUR
    walk.walker.pass_time(to=due + 11 * HOUR)
    assert walk.panel[SURGEON].round == 1
    walk.walker.pass_time(hours=1)
    assert walk.panel[SURGEON].round == 2


def test_the_board_has_its_time_after_a_hold(launched: Launch) -> None:
    walk = launched(Specialty.CHRONIC_DISEASE)
    walk.goes_to_the_readers()
    walk.signs("internist", **AGREES)
    walk.signs("endocrinologist", **DISSENTS)
    on_hold_for(walk, days=14)
    assert chases(walk, "adjudication") == []


def test_another_class_chosen_on_hold_counts_from_the_resuming(launched: Launch) -> None:
    walk = launched()
    walk.goes_to_the_panel()
    walk.holds()
    walk.walker.pass_time(hours=30)
    walk.overrides(Urgency.P1)
    assert walk.case.report_due_at is None  # its clock stands still
    walk.walker.pass_time(hours=20)
    walk.resumes()
    assert walk.case.report_due_at == NOW + 72 * HOUR + 50 * HOUR


def test_those_concerned_are_told_of_the_hold_and_of_its_end(launched: Launch) -> None:
    walk = launched()
    walk.goes_to_the_panel()
    walk.accepts()
    walk.signs(CARDIOLOGIST)
    experts = {f"expert:{walk.expert(role)}" for role in walk.panel if role != CARDIOLOGIST}
    on_hold_for(walk, days=1)
    for event in ("case_on_hold", "case_resumed"):
        assert {one.recipient for one in walk.said(event)} == {"requester", *experts}
    on_hold_for(walk, days=1)
    assert len(walk.said("case_on_hold", to="requester")) == 2


def test_the_patient_is_told_of_a_hold_while_something_is_asked_of_them(launched: Launch) -> None:
    walk = launched()
    walk.holds()
    assert {one.recipient for one in walk.said("case_on_hold")} == {"requester", "patient"}


def test_a_case_that_could_not_be_carried_on_is_the_coordinators_task(launched: Launch) -> None:
    walk = launched()
    with transaction() as session:
        case = cases.lock_by_reference(session, walk.reference)
        hold(session, case, HoldCause.RUN_FAILED, "could not be carried on: KeyError", "secunda", NOW)
    assert [one.recipient for one in walk.said("case_stuck")] == ["coordinator"]


def test_a_hold_needs_a_reason_and_an_open_case_and_happens_once(launched: Launch) -> None:
    walk = launched()
    with pytest.raises(BadInputError):
        walk.holds("  ")
    with pytest.raises(ConflictError):
        walk.resumes()
    walk.holds()
    before = len(walk.events())
    walk.holds("again")
    assert len(walk.events()) == before
    assert len(walk.rows(ClockStop)) == 1


@pytest.mark.parametrize(
    "reach", [Walk.consents, Walk.goes_to_the_panel, Walk.goes_to_the_readers], ids=lambda reach: reach.__name__
)
def test_a_case_goes_on_after_a_hold_wherever_it_was(launched: Launch, reach: object) -> None:
    walk = launched()
    reach(walk)  # type: ignore[operator]
    was = walk.status
    on_hold_for(walk, days=9)
    assert walk.status is was
    walk.goes_to_its_end()
    assert walk.case.outcome is Outcome.DELIVERED


def test_a_case_on_hold_can_be_withdrawn(launched: Launch) -> None:
    walk = launched()
    walk.goes_to_the_panel()
    walk.holds()
    walk.withdraws()
    assert (walk.status, walk.case.outcome) == (CaseStatus.CLOSED, Outcome.WITHDRAWN)
    assert walk.panel == {}
