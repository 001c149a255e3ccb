"""A case in the hands of chance: what people do, when, and when the worker dies, in any order.

Whatever happens, the tables say what the events say, nobody is asked or reminded when they should not be, and the case
can be carried to its end. `SECUNDA_MACHINE_EXAMPLES` sets how many cases are tried, at random.
"""

import os
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import text
from sqlmodel import col, func, select

from models import Assignment, Case, ChaseRecord, Event, Expert, Message, Report, Requirement
from models.status import (
    LIVE_ASSIGNMENT,
    OPEN_ASSIGNMENT,
    AssignmentStatus,
    CaseStatus,
    MessageStatus,
    Outcome,
    RequirementStatus,
    Step,
)
from pathways.overlay import StopReason
from pathways.vocabulary import Specialty, Urgency
from secunda import events, opening
from secunda.actions import clocks, correction
from secunda.db import transaction
from secunda.errors import BadInputError, ConflictError, NotFoundError
from secunda.messages.events import REMINDERS
from secunda.standing import Difference, differences
from tests.factories import NOW
from tests.integration.conftest import empty
from tests.integration.surroundings import an_expert_of, employ, launch_case
from tests.integration.walk import AGREES, DISSENTS, Walk
from tests.integration.walking import Death, Died, Walker

EXAMPLES = int(os.environ.get("SECUNDA_MACHINE_EXAMPLES", "12"))
HEART = Specialty.CARDIOLOGY
FLAGS = ("procedure_planned", "left_main_disease", "endocarditis")
RED_FLAGS = ("acutely_unwell", "aortic_dissection")
VOTES = (AGREES, DISSENTS, {})
A = AssignmentStatus
SIGNABLE = (A.ACCEPTED, A.IN_PROGRESS)
SOME = st.integers(0, 5)  # which of those that there are


@dataclass(frozen=True)
class Seen:
    """What the tables say at one moment; `differing` is what the events say otherwise."""

    case: Case
    events: Sequence[Event]
    differing: list[Difference]
    seats: Sequence[Assignment]
    chased: Sequence[ChaseRecord]
    messages: Sequence[Message]
    missing: list[str]
    overloaded: Sequence[str]

    @classmethod
    def of(cls, reference: str) -> "Seen":
        with transaction() as session:
            case = session.exec(select(Case).where(Case.reference == reference)).one()
            assert events.verify(session, case) is None

            def rows(table: Any) -> list[Any]:
                return list(session.exec(select(table).where(table.case_id == case.id)))

            pending = [row for row in rows(Requirement) if row.status is RequirementStatus.PENDING]
            return cls(
                case=case,
                events=sorted(rows(Event), key=lambda event: event.sequence),
                differing=differences(session, case),
                seats=rows(Assignment),
                chased=rows(ChaseRecord),
                messages=rows(Message),
                missing=sorted(row.key for row in pending if row.obligation != "recommended"),
                overloaded=session.exec(OVERLOADED).all(),
            )

    @property
    def panel(self) -> list[Assignment]:
        return [seat for seat in self.seats if seat.status in LIVE_ASSIGNMENT]


OVERLOADED = (
    select(Expert.code)
    .select_from(Assignment)
    .join(Expert, col(Expert.id) == Assignment.expert_id)
    .where(col(Assignment.status).in_(OPEN_ASSIGNMENT))
    .group_by(col(Expert.code), col(Expert.capacity))
    .having(func.count() > col(Expert.capacity))
)


def the_tables_say_what_the_events_say(seen: Seen) -> None:
    assert seen.differing == []
    times = [event.at for event in seen.events]
    assert times == sorted(times)


def nobody_sits_twice_nor_takes_more_than_they_can(seen: Seen) -> None:
    places = {(seat.role, seat.seat) for seat in seen.panel}
    assert len(places) == len({seat.expert_id for seat in seen.panel}) == len(seen.panel)
    assert seen.overloaded == []


def nobody_is_chased_on_hold(seen: Seen) -> None:
    turns = [event.at for event in seen.events if event.kind in ("held", "resumed")]
    for held_at, resumed_at in zip(turns[::2], turns[1::2], strict=False):
        assert not any(held_at < row.done_at < resumed_at for row in seen.chased)


def nobody_is_chased_or_bound_once_the_case_is_closed(seen: Seen) -> None:
    closed_at = seen.case.closed_at
    if closed_at is None:
        return
    assert all(row.done_at <= closed_at for row in seen.chased)
    reminders = [one for one in seen.messages if one.event in REMINDERS]
    assert all(one.created_at <= closed_at and one.status is not MessageStatus.QUEUED for one in reminders)
    assert not any(seat.status in OPEN_ASSIGNMENT for seat in seen.seats)


def no_message_is_said_twice(seen: Seen) -> None:
    said = Counter((one.event, one.recipient, one.occasion) for one in seen.messages)
    assert [key for key, times in said.items() if times > 1] == []


