"""The payer's clock: which binds, what stops it, how much is left, and who is told before it runs out."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pathways import overlay, payer_files
from pathways.deadlines import Stop
from pathways.determination import Determination, clocks, determination, to_climb
from pathways.overlay import StopReason
from pathways.payer import ESCALATIONS, DeterminationStart, Payer, Told
from pathways.vocabulary import Urgency

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
EXAMPLE = payer_files.load("example-health")


def seen(
    now: datetime,
    urgency: Urgency = Urgency.P1,
    stops: tuple[Stop, ...] = (),
    of: Payer | None = None,
    jurisdiction: str = "us-cms",
    answered_at: datetime | None = None,
    started: datetime = MONDAY,
) -> Determination | None:
    starts = {DeterminationStart.REQUEST: started}
    known = clocks(of, overlay.load(jurisdiction))
    return determination(known, urgency, starts, lambda _: stops, now, answered_at=answered_at)


def owed(clock: Determination | None) -> Determination:
    assert clock is not None
    return clock


def test_an_urgent_answer_is_due_in_72_hours_and_the_others_in_seven_calendar_days() -> None:
    urgent, standard = owed(seen(MONDAY)), owed(seen(MONDAY, Urgency.P2))
    assert (urgent.key, urgent.due_at, urgent.source) == ("expedited", MONDAY + 72 * HOUR, "CMS-0057-F")
    # the clocks change in New York on 8 March: the same time of day, an hour sooner
    assert (standard.key, standard.due_at) == ("standard", MONDAY + 7 * DAY - HOUR)
    assert not urgent.verified
    assert seen(MONDAY, Urgency.P0) is None


def test_where_nobody_sets_a_clock_the_usual_ones_hold() -> None:
    assert owed(seen(MONDAY, jurisdiction="es")).due_at == MONDAY + 72 * HOUR
    assert owed(seen(MONDAY, Urgency.P3, jurisdiction="es-ct")).due_at == MONDAY + 7 * DAY


def test_the_payers_own_clock_counts_working_days_and_the_sooner_binds() -> None:
    of_law, own = owed(seen(MONDAY, Urgency.P3)), owed(seen(MONDAY, Urgency.P3, of=EXAMPLE))
    assert (own.key, own.due_at) == ("promised", MONDAY + 4 * DAY)  # Friday
    assert own.earliest_at < of_law.earliest_at
    friday = MONDAY + 4 * DAY
    late = owed(seen(friday, Urgency.P3, of=EXAMPLE, started=friday))
    assert (late.key, late.due_at) == ("promised", datetime(2026, 3, 12, 8, tzinfo=UTC))
    assert late.earliest_at <= owed(seen(friday, Urgency.P3, started=friday)).earliest_at


def test_the_time_that_a_clock_stands_still_does_not_count() -> None:
    stops = ((MONDAY + 10 * HOUR, MONDAY + 20 * HOUR),)
    clock = owed(seen(MONDAY + 30 * HOUR, stops=stops))
    assert (clock.due_at, clock.stopped_for, clock.left) == (MONDAY + 82 * HOUR, 10 * HOUR, 52 * HOUR)
    assert clock.share == pytest.approx(20 / 72, abs=0.001)
    assert [rung.at for rung in clock.rungs] == [MONDAY + 46 * HOUR, MONDAY + 67.6 * HOUR, MONDAY + 82 * HOUR]


def test_nobody_is_told_while_it_stands_still() -> None:
    stops = ((MONDAY + 40 * HOUR, None),)
    clock = owed(seen(MONDAY + 60 * HOUR, stops=stops))
    assert (clock.due_at, clock.stopped_since, clock.left) == (None, MONDAY + 40 * HOUR, 32 * HOUR)
    assert [rung.number for rung in clock.rungs] == [1]  # half of it was used up before


def test_an_answer_ends_the_clock() -> None:
    clock = owed(seen(MONDAY + 9 * DAY, answered_at=MONDAY + 70 * HOUR))
    assert (clock.left, clock.is_breached, clock.rungs) == (2 * HOUR, False, ())
    assert owed(seen(MONDAY + 9 * DAY, answered_at=MONDAY + 73 * HOUR)).is_breached


def test_breach_is_told_before_it_happens_and_each_step_tells_more() -> None:
    told = [set(one.to) for one in ESCALATIONS]
    assert [one.at.amount for one in ESCALATIONS] == [50, 80, 100]
    assert told == [{Told.COORDINATOR}, {Told.COORDINATOR, Told.PAYER}, set(Told)]
    clock = owed(seen(MONDAY))
    assert [rung.at - MONDAY for rung in clock.rungs] == [36 * HOUR, 57.6 * HOUR, 72 * HOUR]
    assert all(rung.at <= MONDAY + 72 * HOUR for rung in clock.rungs)


def test_who_slept_through_two_steps_is_told_once() -> None:
    rungs = owed(seen(MONDAY + 60 * HOUR)).rungs
    due = to_climb(rungs, {1}, MONDAY + 73 * HOUR)
    assert ([one.number for one in due.skip], [one.number for one in due.climb]) == ([2], [3])
    assert to_climb(rungs, {1, 2, 3}, MONDAY + 99 * DAY) == to_climb(rungs, set(), MONDAY)


spans = st.integers(0, 400).map(lambda hours: hours * HOUR)
stopped = st.lists(st.tuples(spans, spans), max_size=4).map(
    lambda found: tuple((MONDAY + since, MONDAY + since + length) for since, length in found)
)


@given(stopped, spans, st.sampled_from([Urgency.P1, Urgency.P2, Urgency.P3]), st.sampled_from([None, EXAMPLE]))
def test_stopping_never_makes_a_clock_run_out_sooner(
    stops: tuple[Stop, ...], passed: timedelta, urgency: Urgency, of: Payer | None
) -> None:
    now = MONDAY + passed
    free, held = owed(seen(now, urgency, of=of)), owed(seen(now, urgency, stops, of=of))
    assert held.earliest_at >= free.earliest_at
    assert held.left == held.earliest_at - now
    assert held.share <= free.share
    assert [rung.at for rung in held.rungs] == sorted(rung.at for rung in held.rungs)
    assert all(rung.at <= held.earliest_at for rung in held.rungs)


def test_a_clock_stops_only_for_what_it_stops_for() -> None:
    asked: list[tuple[StopReason, ...]] = []

    def stops_of(reasons: object) -> tuple[Stop, ...]:
        asked.append(tuple(reasons))  # type: ignore[arg-type]
        return ()

    determination(
        clocks(EXAMPLE, overlay.load("us-cms")), Urgency.P3, {DeterminationStart.REQUEST: MONDAY}, stops_of, MONDAY
    )
    assert asked == [(StopReason.WAITING_FOR_PATIENT,), ()]
