"""Deadlines and chases: who is reminded when, who is told, who is replaced, and when that ends."""

from datetime import timedelta

import pytest
from sqlmodel import select

from models import ChaseRecord, Expert
from models.status import AssignmentStatus, CaseStatus, Outcome
from pathways.vocabulary import Specialty
from secunda.db import transaction
from secunda.messages.events import REMINDERS
from tests.factories import NOW
from tests.integration.conftest import Launch
from tests.integration.walk import AGREES, DISSENTS, Walk

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SURGEON = "cardiac_surgeon"


def chases(walk: Walk, subject: str = "") -> list[str]:
    """What was done about those who are late, in order."""
    found = sorted(walk.rows(ChaseRecord), key=lambda row: (row.done_at, row.rung))
    return [row.action for row in found if row.subject.startswith(subject)]


def reminders(walk: Walk) -> list[str]:
    return [f"{one.event} {one.recipient} {one.occasion}" for one in walk.said() if one.event in REMINDERS]


def test_reminders_go_out_once_each_then_the_channel_changes_then_two_people_are_told(launched: Launch) -> None:
    walk = launched()
    for _ in range(30):
        walk.walker.pass_time(hours=13)
        walk.walker.execute(walk.reference)  # a wake-up more or less changes nothing

    assert chases(walk) == ["remind", "change_channel", "remind", "escalate", "escalate"]
    asked = walk.said("consent_reminder", to="patient")
    assert [one.channel for one in asked] == ["email", "sms", "email"]
    assert [one.created_at - NOW for one in asked] == [3.5 * DAY, 7 * DAY, 10.5 * DAY]
    assert [one.created_at - NOW for one in walk.said("escalation_coordinator")] == [12.6 * DAY]
    assert [one.created_at - NOW for one in walk.said("escalation_medical_director")] == [14 * DAY]
    assert walk.status is CaseStatus.AWAITING_CONSENT  # nobody's silence ends a case


def test_whoever_holds_the_papers_is_asked_and_reminded_for_them(launched: Launch) -> None:
    walk = launched(Specialty.CHRONIC_DISEASE)
    walk.consents()
    asked = {one.recipient: one.parameters["count"] for one in walk.said("documents_requested")}
    assert asked == {"requester": 2, "patient": 1}  # summary and laboratory; the medication
    walk.sends("medication")
    walk.walker.pass_time(days=4)
    assert [one.recipient for one in walk.said("documents_reminder")] == ["requester"]


def test_a_gap_without_power_sends_one_reminder_and_not_three(launched: Launch) -> None:
    walk = launched()
    walk.walker.time.at += timedelta(days=11)
    walk.walker.settle(walk.reference)
    assert chases(walk) == ["skipped", "skipped", "remind"]
    assert len(walk.said("consent_reminder")) == 1


def test_a_late_expert_is_replaced_and_told(launched: Launch) -> None:
    walk = launched()
    walk.goes_to_the_panel()
    late, first = walk.expert(SURGEON), walk.panel[SURGEON]
    walk.accepts("clinical_cardiologist", "interventional_cardiologist")
    walk.walker.pass_time(hours=24)

    assert walk.expert(SURGEON) != late
    assert walk.panel[SURGEON].round == 2
    ended = next(one for one in walk.rows(type(first)) if one.id == first.id)
    assert (ended.status, ended.end_reason) == (AssignmentStatus.CANCELLED, "late: no acceptance in time")
    assert ended.ended_at == first.accept_by
    assert len(walk.said("offer_withdrawn", to=f"expert:{late}")) == 1
    assert len(walk.said("expert_replaced", to="coordinator")) == 1
    assert [one.channel for one in walk.said("offer_reminder", to=f"expert:{late}")] == ["email", "sms"]
    assert chases(walk, f"acceptance:{first.id}") == ["remind", "change_channel", "replace_expert", "escalate"]


def test_an_expert_who_does_not_write_in_time_is_replaced_too(launched: Launch) -> None:
    walk = launched()
    walk.goes_to_the_readers()
    late, due = walk.expert(SURGEON), walk.panel[SURGEON].opinion_due_at
    walk.signs("clinical_cardiologist", "interventional_cardiologist")
    walk.writes(SURGEON)  # a draft is no opinion
    walk.walker.pass_time(to=due - HOUR)
    assert walk.expert(SURGEON) == late
    walk.walker.pass_time(hours=2)

    assert walk.expert(SURGEON) != late
    assert walk.status is CaseStatus.AWAITING_ACCEPTANCE
    assert len(walk.said("opinion_reminder", to=f"expert:{late}")) == 2
    walk.goes_to_its_end()
    assert walk.case.outcome is Outcome.DELIVERED


def test_nothing_is_reminded_once_the_case_is_closed(launched: Launch) -> None:
    walk = launched()
    walk.goes_to_the_readers()
    walk.walker.pass_time(days=2)
    walk.withdraws()
    before = reminders(walk)
    assert before
    walk.walker.pass_time(days=60)
    walk.walker.execute(walk.reference)
    assert reminders(walk) == before
    assert [one.event for one in walk.said() if one.status == "queued" and one.event in REMINDERS] == []


def test_a_board_that_does_not_meet_is_chased(launched: Launch) -> None:
    walk = launched(Specialty.CHRONIC_DISEASE)
    walk.goes_to_the_readers()
    walk.signs("internist", **AGREES)
    walk.signs("endocrinologist", **DISSENTS)
    assert walk.status is CaseStatus.AWAITING_ADJUDICATION
    chair = f"expert:{walk.expert('internist')}"
    assert [one.recipient for one in walk.said("adjudication_requested")] == ["coordinator", chair]
    walk.walker.pass_time(days=20)
    assert chases(walk, "adjudication") == ["remind", "change_channel", "escalate", "escalate"]
    assert [one.recipient for one in walk.said("adjudication_reminder")] == [chair, chair]


@pytest.mark.parametrize("urgency", ["P1", "P2", "P3"])
def test_each_class_has_its_own_terms(launched: Launch, urgency: str) -> None:
    flags = {"P1": ("left_main_disease",), "P2": ("procedure_planned",), "P3": ()}[urgency]
    hours = {"P1": (4, 24, 72), "P2": (12, 48, 7 * 24), "P3": (24, 3 * 24, 14 * 24)}[urgency]  # over one weekend
    walk = launched(flags=flags)
    walk.goes_to_the_panel()
    walk.accepts(SURGEON)
    case, seat = walk.case, walk.panel[SURGEON]
    assert case.urgency == urgency
    assert seat.accept_by == NOW + hours[0] * HOUR
    assert seat.opinion_due_at == NOW + hours[1] * HOUR
    assert case.report_due_at == NOW + hours[2] * HOUR


def test_an_expert_on_leave_at_the_deadline_is_not_asked(launched: Launch) -> None:
    walk = launched()
    with transaction() as session:
        first = session.exec(select(Expert).where(Expert.code == f"{SURGEON}-first")).one()
        first.leave = [{"from": "2026-03-05", "to": "2026-03-20"}]
    walk.goes_to_the_panel()
    assert walk.expert(SURGEON) == f"{SURGEON}-second"
