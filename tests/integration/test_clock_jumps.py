"""A machine that slept for hours or days, and a clock that was set back: nothing bursts, stalls or happens twice."""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import col, select, update

from models import Assignment, Message
from models.status import AssignmentStatus, CaseStatus, MessageStatus, Outcome
from pathways.opinion import Stance
from secunda import cases, outbox
from secunda.channels import OutgoingMessage, Receipt
from secunda.db import transaction
from secunda.messages.events import REMINDERS
from secunda.outbox import Courier
from secunda.outbox.claiming import LEASE, LONGEST_PAUSE
from secunda.views.audit import verify
from tests.factories import NOW, a_case
from tests.integration.conftest import Launch
from tests.integration.walk import Walk

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SLEEPS = [5 * HOUR, 14 * HOUR, 2 * DAY, 9 * DAY, 60 * DAY]


def to_the_papers(walk: Walk) -> None:
    walk.consents()


def to_the_board(walk: Walk) -> None:
    """The board must meet, and does not."""
    walk.goes_to_the_readers()
    for role, stance in zip(sorted(walk.panel), Stance, strict=True):
        walk.signs(role, stance=stance)


STAGES: dict[CaseStatus, Callable[[Walk], object]] = {
    CaseStatus.AWAITING_CONSENT: lambda walk: None,
    CaseStatus.AWAITING_DOCUMENTS: to_the_papers,
    CaseStatus.AWAITING_ACCEPTANCE: Walk.goes_to_the_panel,
    CaseStatus.AWAITING_OPINIONS: Walk.goes_to_the_readers,
    CaseStatus.AWAITING_ADJUDICATION: to_the_board,
}


def sleeps(walk: Walk, for_: timedelta) -> list[Message]:
    """The machine is shut and opened again; what is said on waking."""
    before = {message.id for message in walk.said()}
    walk.walker.time.at += for_
    walk.walker.settle(walk.reference)
    return [message for message in walk.said() if message.id not in before]


def chain_holds(walk: Walk) -> bool:
    with transaction() as session:
        return all(not result.problem for result in verify(session, [walk.reference]))


def owed(walk: Walk) -> list[Assignment]:
    open_ = (AssignmentStatus.REQUESTED, AssignmentStatus.ACCEPTED, AssignmentStatus.IN_PROGRESS)
    return [seat for seat in walk.rows(Assignment) if seat.status in open_]


@pytest.mark.parametrize("slept", SLEEPS, ids=str)
@pytest.mark.parametrize("stage", STAGES)
def test_on_waking_nobody_is_written_to_twice_about_one_thing(
    launched: Launch, stage: CaseStatus, slept: timedelta
) -> None:
    walk = launched(manners=("first", "second", "third"))
    STAGES[stage](walk)
    assert walk.status is stage
    said = sleeps(walk, slept)

    heard = Counter((one.recipient, one.parameters.get("role"), one.event in REMINDERS) for one in said)
    to_whoever_is_waited_for = {
        key: count for key, count in heard.items() if not key[0].startswith(("coordinator", "medical_director"))
    }
    assert max(to_whoever_is_waited_for.values(), default=1) == 1
    told = Counter((one.event, one.recipient, one.occasion) for one in said)
    assert max(told.values(), default=1) == 1
    again = walk.walker.parked[walk.reference]
    assert again is None or again > walk.walker.time.at, "it would wake again at once"
    assert chain_holds(walk)


def test_a_sleep_through_one_reminder_sends_it_late_and_the_ladder_goes_on_as_written(launched: Launch) -> None:
    walk = launched()
    assert [one.event for one in sleeps(walk, 4 * DAY)] == ["consent_reminder"]
    assert walk.walker.parked[walk.reference] == NOW + 7 * DAY


@pytest.mark.parametrize("slept", [2 * DAY, 30 * DAY], ids=str)
def test_experts_who_are_late_on_waking_are_replaced_at_once_and_get_no_reminder(
    launched: Launch, slept: timedelta
) -> None:
    walk = launched()
    walk.goes_to_the_panel()
    before = {role: walk.expert(role) for role in walk.panel}
    said = sleeps(walk, slept)
    after = {role: walk.expert(role) for role in walk.panel}

    assert all(after[role] != before[role] for role in before)
    assert [one.event for one in said if one.event == "offer_reminder"] == []
    for role, code in before.items():
        assert [one.event for one in said if one.recipient == f"expert:{code}"] == ["offer_withdrawn"], role
    assert all(seat.offered_at == walk.walker.time.at for seat in owed(walk)), "their time begins on waking"
    assert all(seat.accept_by > walk.walker.time.at for seat in owed(walk))


@pytest.mark.parametrize("slept", SLEEPS, ids=str)
def test_a_sleep_moves_no_deadline_of_whoever_keeps_the_place(launched: Launch, slept: timedelta) -> None:
    walk = launched()
    walk.goes_to_the_readers()
    before = {seat.id: (seat.accept_by, seat.opinion_due_at) for seat in walk.rows(Assignment)}
    due = walk.case.report_due_at
    sleeps(walk, slept)
    for seat in walk.rows(Assignment):
        assert before.get(seat.id, (seat.accept_by, seat.opinion_due_at)) == (seat.accept_by, seat.opinion_due_at)
    assert walk.case.report_due_at == due
    assert [event.kind for event in walk.events("deadlines_moved")] == []


