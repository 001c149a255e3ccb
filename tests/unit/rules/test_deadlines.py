from datetime import UTC, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pathways.clocks import Clock, earliest
from pathways.deadlines import DueDate, Wait, at, due, due_before, span_for, with_stops
from pathways.errors import PathwayError
from pathways.spans import Span, SpanUnit
from pathways.vocabulary import Text, Urgency
from tests.unit.rules.samples import SEVILLE, a_pathway, calendars, moments, utc

spans = st.one_of(
    st.integers(0, 500).map(lambda n: Span.parse(f"{n} h")),
    st.integers(0, 60).map(lambda n: Span.parse(f"{n} days")),
    st.integers(0, 30).map(lambda n: Span.parse(f"{n} working days")),
)
gaps_of_time = st.timedeltas(timedelta(), timedelta(days=20))


@given(calendars, moments, spans, gaps_of_time)
def test_a_deadline_is_never_before_its_start_and_grows_with_it(calendar, start, span, later):
    assert due(start, span, calendar) >= start
    assert due(start + later, span, calendar) >= due(start, span, calendar) - timedelta(hours=1)  # the clock goes back


@given(calendars, moments, spans)
def test_every_deadline_is_in_utc(calendar, start, span):
    assert due(start, span, calendar).tzinfo is UTC


@given(calendars, moments, spans)
def test_counting_back_leaves_at_least_the_span(calendar, event, span):
    latest = due_before(event, span, calendar)
    assert latest <= event
    if span.unit is SpanUnit.WORKING_DAYS:
        assert calendar.working_time_between(latest, event) >= timedelta(days=span.amount)
    else:
        assert due(latest, span, calendar) <= event + timedelta(hours=1)  # where an hour was skipped


def test_ten_days_before_surgery():
    assert due_before(utc(2026, 4, 3, 7), Span.parse("10 days"), SEVILLE) == utc(2026, 3, 24, 8)


@given(moments, gaps_of_time, st.integers(0, 100), st.integers(0, 100))
def test_shares_of_a_window_lie_in_it_in_order(start, length, one, other):
    low, high = sorted((one, other))
    assert start <= at(start, start + length, low) <= at(start, start + length, high) <= start + length


def test_a_share_has_no_length_of_its_own():
    with pytest.raises(PathwayError, match="50 %"):
        due(utc(2026, 1, 1), Span.parse("50 %"), SEVILLE)


def test_a_span_beyond_the_calendar_is_refused():
    for written in ("99999999999 h", "9999999 days"):
        with pytest.raises(PathwayError, match="leaves the calendar"):
            due(utc(2026, 1, 1), Span.parse(written), SEVILLE)


@given(calendars, moments, spans)
def test_a_clock_that_never_stopped_is_due_as_written(calendar, start, span):
    assert with_stops(start, span, calendar, [], start).due_at == due(start, span, calendar)


@given(calendars, moments, spans, st.lists(st.tuples(gaps_of_time, gaps_of_time), max_size=4), st.randoms())
def test_stops_only_ever_move_a_deadline_later_whatever_their_order(calendar, start, span, parts, random):
    stops = [(start + after, start + after + length) for after, length in parts]
    now = start + timedelta(days=60)
    moved = with_stops(start, span, calendar, stops, now)
    random.shuffle(stops)
    assert with_stops(start, span, calendar, stops, now) == moved
    assert moved.due_at >= due(start, span, calendar)
    assert moved.stopped_for <= sum((until - since for since, until in stops), timedelta())


@given(calendars, moments, st.integers(1, 30), gaps_of_time, gaps_of_time)
def test_a_stop_moves_a_clock_of_hours_by_its_length(calendar, start, days, after, length):
    span = Span.parse(f"{24 * days} h")
    stop = (start + after, start + after + length)
    ran_out = after >= timedelta(days=days)
    moved = with_stops(start, span, calendar, [stop], start + timedelta(days=90))
    assert moved.due_at == due(start, span, calendar) + (timedelta() if ran_out else length)


