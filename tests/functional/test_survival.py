"""Cases survive the death of every part, and what breaks around them is found and mended.

Frozen workers, stuck runs, an API that is away, a lost Prefect. `make chaos` does much more of it, at random.
"""

import signal
import time
from collections.abc import Iterator
from datetime import timedelta
from random import Random

import pytest
from prefect.states import Pending, Running
from sqlmodel import col, select

from models import Case
from models.status import CaseStatus, IncidentKind
from secunda import clock, db
from secunda.actions.hold import hold
from secunda.db import transaction
from secunda.doctor import services
from secunda.settings import settings
from tests.chaos.hammer import hammer
from tests.chaos.installation import POSTGRES, SERVER, Installation
from tests.chaos.sweep import AFTER, LEASE_SECONDS, Field, field, names_in, sweep
from tests.functional import carrying
from tests.functional.conftest import wait_until
from tests.functional.surviving import (
    assert_whole,
    await_parked,
    change,
    events,
    events_but_of_messages,
    finish,
    incidents,
    launch,
    put,
    secunda,
    tokens,
)

pytestmark = [pytest.mark.system, pytest.mark.timeout(600), pytest.mark.xdist_group("chaos")]
MINUTE = 60.0  # wall seconds within which what stands still goes on


@pytest.fixture(scope="module")
def over() -> Iterator[Field]:
    """One system for all tests here, with four workers; three may fall silent at a time."""
    with field(workers=4) as made:
        yield made


@pytest.fixture
def running(over: Field) -> Installation:
    return over.running


def kill(running: Installation, *parts: str) -> None:
    for part in parts:
        running.kill(part)
    if POSTGRES in parts:
        db.engine().dispose()


def start(running: Installation, *parts: str) -> None:
    for part in parts:
        running.start(part)
        if part == POSTGRES:
            wait_until(running.postgres.ready, what="PostgreSQL's start")


def test_cases_survive_the_death_of_every_part_at_a_wait_and_inside_their_steps(
    running: Installation, request: pytest.FixtureRequest
) -> None:
    references = launch(request, 2)
    await_parked(running, references)
    kill(running, *running.workers, SERVER, POSTGRES)
    start(running, POSTGRES, SERVER, *running.workers)
    dice = Random(20261122)
    scripts = {reference: carrying.script() for reference in references}
    for _ in range(3):
        seen = total(references) + dice.randint(10, 30)
        carrying.carry(scripts, lambda seen=seen: total(references) >= seen)
        kill(running, *running.workers)
        start(running, *running.workers)
    finish(references)
    assert_whole(running, references)


def test_cases_finish_whole_although_a_worker_dies_after_each_commit_and_call(over: Field) -> None:
    """A death before one of them leaves what a death after the one before it leaves: that is everything there is.

    `make chaos` kills before them too, and wherever else a worker passes.
    """
    swept = sweep(over, AFTER, cases=4, seconds=400)
    assert swept.wrongs == ()
    assert swept.left == frozenset(), "nobody has died there"
    assert swept.deaths >= len(AFTER)


def total(references: list[str]) -> int:
    return sum(events(references).values())


def test_workers_that_fall_silent_are_replaced_and_write_nothing_when_they_come_back(
    over: Field, running: Installation, request: pytest.FixtureRequest
) -> None:
    """One about to print a report, one with the case locked in a transaction, one about to park a run."""
    for place in ("after_commit:check_complete", "before_commit:triage", "before:park"):
        (over.faults / "armed" / place).write_text(str(int(signal.SIGSTOP)))
    references = launch(request, 3)
    finish(references)
    assert names_in(over.faults / "armed") == set(), "nobody fell silent there"
    before = events_but_of_messages(references)
    for worker in running.workers:
        running.signal(worker, signal.SIGCONT)
    time.sleep(3 * LEASE_SECONDS)  # in which they try to go on; some meet a lost lease, some an ended transaction
    assert_whole(running, references)
    assert events_but_of_messages(references) == before
    assert all(map(running.lives, running.workers))


def test_what_stands_still_is_found_mended_and_counted_within_a_minute(
    running: Installation, request: pytest.FixtureRequest
) -> None:
    """A worker died after it had claimed a run, another while it executed one; a third run sleeps past its time."""
    pending, zombie, overdue = references = launch(request, 3)
    await_parked(running, references)
    before = tokens(references)
    for reference, state in ((pending, Pending()), (zombie, Running())):
        put(running, reference, state)
    change(overdue, failures=1, next_deadline_at=clock.now() - timedelta(days=1))
    are_taken_up = lambda: all(number > before[reference] for reference, number in tokens(references).items())  # noqa: E731
    wait_until(are_taken_up, seconds=MINUTE, what="the mending")
    await_parked(running, references)
    assert {pending, zombie} <= {one.reference for one in incidents(IncidentKind.WORKER_LOST)}
    assert overdue in {one.reference for one in incidents(IncidentKind.SLEPT_TOO_LONG)}
    assert "slept too long" in services.incidents(settings()).what


def test_an_api_that_cannot_be_reached_is_waited_for_and_counted(
    running: Installation, request: pytest.FixtureRequest
) -> None:
    (reference,) = launch(request, 1)
    await_parked(running, [reference])
    since = clock.wall()
    running.kill(SERVER)
    script = {reference: carrying.script()}
    carrying.carry(script, lambda: carrying.case_of(reference).wake_requested_at is not None)
    time.sleep(2 * LEASE_SECONDS)
    running.start(SERVER)
    is_there = lambda: carrying.case_of(reference).status is CaseStatus.AWAITING_DOCUMENTS  # noqa: E731
    wait_until(is_there, seconds=MINUTE, what="the case's going on")
    noted = lambda: [one for one in incidents(IncidentKind.PREFECT_UNREACHABLE) if one.found_at >= since]  # noqa: E731
    whole = lambda: [one for one in noted() if (one.lasted_seconds or 0) > LEASE_SECONDS]  # noqa: E731 - a start may stutter, too
    wait_until(whole, seconds=MINUTE, what="the note of the whole outage")


def test_no_event_at_the_moment_of_parking_is_lost(running: Installation, request: pytest.FixtureRequest) -> None:
    """Cases on hold wait for no deadline: a wake-up that is lost would be lost for ever."""
    references = launch(request, 6)
    await_parked(running, references)
    for reference in references:
        hold(reference, "coordinator", "the patient travels")
    times = 25
    waited = hammer(references, times, seed=20261122, patience=MINUTE)
    assert len(waited) == times * len(references), "an event was not seen"


def test_cases_go_on_after_prefects_database_was_dropped(running: Installation, request: pytest.FixtureRequest) -> None:
    references = launch(request, 2)
    await_parked(running, references)
    for part in (*running.workers, SERVER):
        running.kill(part)
    running.postgres.drop_database("prefect")
    running.postgres.create_database("prefect")
    running.start(SERVER)
    running.deploy()
    told = secunda(running, "reconcile", "--json")
    assert told["run_rebuilt"] >= len(references)
    assert "run_rebuilt" not in secunda(running, "reconcile", "--json")
    for worker in running.workers:
        running.start(worker)
    finish(references)
    assert_whole(running, references)
    with transaction() as session:
        closed = set(session.exec(select(Case.reference).where(col(Case.status) == CaseStatus.CLOSED)))
    rebuilt = {one.reference for one in incidents(IncidentKind.RUN_REBUILT)}
    assert rebuilt & closed == set(references)
