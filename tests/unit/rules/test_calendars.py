from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from pathways.calendars import WorkingCalendar
from pathways.errors import PathwayError
from tests.unit.rules.samples import SEVILLE, calendars, moments, utc

spans = st.timedeltas(timedelta(), timedelta(days=40))


@given(calendars, moments, st.integers(0, 40))
def test_a_due_moment_is_never_on_a_day_off(calendar, moment, days):
    assert calendar.is_working_day(calendar.local(calendar.add_working_days(moment, days)).date())


@given(calendars, moments, st.integers(1, 40))
def test_the_local_time_of_day_stays_over_changes_of_the_clock(calendar, moment, days):
    start = calendar.local(moment)
    end = calendar.local(calendar.add_working_days(moment, days))
    if calendar.is_working_day(start.date()):
        assert end.time() == start.time()
    else:
        assert (end.hour, end.minute, end.second) == (0, 0, 0)


@given(calendars, moments, spans, st.integers(0, 20))
def test_who_starts_later_is_never_due_earlier(calendar, moment, later, days):
    assert calendar.add_working_days(moment + later, days) >= calendar.add_working_days(moment, days)


@given(calendars, moments, st.integers(0, 20), st.integers(0, 20))
def test_working_days_add_up(calendar, moment, one, other):
    at_once = calendar.add_working_days(moment, one + other)
    assert calendar.add_working_days(calendar.add_working_days(moment, one), other) == at_once


@given(calendars, moments, st.integers(1, 20))
def test_going_back_undoes_going_forward(calendar, moment, days):
    forward = calendar.add_working_days(moment, days)
    if calendar.is_working_day(calendar.local(moment).date()):
        assert calendar.add_working_days(forward, -days) == moment


@given(calendars, moments, st.integers(0, 20))
def test_the_working_time_to_a_due_moment_is_what_was_added(calendar, moment, days):
    due = calendar.add_working_days(moment, days)
    assert calendar.working_time_between(moment, due) == timedelta(days=days)


@given(calendars, moments, spans, spans)
def test_working_time_adds_up_over_any_moment_between(calendar, start, one, other):
    middle, end = start + one, start + one + other
    parts = calendar.working_time_between(start, middle) + calendar.working_time_between(middle, end)
    assert parts == calendar.working_time_between(start, end)


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        (utc(2026, 3, 27, 10), 1, utc(2026, 3, 30, 9)),  # over a weekend in which the clocks change
        (utc(2026, 3, 28, 15), 1, utc(2026, 3, 30, 22)),  # Saturday counts from Monday 00:00, due Tuesday 00:00
        (utc(2026, 4, 1, 10), 2, utc(2026, 4, 7, 10)),  # over Easter
        (utc(2026, 12, 30, 9), 3, utc(2027, 1, 5, 9)),  # into another year
        (utc(2026, 2, 26, 9), 1, utc(2026, 2, 27, 9)),  # Andalusia Day 2026 falls on a Saturday
    ],
)
def test_known_dates_in_seville(start, days, due):
    assert SEVILLE.add_working_days(start, days) == due


def test_regions_rest_on_different_days():
    catalonia = WorkingCalendar(country="ES", subdivision="CT", timezone="Europe/Madrid")
    assert not catalonia.is_working_day(date(2026, 9, 11))
    assert SEVILLE.is_working_day(date(2026, 9, 11))


def test_a_municipal_day_is_a_day_off():
    town = SEVILLE.model_copy(update={"municipal_days": frozenset({date(2026, 6, 4)})})
    assert SEVILLE.is_working_day(date(2026, 6, 4))
    assert town.add_working_days(utc(2026, 6, 3, 9), 1) == utc(2026, 6, 5, 9)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"country": "ZZ"}, "ZZ"),
        ({"country": "ES", "subdivision": "XX"}, "XX"),
        ({"country": "ES", "timezone": "Mars/Olympus"}, "Mars/Olympus"),
    ],
)
def test_a_place_that_does_not_exist_is_named(wrong, told):
    with pytest.raises(ValidationError, match=told):
        WorkingCalendar(**wrong)


def test_a_moment_without_time_zone_is_refused():
    with pytest.raises(PathwayError, match="time zone"):
        SEVILLE.add_working_days(utc(2026, 1, 1).replace(tzinfo=None), 1)


def test_a_calendar_without_working_days_is_refused():
    every_day = frozenset(date(2026, 1, 1) + timedelta(days=n) for n in range(800))
    idle = SEVILLE.model_copy(update={"municipal_days": every_day})
    with pytest.raises(PathwayError, match="no working day"):
        idle.add_working_days(utc(2026, 1, 1, 9), 1)
