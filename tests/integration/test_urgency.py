"""Emergencies, classes and the clocks of the law."""

from datetime import date, timedelta

import pytest

from models.status import CaseStatus, Outcome, Step
from pathways.overlay import StopReason
from pathways.vocabulary import Specialty, Urgency
from secunda.actions import clocks
from secunda.case_context import CaseContext
from secunda.db import transaction
from secunda.errors import BadInputError, ConflictError, NotFoundError
from secunda.report_input import report_content
from secunda.views.clocks import ClockView
from secunda.views.clocks import clocks as clocks_of
from tests.factories import NOW
from tests.integration.conftest import Launch
from tests.integration.walk import Walk, printed

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SURGEON = "cardiac_surgeon"


def shown(walk: Walk) -> dict[str, ClockView]:
    with transaction() as session:
        return {one.name: one for one in clocks_of(CaseContext(session, walk.case, walk.walker.time.at))}


def redirected(walk: Walk) -> bool:
    told = {one.recipient for one in walk.said("emergency_redirect")}
    closed = (walk.status, walk.case.outcome) == (CaseStatus.CLOSED, Outcome.EMERGENCY_REDIRECT)
    return closed and told == {"patient", "requester", "coordinator"} and walk.case.urgency == "P0"


def test_a_red_flag_closes_the_case_before_consent(launched: Launch) -> None:
    walk = launched(flags=["acute_coronary_syndrome"])
    assert redirected(walk)
    assert walk.said("consent_requested") == []
    assert walk.case.finished_steps == []
    assert walk.events("ended_early")[0].data["outcome"] == "emergency_redirect"


def test_a_red_flag_on_a_running_case_closes_it_and_releases_its_experts(launched: Launch) -> None:
    walk = launched()
    walk.goes_to_the_readers()
    experts = {f"expert:{walk.expert(role)}" for role in walk.panel}
    walk.flags("aortic_dissection")
    assert redirected(walk)
    assert walk.panel == {}
    assert {one.recipient for one in walk.said("offer_withdrawn")} == experts


def test_a_red_flag_is_not_kept_waiting_by_a_hold(launched: Launch) -> None:
    walk = launched()
    walk.holds()
    walk.flags("cardiogenic_shock")
    assert redirected(walk)


def test_an_unknown_situation_is_refused_with_those_that_are_known(launched: Launch) -> None:
    walk = launched()
    with pytest.raises(BadInputError, match="endocarditis"):
        walk.flags("broken_heart")
    assert walk.case.flags == []


def test_a_situation_that_comes_up_later_raises_the_class_at_once(launched: Launch) -> None:
    walk = launched()
    walk.goes_to_the_panel()
    assert walk.case.urgency == "P3"
    walk.walker.pass_time(hours=5)
    walk.flags("endocarditis")
    assert walk.case.urgency == "P1"
    assert walk.case.report_due_at == NOW + 72 * HOUR  # from the complete file on
    assert walk.case.triage["clock"]["binding"] == "class"
    assert [event.data["urgency"] for event in walk.events("triaged")] == ["P3", "P1"]
    walk.loses_the_place(SURGEON)
    assert walk.panel[SURGEON].accept_by == walk.walker.time.at + 4 * HOUR


def test_a_situation_that_asks_for_less_changes_nothing(launched: Launch) -> None:
    walk = launched(flags=["endocarditis"])
    walk.goes_to_the_panel()
    walk.flags("procedure_planned")
    assert walk.case.urgency == "P1"


def test_an_override_keeps_the_class_of_the_rules_and_the_reason(launched: Launch) -> None:
    walk = launched(flags=["procedure_planned"])
    walk.goes_to_the_panel()
    walk.overrides(Urgency.P3, "the date was given back")
    case = walk.case
    assert case.urgency == "P3"
    said = {"urgency": "P3", "by_rules": "P2", "reason": "the date was given back", "by": "coordinator"}
    assert case.triage["override"] == said
    (event,) = walk.events("urgency_overridden")
    assert event.data.items() >= {"before": "P2", **said}.items()
    assert event.data["report_due_at"] == case.report_due_at.isoformat() == "2026-03-16T09:00:00+00:00"
    assert event.data["report_due_before"] == "2026-03-09T09:00:00+00:00"