def test_a_working_day_clock_loses_only_working_time_while_it_stands():
    friday, monday = utc(2026, 11, 20, 9), utc(2026, 11, 23, 9)
    moved = with_stops(utc(2026, 11, 19, 9), Span.parse("5 working days"), SEVILLE, [(friday, monday)], monday)
    assert moved.due_at == utc(2026, 11, 27, 9)  # one working day later than the 26th, not three
    assert moved.stopped_for == timedelta(days=3)


def test_overlapping_stops_count_once():
    start = utc(2026, 11, 2, 9)
    stops = [(utc(2026, 11, 3), utc(2026, 11, 5)), (utc(2026, 11, 4), utc(2026, 11, 6))]
    moved = with_stops(start, Span.parse("10 days"), SEVILLE, stops, utc(2026, 11, 7))
    assert moved.due_at == utc(2026, 11, 15, 9)
    assert moved.stopped_for == timedelta(days=3)


def test_a_clock_that_stands_still_has_no_deadline_but_an_earliest_one():
    start, stopped, now = utc(2026, 11, 2, 9), utc(2026, 11, 3, 9), utc(2026, 11, 9, 9)
    standing = with_stops(start, Span.parse("10 days"), SEVILLE, [(stopped, None)], now)
    assert (standing.due_at, standing.stopped_since) == (None, stopped)
    assert standing.earliest_at == utc(2026, 11, 18, 9)


def test_a_stop_after_the_clock_ran_out_does_not_revive_it():
    start = utc(2026, 11, 2, 9)
    late = (utc(2026, 11, 20), None)
    assert with_stops(start, Span.parse("72 h"), SEVILLE, [late], utc(2026, 11, 21)).due_at == utc(2026, 11, 5, 9)


def clock(name: str, due_at, **values) -> Clock:
    return Clock(
        name=name,
        title=Text(en=f"{name}-en", es=f"{name}-es"),
        due=DueDate(earliest_at=due_at, due_at=due_at),
        **values,
    )


def test_the_clock_that_runs_out_first_binds_and_all_are_told():
    by_class = clock("class", utc(2026, 12, 4, 9))
    by_law = clock("galicia", utc(2026, 12, 1, 9), source="D 54/2015", verified=False)
    binding = earliest([by_class, by_law], SEVILLE)
    assert (binding.binding, binding.due_at) == ("galicia", utc(2026, 12, 1, 9))
    assert [each.name for each in binding.clocks] == ["galicia", "class"]
    assert "2026-12-01 10:00 CET" in binding.explanation.en
    assert "D 54/2015; not checked against the official text" in binding.explanation.en
    assert "class-es: 2026-12-04 10:00 CET" in binding.explanation.es


def test_a_tie_goes_to_the_first_given():
    moment = utc(2026, 12, 1)
    assert earliest([clock("class", moment), clock("law", moment)], SEVILLE).binding == "class"


def test_a_stopped_clock_does_not_bind_while_another_runs():
    now = utc(2026, 11, 9)
    standing = with_stops(utc(2026, 11, 1), Span.parse("1 day"), SEVILLE, [(utc(2026, 11, 1, 1), None)], now)
    stopped = clock("law", now).model_copy(update={"due": standing})
    running = clock("class", utc(2027, 1, 1))
    assert earliest([stopped, running], SEVILLE).binding == "class"
    alone = earliest([stopped], SEVILLE)
    assert (alone.binding, alone.due_at) == (None, None)
    assert "Every clock is stopped" in alone.explanation.en


def test_a_report_without_any_clock_is_refused():
    with pytest.raises(PathwayError):
        earliest([], SEVILLE)


def test_each_class_has_its_deadline_and_an_emergency_has_none():
    deadlines = a_pathway().deadlines
    assert str(span_for(deadlines, Wait.REPORT, Urgency.P1)) == "72 h"
    assert str(span_for(deadlines, Wait.DOCUMENTS, Urgency.P3)) == "14 days"
    with pytest.raises(PathwayError) as refused:
        span_for(deadlines, Wait.OPINION, Urgency.P0)
    assert refused.value.place == "/deadlines/opinion/P0"