def test_many_cases_wake_and_each_says_its_own_and_no_more(launched: Launch) -> None:
    walks = [launched(manners=("first", "second", "third")) for _ in range(6)]
    for walk in walks:
        walk.goes_to_the_panel()
    walker = walks[0].walker
    walker.time.at += 3 * DAY
    for walk in walks:
        before = len(walk.said())
        walker.settle(walk.reference)
        walker.settle(walk.reference)
        said = walk.said()[before:]
        assert len(said) <= 4 * len(walk.panel)  # withdrawn, replaced, told the coordinator, offered anew
        assert chain_holds(walk)


def test_a_board_that_was_slept_through_is_reminded_once_and_escalated(launched: Launch) -> None:
    walk = launched()
    to_the_board(walk)
    events = Counter(one.event for one in sleeps(walk, 30 * DAY))
    assert events == {"adjudication_reminder": 1, "escalation_coordinator": 1, "escalation_medical_director": 1}


@pytest.mark.parametrize("slept", SLEEPS, ids=str)
def test_a_case_that_was_slept_through_at_every_stage_still_comes_to_its_report(
    launched: Launch, slept: timedelta
) -> None:
    walk = launched(manners=("first", "second", "third"))
    sleeps(walk, slept)
    walk.consents()
    sleeps(walk, slept)
    walk.sends_everything()
    sleeps(walk, slept)
    walk.goes_to_its_end()
    assert walk.case.outcome is Outcome.DELIVERED
    assert chain_holds(walk)


@pytest.mark.parametrize("back", [10 * timedelta(minutes=1), 3 * DAY, 400 * DAY], ids=str)
@pytest.mark.parametrize("stage", STAGES)
def test_after_the_clock_was_set_back_nothing_is_said_again_and_the_case_goes_on(
    launched: Launch, stage: CaseStatus, back: timedelta
) -> None:
    walk = launched(manners=("first", "second", "third"))
    STAGES[stage](walk)
    walk.walker.pass_time(hours=15)  # some were reminded
    said = len(walk.said())
    walk.walker.time.at -= back
    for _ in range(3):
        walk.walker.execute(walk.reference)
    assert len(walk.said()) == said
    walk.goes_to_its_end()
    assert walk.case.outcome is Outcome.DELIVERED
    assert chain_holds(walk)


def test_a_clock_that_was_set_back_while_a_case_was_on_hold_moves_no_deadline(launched: Launch) -> None:
    walk = launched()
    walk.goes_to_the_readers()
    before = sorted((seat.role, seat.opinion_due_at) for seat in owed(walk))
    due = walk.case.report_due_at
    walk.holds()
    walk.walker.time.at -= 2 * HOUR
    walk.resumes()
    assert sorted((seat.role, seat.opinion_due_at) for seat in owed(walk)) == before
    assert walk.case.report_due_at == due
    assert walk.events("deadlines_moved")[0].data["stopped_seconds"] == 0


class Post:
    """A channel that takes everything, and remembers."""

    idempotent = False

    def __init__(self) -> None:
        self.taken: list[OutgoingMessage] = []

    def send(self, message: OutgoingMessage) -> Receipt:
        self.taken.append(message)
        return Receipt("taken")


WALL = datetime(2026, 11, 22, 9, tzinfo=UTC)


def courier(post: Post, later: timedelta) -> Courier:
    """A deliverer whose clocks show so much later than when the messages were decided."""
    return Courier(
        channels={"email": post, "sms": post},
        now=lambda: NOW + later,
        wall=lambda: WALL + later,
        rest=lambda seconds: None,
    )


@pytest.fixture
def queued(database: str) -> None:
    with transaction() as session:
        case = a_case(
            session, requester_email="r@example.org", status=CaseStatus.AWAITING_CONSENT, jurisdiction="es-ct"
        )
    with transaction() as session:
        locked = cases.lock(session, case.id)
        outbox.enqueue(
            session, locked, "consent_requested", "patient", "first", {"due_at": NOW + DAY}, due_at=NOW, now=NOW
        )


@pytest.mark.parametrize("back", [timedelta(minutes=5), HOUR, 365 * DAY], ids=str)
def test_what_was_to_go_at_once_goes_although_the_clock_was_set_back(queued: None, back: timedelta) -> None:
    post = Post()
    assert outbox.deliver_due(courier=courier(post, -back)) == {"sent": 1}
    assert outbox.deliver_due(courier=courier(post, -back)) == {}
    assert len(post.taken) == 1


def test_an_attempt_that_was_put_off_waits_no_longer_than_attempts_are_put_off(queued: None) -> None:
    with transaction() as session:
        session.exec(update(Message).values(attempts=1, due_at=NOW + LONGEST_PAUSE))
    post = Post()
    assert outbox.deliver_due(courier=courier(post, timedelta())) == {}
    assert outbox.deliver_due(courier=courier(post, -365 * DAY)) == {"sent": 1}


def test_a_claim_of_somebody_dead_is_found_although_the_clock_was_set_back(queued: None) -> None:
    """It is not taken from somebody who may be alive before a claim's time has passed."""
    post, back = Post(), -365 * DAY
    with transaction() as session:
        assert len(outbox.claim(session, 1, NOW, WALL, Courier(channels={}).by)) == 1
    assert outbox.deliver_due(courier=courier(post, back)) == {}
    assert outbox.deliver_due(courier=courier(post, back + LEASE / 2)) == {}
    assert outbox.deliver_due(courier=courier(post, back + 2 * LEASE)) == {"unknown": 1, "sent": 1}
    with transaction() as session:
        statuses = Counter(session.exec(select(col(Message.status))))
    assert statuses == {MessageStatus.UNKNOWN: 1, MessageStatus.SENT: 1}  # and the coordinator is told
    assert all("consent" not in message.subject.lower() for message in post.taken)