def test_an_override_before_the_file_is_complete_is_kept_by_triage(launched: Launch) -> None:
    walk = launched()
    walk.overrides(Urgency.P1)
    assert walk.case.report_due_at is None
    walk.goes_to_the_panel()
    assert (walk.case.urgency, walk.case.triage["urgency"]) == ("P1", "P3")
    assert walk.case.report_due_at == NOW + 72 * HOUR


def test_facts_more_urgent_than_those_that_an_override_knew_end_it(launched: Launch) -> None:
    walk = launched(flags=["procedure_planned"])
    walk.goes_to_the_panel()
    walk.overrides(Urgency.P3)
    walk.flags("left_main_disease")
    assert walk.case.urgency == "P1"
    assert "override" not in walk.case.triage


def test_an_override_needs_a_reason_and_is_never_an_emergency(launched: Launch) -> None:
    walk = launched()
    with pytest.raises(BadInputError, match="reason"):
        walk.overrides(Urgency.P1, "")
    with pytest.raises(BadInputError, match="emergency"):
        walk.overrides(Urgency.P0)
    assert walk.case.urgency == "P3"


def test_a_procedure_within_seven_days_makes_it_p1(launched: Launch) -> None:
    walk = launched(procedure_on=(NOW + 7 * DAY).date())
    walk.goes_to_the_panel()
    assert walk.case.urgency == "P1"
    assert walk.events("triaged")[0].data["rules"] == ["procedure_within_7_days"]


def test_catalonia_shows_its_clocks_and_leaves_the_report_to_its_class(launched: Launch) -> None:
    walk = launched(jurisdiction="es-ct")
    walk.goes_to_the_panel()
    assert walk.events("triaged")[0].data["bound_by"] == "class"
    found = shown(walk)
    assert found["filing"].due_at == found["decision"].due_at == NOW + 3 * DAY
    assert not found["decision"].verified
    assert [name for name, one in found.items() if one.binds] == ["class"]


def test_a_payer_under_cms_needs_the_report_before_it_decides(launched: Launch) -> None:
    walk = launched(jurisdiction="us-cms")
    walk.walker.pass_time(days=2)
    walk.goes_to_the_panel()
    assert walk.events("triaged")[0].data["bound_by"] == "standard"
    assert walk.case.report_due_at == NOW + 7 * DAY - HOUR  # daylight saving time begins in between
    assert shown(walk)["standard"].binds
    assert shown(walk)["standard"].ends == "decision"
    walk.flags("left_main_disease")
    assert walk.case.report_due_at == NOW + 72 * HOUR  # from the request, not from the complete file
    assert walk.case.triage["clock"]["binding"] == "expedited"


def test_germany_counts_back_from_the_operation(launched: Launch) -> None:
    walk = launched(jurisdiction="de-27b", procedure_on=date(2026, 3, 20))
    walk.goes_to_the_panel()
    assert walk.events("triaged")[0].data["bound_by"] == "before_surgery"
    assert walk.case.report_due_at.date() == date(2026, 3, 10)
    other = launched(jurisdiction="de-27b", procedure_on=date(2026, 5, 20))
    other.goes_to_the_panel()
    assert other.events("triaged")[0].data["bound_by"] == "class"


def galician(launched: Launch) -> Walk:
    """Its law gives fifteen days from the decision; the class's ten working days begin with the complete file."""
    walk = launched(Specialty.CARDIOLOGY, jurisdiction="es-ga")
    walk.walker.pass_time(days=6)
    walk.goes_to_the_panel()
    return walk


