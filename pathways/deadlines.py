"""When something is due: spans along a calendar, shares of a wait, and clocks that stand still.

Hours are hours; days keep the local time of day; working days also skip weekends and holidays. Moments are UTC.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from pathways.calendars import WorkingCalendar
from pathways.errors import PathwayError
from pathways.schema import Deadlines
from pathways.spans import Span, SpanUnit
from pathways.vocabulary import Frozen, Urgency

Stop = tuple[datetime, datetime | None]  # stood still from, and to; None while it still stands


class Wait(StrEnum):
    """What is waited for: the fields of `schema.Deadlines`."""

    CONSENT = "consent"
    DOCUMENTS = "documents"
    ACCEPTANCE = "acceptance"
    OPINION = "opinion"
    ADJUDICATION = "adjudication"
    REPORT = "report"


def span_for(deadlines: Deadlines, wait: Wait, urgency: Urgency) -> Span:
    """How long the pathway gives this wait in this urgency class; raises PathwayError where it names none."""
    written: Span | dict[Urgency, Span] = getattr(deadlines, wait)
    if isinstance(written, Span):
        return written
    if urgency in written:
        return written[urgency]
    raise PathwayError(
        f"There is no {wait} deadline for urgency class {urgency}.",
        "Add it to the pathway's deadlines; P0 has none because it is sent to emergency care.",
        place=f"/deadlines/{wait}/{urgency}",
    )


def due(start: datetime, span: Span, calendar: WorkingCalendar) -> datetime:
    """`span` after `start`, in UTC. Raises PathwayError for a percentage, and for a span beyond the year 9999."""
    return _shift(start, span, calendar, forwards=True)


def due_before(event: datetime, span: Span, calendar: WorkingCalendar) -> datetime:
    """The last moment that is at least `span` before `event` (a report owed 10 days before surgery), in UTC."""
    return min(_shift(event, span, calendar, forwards=False), event)  # no working days before a Sunday: that Sunday


def at(start: datetime, due_at: datetime, percent: float) -> datetime:
    """The moment at that percentage of the window, linear in wall time."""
    return start + (due_at - start) * (percent / 100)


def _shift(moment: datetime, span: Span, calendar: WorkingCalendar, *, forwards: bool) -> datetime:
    amount = span.amount if forwards else -span.amount
    try:
        if span.unit is SpanUnit.HOURS:
            return calendar.local(moment).astimezone(UTC) + timedelta(hours=amount)
        if span.unit is SpanUnit.DAYS:
            return calendar.add_days(moment, amount)
        if span.unit is SpanUnit.WORKING_DAYS:
            return calendar.add_working_days(moment, amount)
    except OverflowError:
        raise PathwayError(f"A span of {span} leaves the calendar.", "Write a shorter one.", place="span") from None
    raise PathwayError(
        f"{span} is a share of a wait, not a length.", "Write hours, days or working days.", place="span"
    )


class DueDate(Frozen):
    """When one clock runs out. `due_at` is None while it stands still.

    `earliest_at` equals `due_at`, or is when it would run out if it were started again at the `now` asked about.
    """

    due_at: datetime | None
    earliest_at: datetime
    stopped_for: timedelta = timedelta()
    stopped_since: datetime | None = None


def with_stops(start: datetime, span: Span, calendar: WorkingCalendar, stops: Sequence[Stop], now: datetime) -> DueDate:
    """The due date moved by the time that the clock stood still, of which working-day clocks count the working part.

    Stops may overlap and come in any order. A stop that begins after the clock has run out changes nothing, nor
    does one that begins after `now`.
    """
    return after_stops(due(start, span, calendar), start, span.unit, calendar, stops, now)


def after_stops(
    due_at: datetime, start: datetime, unit: SpanUnit, calendar: WorkingCalendar, stops: Sequence[Stop], now: datetime
) -> DueDate:
    """The same for a clock that began at `start` and whose due date is known; `unit` is what it counts in."""
    stopped_for, frozen_until = timedelta(), start
    for stopped_at, restarted_at in sorted(stops, key=lambda stop: stop[0]):
        if stopped_at >= due_at or stopped_at > now:
            break
        since, until = max(stopped_at, frozen_until), restarted_at or now
        if until > since:
            due_at = _after_stop(due_at, since, until, calendar, working=unit is SpanUnit.WORKING_DAYS)
            stopped_for, frozen_until = stopped_for + (until - since), until
        if restarted_at is None:
            return DueDate(due_at=None, earliest_at=due_at, stopped_for=stopped_for, stopped_since=stopped_at)
    return DueDate(due_at=due_at, earliest_at=due_at, stopped_for=stopped_for)


def _after_stop(
    due_at: datetime, since: datetime, until: datetime, calendar: WorkingCalendar, *, working: bool
) -> datetime:
    if working:
        return calendar.add_working_time(due_at, calendar.working_time_between(since, until))
    return due_at + (until - since)
