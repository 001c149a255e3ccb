"""Events that are committed while a case is taken up, carried and given back: whatever was not seen is marked."""

import threading
from random import Random
from uuid import uuid4

import pytest
from sqlmodel import select

from models import Case
from secunda import cases, events, lease, waker
from secunda.db import transaction
from tasks.take_up import _begin
from tests.factories import NOW, a_case

TIMES = 1000  # with two events each
SECONDS = 20


@pytest.fixture
def reference(database: str) -> str:
    with transaction() as session:
        return a_case(session).reference


def something_happens(reference: str) -> None:
    """What every action does: an event and the mark, in one transaction."""
    with transaction() as session:
        case = cases.lock_by_reference(session, reference)
        events.record(session, case, "noted", "requester", NOW)
        cases.request_wake(session, case, NOW)


def is_executed(reference: str, pause: threading.Event, seconds: float) -> int:
    """An execution as short as can be; returns how many events it has seen."""
    run = uuid4()
    with transaction() as session:
        held = lease.acquire(session, reference, "worker", SECONDS)
    assert held is not None
    with transaction() as session:
        case = lease.lock(session, held)
        case.flow_run_id = run
        _begin(session, case, NOW, run)
        seen = case.event_count
    pause.wait(seconds)
    with transaction() as session:
        lease.release(session, held)
    return seen


def is_to_be_woken(reference: str) -> bool:
    with transaction() as session:
        return reference in [case.reference for case in waker.marked(session)]


def count(reference: str) -> int:
    with transaction() as session:
        return session.exec(select(Case.event_count).where(Case.reference == reference)).one()


def test_thousands_of_events_around_an_execution_are_seen_or_marked(reference: str) -> None:
    """Each falls at another moment before, while or after the case is carried; the next execution sees it."""
    dice, pause = Random(20261122), threading.Event()
    fell = {"before": 0, "after": 0}
    for _ in range(TIMES):
        waits, rest = (dice.uniform(0, 0.006), dice.uniform(0, 0.006)), dice.uniform(0, 0.001)
        timers = [threading.Timer(wait, something_happens, [reference]) for wait in waits]
        for timer in timers:
            timer.start()
        seen = is_executed(reference, pause, rest)
        for timer in timers:
            timer.join()
        unseen = count(reference) - seen
        assert unseen == 0 or is_to_be_woken(reference), f"an event waits for its deadline ({waits=}, {rest=})"
        fell["after" if unseen else "before"] += 1
    assert min(fell.values()) > TIMES / 50, f"the events fell on one side only: {fell}"