def test_galicia_stops_its_clock_while_a_test_is_pending(launched: Launch) -> None:
    walk = galician(launched)
    walk.accepts()
    assert walk.case.report_due_at == NOW + 15 * DAY
    walk.does(clocks.stop_clocks, walk.reference, StopReason.TEST_PENDING, "coordinator", "biopsy on Friday")
    assert walk.case.report_due_at is None
    assert shown(walk)["report"].stopped_since == walk.walker.time.at
    walk.walker.pass_time(days=2)
    walk.does(clocks.start_clocks, walk.reference, StopReason.TEST_PENDING, "coordinator")
    assert walk.case.report_due_at == NOW + 17 * DAY
    assert [(event.data["why"], event.data["reason"]) for event in walk.events("clocks_stopped")] == [
        ("test_pending", "biopsy on Friday")
    ]
    assert walk.events("clocks_started")[0].data["stopped_seconds"] == 2 * 24 * 3600
    walk.goes_to_its_end()
    assert "biopsy on Friday" in printed(walk)


def test_galicia_does_not_stop_its_report_for_the_patient(launched: Launch) -> None:
    walk = galician(launched)
    walk.does(clocks.stop_clocks, walk.reference, StopReason.WAITING_FOR_PATIENT, "coordinator", "on holiday")
    assert walk.case.report_due_at == NOW + 15 * DAY
    assert shown(walk)["decision"].stopped_since is not None
    assert shown(walk)["class"].stopped_since is not None


def test_galicia_gives_five_days_more_once(launched: Launch) -> None:
    walk = galician(launched)
    for _ in range(2):
        walk.does(clocks.extend_clock, walk.reference, "report", "coordinator", "two panels")
    assert walk.case.triage["clock"]["clocks"][0]["name"] == "report"
    assert walk.case.report_due_at == NOW + 20 * DAY
    assert [event.data["by"] for event in walk.events("clock_extended")] == ["5 days"]
    with pytest.raises(NotFoundError, match="report"):
        walk.does(clocks.extend_clock, walk.reference, "decision", "coordinator", "two panels")


def test_stopped_clocks_and_a_hold_count_once_where_they_overlap(launched: Launch) -> None:
    walk = galician(launched)
    walk.does(clocks.stop_clocks, walk.reference, StopReason.TEST_PENDING, "coordinator", "biopsy")
    walk.walker.pass_time(days=1)
    walk.holds()
    walk.walker.pass_time(days=1)
    walk.does(clocks.start_clocks, walk.reference, StopReason.TEST_PENDING, "coordinator")
    walk.walker.pass_time(days=1)
    walk.resumes()
    assert walk.case.report_due_at == NOW + 18 * DAY


def test_clocks_are_stopped_and_started_once(launched: Launch) -> None:
    walk = galician(launched)
    with pytest.raises(ConflictError):
        clocks.start_clocks(walk.reference, StopReason.TEST_PENDING, "coordinator")
    with pytest.raises(BadInputError):
        clocks.stop_clocks(walk.reference, StopReason.TEST_PENDING, "coordinator", " ")
    for _ in range(2):
        clocks.stop_clocks(walk.reference, StopReason.TEST_PENDING, "coordinator", "biopsy")
    assert len(walk.events("clocks_stopped")) == 1


def test_a_case_is_classified_only_when_its_file_is_complete(launched: Launch) -> None:
    walk = launched(flags=["left_main_disease"])
    walk.consents()
    assert walk.case.urgency == "P1"  # expected
    assert walk.case.report_due_at is None
    assert Step.TRIAGE not in walk.case.finished_steps
    assert walk.events("launched")[0].data["expected_urgency"] == "P1"


def test_the_report_carries_what_triage_found_and_what_a_person_chose(launched: Launch) -> None:
    walk = launched(flags=["procedure_planned"])
    walk.flags("left_main_disease")
    walk.goes_to_the_readers()
    walk.overrides(Urgency.P2, "stable for months")
    walk.goes_to_its_end()
    with transaction() as session:
        content = report_content(CaseContext(session, walk.case, walk.walker.time.at), 1)
    why = content.classification
    assert (content.urgency, why.by_rules, why.chosen_because) == (Urgency.P2, Urgency.P1, "stable for months")
    assert [rule.key for rule in why.rules] == ["left_main_disease", "elective_procedure"]
    assert [flag.key for flag in why.flags] == ["left_main_disease", "procedure_planned"]
