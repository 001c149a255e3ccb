"""The clocks change twice a year: deadlines and ladders over the hour that is skipped and the one that comes twice."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pathways.calendars import WorkingCalendar
from pathways.chasing import due_rungs, next_rung_at, rungs
from pathways.deadlines import due, due_before, with_stops
from pathways.schema import ChaseStep
from pathways.spans import Span
from tests.unit.rules.samples import CALENDARS, SEVILLE, utc

#: Sunday is a working day there, and its clocks change on Fridays and Sundays.
ISRAEL = WorkingCalendar(country="IL", timezone="Asia/Jerusalem")
HOUR = timedelta(hours=1)

SPRING, AUTUMN = utc(2026, 3, 29, 1), utc(2026, 10, 25, 1)  # the clock of Seville goes from 2 to 3, from 3 to 2
CHANGES = {
    "Europe/Madrid": (SPRING, AUTUMN),
    "Atlantic/Canary": (SPRING, AUTUMN),
    "Europe/Berlin": (SPRING, AUTUMN),
    "America/Los_Angeles": (utc(2026, 3, 8, 10), utc(2026, 11, 1, 9)),
    "Asia/Jerusalem": (utc(2026, 3, 27, 0), utc(2026, 10, 24, 23)),
}
calendars = st.sampled_from((*CALENDARS, ISRAEL))
days_around = st.timedeltas(-timedelta(days=4), timedelta(days=4))
minutes_around = st.timedeltas(-2 * HOUR, 2 * HOUR)
spans = st.one_of(
    st.integers(0, 100).map(lambda n: Span.parse(f"{n} h")),
    st.integers(0, 9).map(lambda n: Span.parse(f"{n} days")),
    st.integers(0, 9).map(lambda n: Span.parse(f"{n} working days")),
)


@st.composite
def near_a_change(draw: st.DrawFn) -> tuple[WorkingCalendar, datetime]:
    """A calendar, and a moment days or minutes from when its clocks change."""
    calendar = draw(calendars)
    return calendar, draw(st.sampled_from(CHANGES[calendar.timezone])) + draw(days_around | minutes_around)


def test_the_changes_are_where_this_file_says() -> None:
    for calendar in (*CALENDARS, ISRAEL):
        for change in CHANGES[calendar.timezone]:
            offsets = {calendar.local(change + step).utcoffset() for step in (-HOUR / 60, timedelta())}
            assert len(offsets) == 2, calendar.timezone


@given(near_a_change(), spans)
def test_nothing_is_due_before_it_began(place, span):
    calendar, start = place
    assert due(start, span, calendar) >= start


@given(near_a_change(), st.integers(0, 100))
def test_hours_are_hours(place, hours):
    calendar, start = place
    assert due(start, Span.parse(f"{hours} h"), calendar) == start + hours * HOUR


@given(near_a_change(), st.integers(0, 9))
def test_days_keep_the_time_on_the_wall_or_are_an_hour_late_where_it_is_skipped(place, days):
    calendar, start = place
    began, ends = calendar.local(start), calendar.local(due(start, Span.parse(f"{days} days"), calendar))
    assert (ends.date() - began.date()).days == days
    assert ends.replace(tzinfo=None) - began.replace(tzinfo=None) in (timedelta(days=days), timedelta(days=days) + HOUR)


@given(near_a_change(), spans, minutes_around)
def test_who_starts_later_is_due_later_but_for_the_hour_that_comes_twice(place, span, later):
    calendar, start = place
    first, second = sorted((start, start + later))
    assert due(second, span, calendar) >= due(first, span, calendar) - HOUR


@given(near_a_change(), spans)
def test_counting_back_never_leaves_less_than_the_span_but_for_the_skipped_hour(place, span):
    calendar, event = place
    latest = due_before(event, span, calendar)
    assert latest <= event
    assert due(latest, span, calendar) <= event + HOUR or span.unit == "working days"


@given(near_a_change(), spans, days_around, st.timedeltas(timedelta(), timedelta(days=3)))
def test_a_clock_that_stood_still_over_the_change_is_never_due_earlier(place, span, after, length):
    calendar, start = place
    stop = (start + after, start + after + length)
    moved = with_stops(start, span, calendar, [stop], start + timedelta(days=30))
    assert moved.due_at is not None
    assert moved.due_at >= due(start, span, calendar)


steps = st.lists(
    st.builds(
        lambda at, action: ChaseStep.model_validate({"at": at, "do": action}),
        st.one_of(st.integers(0, 150).map(lambda n: f"{n} %"), st.integers(0, 72).map(lambda n: f"{n} h")),
        st.sampled_from(["remind", "change_channel", "replace_expert", "escalate"]),
    ),
    max_size=6,
)


@given(near_a_change(), spans, steps, st.lists(st.integers(1, 40), min_size=1, max_size=8))
def test_every_rung_of_a_ladder_over_the_change_is_climbed_once_and_in_its_time(place, span, ladder, waits):
    calendar, start = place
    ends, settled, now = due(start, span, calendar), [], start
    found = rungs(ladder, start, ends, calendar)
    assert all(rung.at >= start for rung in found)
    for hours in (*waits, 24 * 60):
        again = next_rung_at(found, settled)
        now += hours * HOUR
        ripe = due_rungs(found, settled, now)
        taken = (*ripe.climb, *ripe.skip)
        assert all(rung.at <= now for rung in taken)
        assert bool(taken) == (again is not None and again <= now)
        settled += [rung.number for rung in taken]
    assert sorted(settled) == [rung.number for rung in found]


@pytest.mark.parametrize(
    ("start", "span", "expected"),
    [
        # spring: 28 March 10:00 in Seville is 9:00 UTC, a day later 8:00 UTC
        (utc(2026, 3, 28, 9), "1 day", utc(2026, 3, 29, 8)),
        (utc(2026, 3, 28, 9), "24 h", utc(2026, 3, 29, 9)),
        (utc(2026, 3, 27, 9), "1 working day", utc(2026, 3, 30, 8)),
        (utc(2026, 3, 28, 1, 30), "1 day", SPRING + HOUR / 2),  # half past two does not exist: half past three
        (utc(2026, 3, 15, 1, 30), "14 days", SPRING + HOUR / 2),
        # autumn: 24 October 10:00 in Seville is 8:00 UTC, a day later 9:00 UTC
        (utc(2026, 10, 24, 8), "1 day", utc(2026, 10, 25, 9)),
        (utc(2026, 10, 24, 8), "24 h", utc(2026, 10, 25, 8)),
        (utc(2026, 10, 23, 8), "1 working day", utc(2026, 10, 26, 9)),
        (utc(2026, 10, 24, 0, 30), "1 day", AUTUMN - HOUR / 2),  # half past two comes twice: the first
        (AUTUMN + HOUR / 2, "1 day", utc(2026, 10, 26, 1, 30)),  # from the second half past two
        (AUTUMN + HOUR / 2, "0 days", AUTUMN + HOUR / 2),  # no time is no time, not an hour back
    ],
)
def test_known_deadlines_over_the_change(start, span, expected):
    assert due(start, Span.parse(span), SEVILLE) == expected


def test_no_working_time_from_the_second_of_two_equal_times_is_not_an_hour_back():
    second = CHANGES["Asia/Jerusalem"][1] + HOUR / 2
    assert ISRAEL.is_working_day(ISRAEL.local(second).date())
    assert ISRAEL.add_working_time(second, timedelta()) == second


def test_a_share_of_a_wait_is_a_share_of_the_time_that_passes():
    ladder = [ChaseStep.model_validate({"at": "50 %", "do": "remind"})]
    for start in (utc(2026, 3, 28, 9), utc(2026, 10, 24, 8)):
        ends = due(start, Span.parse("2 days"), SEVILLE)
        (rung,) = rungs(ladder, start, ends, SEVILLE)
        assert rung.at - start == ends - rung.at
