"""Who executes a case: one at a time, whatever the clocks of the machines say."""

import threading
from collections import Counter
from contextlib import closing
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from sqlalchemy import literal
from sqlmodel import col, select, update

from models import Case
from secunda import cases, clock, db, lease, waker
from secunda.db import transaction
from secunda.lease import Lease, LeaseLostError
from tests.factories import NOW, a_case

SECONDS = 20
YEAR = timedelta(days=365)


@pytest.fixture
def reference(database: str) -> str:
    with transaction() as session:
        return a_case(session).reference


class Referee:
    """PostgreSQL's clock, set by hand."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.at = NOW
        monkeypatch.setattr(lease, "now", lambda: literal(self.at))


@pytest.fixture
def referee(monkeypatch: pytest.MonkeyPatch) -> Referee:
    return Referee(monkeypatch)


def take(reference: str, holder: str = "one") -> Lease | None:
    with transaction() as session:
        return lease.acquire(session, reference, holder, SECONDS)


def write(held: Lease) -> None:
    """What a step does: the case locked under the lease, and the lease extended."""
    with transaction() as session:
        lease.lock(session, held)
        lease.extend(session, held, SECONDS)


def give_back(held: Lease) -> None:
    with transaction() as session:
        lease.release(session, held)


def shorten() -> int:
    with transaction() as session:
        return lease.shorten(session, SECONDS)


def until(reference: str) -> datetime | None:
    with transaction() as session:
        return cases.by_reference(session, reference).lease_until


def test_of_many_who_want_a_case_one_gets_it(reference: str) -> None:
    start = threading.Barrier(8)
    got: Counter[bool] = Counter()

    def want(name: int) -> None:
        start.wait()
        got[take(reference, f"worker {name}") is not None] += 1

    threads = [threading.Thread(target=want, args=(name,)) for name in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert got == {True: 1, False: 7}


def test_whoever_comes_back_late_can_write_no_more(reference: str, referee: Referee) -> None:
    first = take(reference)
    assert first is not None
    referee.at += timedelta(seconds=SECONDS + 1)
    second = take(reference, "two")
    assert second is not None
    with pytest.raises(LeaseLostError):
        write(first)
    give_back(first)
    assert take(reference, "three") is None, "the late one gave away what is not theirs"
    write(second)


def test_whoever_comes_back_late_does_not_get_the_case_to_write(reference: str, referee: Referee) -> None:
    """Most writes do not extend the lease: taking the row must be enough to find it out."""
    late = take(reference)
    assert late is not None
    referee.at += timedelta(seconds=SECONDS + 1)
    newer = take(reference, "two")
    assert newer is not None
    with pytest.raises(LeaseLostError), transaction() as session:
        lease.lock(session, late)
    with transaction() as session:
        assert lease.lock(session, newer).reference == reference


def test_who_writes_in_time_keeps_the_case(reference: str, referee: Referee) -> None:
    held = take(reference)
    assert held is not None
    for _ in range(5):
        referee.at += timedelta(seconds=SECONDS - 1)
        assert take(reference, "two") is None
        write(held)


@pytest.mark.parametrize("skew", [-YEAR, -timedelta(hours=1), timedelta(hours=1), YEAR], ids=str)
def test_a_machine_with_a_wrong_clock_takes_no_case_from_another(
    reference: str, monkeypatch: pytest.MonkeyPatch, skew: timedelta
) -> None:
    held = take(reference)
    assert held is not None
    monkeypatch.setattr(clock, "wall", lambda: datetime.now(UTC) + skew)
    assert take(reference, "the machine that is wrong") is None
    write(held)
    give_back(held)
    own = take(reference, "the machine that is wrong")
    assert own is not None
    monkeypatch.undo()
    assert take(reference) is None, "its lease lasts no less than another's"
    ends = until(reference)
    assert ends is not None
    assert abs(ends - datetime.now(UTC)) < timedelta(seconds=SECONDS + 5), "and no longer"


@pytest.mark.parametrize("back", [timedelta(minutes=1), YEAR], ids=str)
def test_when_the_clock_was_set_back_the_cases_of_the_dead_wait_no_longer_than_a_lease(
    reference: str, referee: Referee, back: timedelta
) -> None:
    assert take(reference)
    referee.at -= back
    assert shorten() == 1
    assert take(reference, "two") is None, "whoever holds it may be alive"
    referee.at += timedelta(seconds=SECONDS + 1)
    assert take(reference, "two") is not None


def test_when_the_clock_was_set_back_the_living_keep_their_cases(reference: str, referee: Referee) -> None:
    held = take(reference)
    assert held is not None
    referee.at -= YEAR
    shorten()
    referee.at += timedelta(seconds=SECONDS / 3)
    write(held)
    referee.at += timedelta(seconds=SECONDS - 1)
    assert take(reference, "two") is None


def test_a_lease_as_long_as_a_lease_lasts_is_left_alone(reference: str) -> None:
    assert take(reference)
    assert shorten() == 0


def test_who_finds_a_case_held_waits_no_longer_than_a_lease(reference: str, referee: Referee) -> None:
    assert take(reference)
    referee.at -= YEAR
    with transaction() as session:
        assert lease.remaining(session, reference, SECONDS) == timedelta(seconds=SECONDS)


def test_a_case_that_nobody_holds_is_waited_for_no_time(reference: str) -> None:
    with transaction() as session:
        assert lease.remaining(session, reference, SECONDS) == timedelta()


def test_a_held_case_is_not_woken_and_its_mark_stays(reference: str, referee: Referee) -> None:
    assert take(reference)
    with transaction() as session:
        case = cases.lock_by_reference(session, reference)
        cases.request_wake(session, case, referee.at)
    with transaction() as session:
        assert waker.marked(session) == []
    referee.at += timedelta(seconds=SECONDS + 1)
    with transaction() as session:
        assert [case.reference for case in waker.marked(session)] == [reference]


def test_a_marked_case_is_taken_once_and_keeps_its_mark_until_its_execution_has_begun(reference: str) -> None:
    """A worker that dies in between leaves the mark for another."""
    with transaction() as session:
        cases.request_wake(session, cases.lock_by_reference(session, reference), NOW)

    def take_marked() -> list[str]:
        with transaction() as session:
            return [case.reference for _, case in lease.acquire_due(session, "worker", SECONDS, limit=5, at=NOW)]

    assert take_marked() == [reference]
    assert take_marked() == []
    with transaction() as session:
        assert session.exec(select(Case.wake_requested_at)).one() == NOW


def test_a_case_is_taken_at_its_deadline_unless_it_waits_for_another_try(reference: str) -> None:
    def taken(at: datetime) -> int:
        with transaction() as session:
            return len(lease.acquire_due(session, "worker", SECONDS, limit=5, at=at))

    with transaction() as session:
        case = cases.lock_by_reference(session, reference)
        case.next_deadline_at, case.failures = NOW, 1
    assert taken(NOW) == 0
    with transaction() as session:
        cases.lock_by_reference(session, reference).failures = 0
    assert taken(NOW - timedelta(seconds=1)) == 0
    assert taken(NOW) == 1


def test_whoever_gives_back_a_case_that_was_marked_meanwhile_tells_of_it(reference: str) -> None:
    with closing(psycopg.connect(db.engine().url.set(drivername="postgresql").render_as_string(False))) as listener:
        listener.autocommit = True
        held = take(reference)
        assert held is not None
        with transaction() as session:
            cases.request_wake(session, cases.lock_by_reference(session, reference), NOW)
        listener.execute(f"listen {cases.WAKE_CHANNEL}")
        give_back(held)
        assert [note.payload for note in listener.notifies(timeout=5, stop_after=1)] == [reference]


def test_the_time_of_a_lease_goes_on_within_a_transaction(reference: str) -> None:
    """A transaction that waited for a lock must not hand out a lease that is half over."""
    with transaction() as session:
        session.execute(update(Case).values(hold_reason="any first statement"))
        began = session.exec(select(lease.now())).one()
        assert session.exec(select(lease.now())).one() > began
        assert session.exec(select(col(Case.id)).where(lease.is_free())).first() is not None