def a_finished_step_is_done_once_unless_it_was_reopened(seen: Seen) -> None:
    finished: list[str] = []
    for event in seen.events:
        if event.kind == "steps_reopened":
            finished = [step for step in finished if step not in event.data["steps"]]
        if event.kind == "step_finished":
            assert event.data["step"] not in finished
            finished.append(event.data["step"])
    assert finished == seen.case.finished_steps
    assert finished == [step.value for step in Step][: len(finished)]


CHECKS = (
    the_tables_say_what_the_events_say,
    nobody_sits_twice_nor_takes_more_than_they_can,
    nobody_is_chased_on_hold,
    nobody_is_chased_or_bound_once_the_case_is_closed,
    no_message_is_said_twice,
    a_finished_step_is_done_once_unless_it_was_reopened,
)


class CaseMachine(RuleBasedStateMachine):
    """One case at a time; `seen` is what the tables said after the last step."""

    seen: Seen

    walker: ClassVar[Walker]

    def __init__(self) -> None:
        super().__init__()
        empty()
        self.walker.time.at, self.walker.parked = NOW, {}
        employ(HEART)
        self.hired = 0
        self.walk = Walk(self.walker, "")

    @initialize(reach=st.sampled_from([None, Walk.consents, Walk.goes_to_the_panel, Walk.goes_to_the_readers]))
    def begins(self, reach: Callable[[Walk], None] | None) -> None:
        self.walk.reference = launch_case(HEART, jurisdiction="es-ga")
        self.walker.settle(self.walk.reference)
        if reach is not None:
            reach(self.walk)

    # What time and machines do

    @rule(hours=st.sampled_from([1, 5, 13, 30, 100, 400]))
    def time_passes(self, hours: int) -> None:
        self.walker.pass_time(hours=hours)

    @rule()
    def is_woken_for_nothing(self) -> None:
        self.walker.execute(self.walk.reference)

    @rule(write=st.integers(1, 9), committed=st.booleans())
    def the_worker_dies(self, write: int, committed: bool) -> None:
        """Nobody else carries the case on before the dead worker's lease has run out; then somebody does."""
        try:
            self.walker.execute(self.walk.reference, Death(write, committed))
        except Died:
            before = self.walk.case.event_count
            self.walker.execute(self.walk.reference)
            assert self.walker.badges[self.walk.reference] == "Awaiting another execution"
            assert self.walk.case.event_count == before
            with transaction() as session:
                session.execute(text("update care_case set lease_until = 'epoch'"))
            self.walker.parked[self.walk.reference] = self.walker.time.at
            self.walker.settle(self.walk.reference)

    # What people do

    @rule()
    def consents(self) -> None:
        self.tries(self.walk.consents)

    @rule(days=st.integers(1, 20))
    def consents_for_some_days(self, days: int) -> None:
        self.tries(lambda: self.walk.consents(expires_at=self.walker.time.at + timedelta(days=days)))

    @precondition(lambda self: self.seen.missing)
    @rule(which=SOME, how=st.sampled_from([Walk.sends, Walk.sends, Walk.sends, Walk.waives, Walk.limits]))
    def settles_a_requirement(self, which: int, how: Callable[[Walk, str], None]) -> None:
        missing = self.seen.missing
        self.tries(lambda: how(self.walk, missing[which % len(missing)]))

    @rule(code=st.sampled_from(["18745-0", "58744-4", "18752-6"]))
    def sends_something_else(self, code: str) -> None:
        self.tries(lambda: self.walk.sends("stress_test", loinc=code))

    @rule(flag=st.sampled_from(FLAGS))
    def flags(self, flag: str) -> None:
        self.tries(lambda: self.walk.flags(flag))

    @rule(urgency=st.sampled_from([Urgency.P1, Urgency.P2, Urgency.P3]))
    def overrides(self, urgency: Urgency) -> None:
        self.tries(lambda: self.walk.overrides(urgency))

    @rule()
    def holds(self) -> None:
        self.tries(self.walk.holds)

    @rule()
    def resumes(self) -> None:
        self.tries(self.walk.resumes)

    @rule(stops=st.booleans(), why=st.sampled_from(StopReason))
    def stops_or_starts_clocks(self, stops: bool, why: StopReason) -> None:
        reference = self.walk.reference
        if stops:
            self.tries(lambda: self.walk.does(clocks.stop_clocks, reference, why, "coordinator", "a reason"))
        else:
            self.tries(lambda: self.walk.does(clocks.start_clocks, reference, why, "coordinator"))

    @precondition(lambda self: self.roles(A.REQUESTED))
    @rule(which=SOME)
    def accepts(self, which: int) -> None:
        self.tries(lambda: self.walk.accepts(self.one_of(which, A.REQUESTED)))

    @precondition(lambda self: self.roles(A.REQUESTED))
    @rule(which=SOME)
    def declines(self, which: int) -> None:
        self.tries(lambda: self.walk.declines(self.one_of(which, A.REQUESTED)))

    @precondition(lambda self: self.roles(*LIVE_ASSIGNMENT))
    @rule(which=SOME)
    def loses_the_place(self, which: int) -> None:
        self.tries(lambda: self.walk.loses_the_place(self.one_of(which, *LIVE_ASSIGNMENT)))

    @precondition(lambda self: self.roles(*SIGNABLE))
    @rule(which=SOME, vote=st.sampled_from(VOTES))
    def signs(self, which: int, vote: dict[str, object]) -> None:
        self.tries(lambda: self.walk.signs(self.one_of(which, *SIGNABLE), **vote))

    @precondition(lambda self: self.roles(*SIGNABLE))
    @rule(which=SOME)
    def writes_a_draft(self, which: int) -> None:
        self.tries(lambda: self.walk.writes(self.one_of(which, *SIGNABLE)))

    @precondition(lambda self: self.roles(A.COMPLETED))
    @rule(which=SOME)
    def is_asked_for_a_correction(self, which: int) -> None:
        seat = self.walk.panel[self.one_of(which, A.COMPLETED)].id
        self.tries(lambda: self.walk.does(correction.ask_for_correction, seat, "coordinator", "a dose is missing"))

    @rule()
    def the_board_decides(self) -> None:
        self.tries(self.walk.board_decides)

    @rule(role=st.sampled_from(["clinical_cardiologist", "cardiac_surgeon", "interventional_cardiologist"]))
    def somebody_is_hired(self, role: str) -> None:
        self.hire(role)

    @precondition(lambda self: self.walker.time.at.hour % 5 == 0)  # seldom: it is the end
    @rule(how=st.sampled_from([Walk.withdraws, Walk.takes_consent_back, *RED_FLAGS]))
    def ends(self, how: Callable[[Walk], None] | str) -> None:
        self.tries(lambda: self.walk.flags(how) if isinstance(how, str) else how(self.walk))

    # What always holds

    @invariant()
    def all_is_well(self) -> None:
        self.seen = Seen.of(self.walk.reference)
        for check in CHECKS:
            check(self.seen)

    def teardown(self) -> None:
        """Wherever it has come to, the case can be carried to its end."""
        if not self.walk.reference:
            return
        for _ in range(40):
            status = self.walk.status
            if status is CaseStatus.CLOSED:
                break
            UNSTUCK.get(status, lambda machine: machine.walk.goes_on())(self)
        case = self.walk.case
        assert case.status is CaseStatus.CLOSED
        assert len(self.walk.rows(Report)) == (case.outcome is Outcome.DELIVERED)
        self.all_is_well()

    # Helpers

    def tries(self, deed: Callable[[], object]) -> None:
        """People try things that cannot be; a refusal with its remedy is an answer."""
        try:
            deed()
        except (ConflictError, NotFoundError, BadInputError) as refusal:
            assert refusal.remedy

    def roles(self, *statuses: AssignmentStatus) -> list[str]:
        return sorted(seat.role for seat in self.seen.panel if seat.status in statuses)

    def one_of(self, which: int, *statuses: AssignmentStatus) -> str:
        found = self.roles(*statuses)
        return found[which % len(found)]

    def hire(self, role: str) -> None:
        self.hired += 1
        with transaction() as session:
            session.add(an_expert_of(HEART, role, f"hired{self.hired}"))

    def hires_for_everybody(self) -> None:
        for role in ("clinical_cardiologist", "cardiac_surgeon", "interventional_cardiologist", "cardiac_imager"):
            self.hire(role)
        self.walker.pass_time(hours=5)

    def corrects(self) -> None:
        """Everybody is asked once more: whoever owes a section that nobody wrote then writes it."""
        for seat in list(self.walk.panel.values()):
            self.tries(lambda seat=seat: correction.ask_for_correction(seat.id, "coordinator", "a section is missing"))
        self.walker.settle(self.walk.reference)


UNSTUCK: dict[CaseStatus, Callable[[CaseMachine], None]] = {
    CaseStatus.ON_HOLD: lambda machine: machine.walk.comes_off_hold(),
    CaseStatus.AWAITING_PANEL: CaseMachine.hires_for_everybody,
    CaseStatus.AWAITING_CORRECTION: CaseMachine.corrects,
}


def test_a_case_withstands_whatever_happens_in_whatever_order(walker: Walker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "new_reference", lambda session: "SO-TEST-0001")
    CaseMachine.walker = walker
    run_state_machine_as_test(
        CaseMachine,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=25,
            deadline=None,
            derandomize="SECUNDA_MACHINE_EXAMPLES" not in os.environ,
            phases=(Phase.generate,),  # a case has no small version that is found in a reasonable time
            suppress_health_check=list(HealthCheck),
        ),
    )
