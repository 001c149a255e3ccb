"""The clock within which a payer must answer: which one binds, how long it stood still, how much is left, whom to tell.

The clocks of the law on a payer's decision (those that rest on the report) hold in any case; the payer's own come
beside them, and the sooner binds. Moments are UTC.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta

from pathways.calendars import WorkingCalendar
from pathways.chasing import DueRungs, Rung
from pathways.deadlines import DueDate, Stop, after_stops, at, due
from pathways.overlay import ClockEnd, ClockStart, LegalClock, Overlay, StopReason
from pathways.payer import ESCALATIONS, DeterminationStart, Escalation, Payer
from pathways.schema import ChaseAction
from pathways.spans import Span
from pathways.vocabulary import Frozen, Text, Urgency

Starts = Mapping[DeterminationStart, datetime | None]
StopsOf = Callable[[Sequence[StopReason]], Sequence[Stop]]  # the stops that count for a clock that stops for these

EXPEDITED = Text(en="Expedited answer", es="Respuesta urgente")
STANDARD = Text(en="Standard answer", es="Respuesta ordinaria")
STANDARD_CLASSES = (Urgency.P2, Urgency.P3)
_STARTS = {
    ClockStart.REQUEST: DeterminationStart.REQUEST,
    ClockStart.FILED: DeterminationStart.REQUEST,
    ClockStart.FILE_COMPLETE: DeterminationStart.FILE_COMPLETE,
}


class DeterminationClock(Frozen):
    """One clock that a payer's answer runs against; `source` names the law or the payer's promise."""

    key: str
    title: Text
    duration: Span
    starts: DeterminationStart = DeterminationStart.REQUEST
    urgency: tuple[Urgency, ...]
    stops_for: tuple[StopReason, ...] = ()
    source: str = ""
    verified: bool = True
    calendar: WorkingCalendar


class Determination(Frozen):
    """Where the clock that binds stands, seen at `asked_at`.

    `left`: until it runs out, less than nothing where it has; while it stands still (`stopped_since`), what would be
    left. `share`: how much of it is used up, from 0 on. `answered_at`: when the payer got its answer; the clock ends
    there. `rungs`: when whom is told; none while it stands still.
    """

    key: str
    title: Text
    source: str
    verified: bool
    duration: Span
    started_at: datetime
    due_at: datetime | None
    earliest_at: datetime
    stopped_for: timedelta
    stopped_since: datetime | None
    left: timedelta
    share: float
    is_breached: bool
    asked_at: datetime
    answered_at: datetime | None = None
    rungs: tuple[Rung, ...] = ()


def clocks(payer: Payer | None, overlay: Overlay) -> tuple[DeterminationClock, ...]:
    """Every clock on the answer: the payer's own, then the law's; where there is neither, 72 hours and 7 days."""
    own = of_payer(payer, overlay.calendar) if payer else ()
    legal = tuple(
        _of_law(clock, overlay.calendar)
        for clock in overlay.clocks
        if clock.ends is ClockEnd.DECISION and clock.rests_on_report and clock.starts in _STARTS
    )
    return own + legal or _usual(overlay.calendar)


def determination(
    known: Sequence[DeterminationClock],
    urgency: Urgency,
    starts: Starts,
    stops_of: StopsOf,
    now: datetime,
    escalations: Sequence[Escalation] = ESCALATIONS,
    answered_at: datetime | None = None,
) -> Determination | None:
    """The clock that runs out first of those that run for the class; None while none has begun, or for an emergency."""
    seen_at = now if answered_at is None else min(answered_at, now)
    found = [
        _standing(clock, start, stops_of(clock.stops_for), seen_at, escalations, answered_at)
        for clock in known
        if urgency in clock.urgency and (start := starts.get(clock.starts)) is not None
    ]
    return min(found, key=lambda one: (one.due_at is None, one.earliest_at), default=None)


def to_climb(rungs: Sequence[Rung], climbed: Collection[int], now: datetime) -> DueRungs:
    """The rung to climb now, and those that it stands for: who has slept through two is told once, by the latest."""
    ripe = [rung for rung in rungs if rung.at <= now and rung.number not in climbed]
    return DueRungs(climb=tuple(ripe[-1:]), skip=tuple(ripe[:-1]))


def _standing(
    clock: DeterminationClock,
    start: datetime,
    stops: Sequence[Stop],
    now: datetime,
    escalations: Sequence[Escalation],
    answered_at: datetime | None,
) -> Determination:
    runs_out = due(start, clock.duration, clock.calendar)
    moved = _moved(clock, runs_out, start, stops, now)
    left = moved.earliest_at - now
    used = now - start - moved.stopped_for
    return Determination(
        **clock.model_dump(include={"key", "source", "verified"}),
        title=clock.title,
        duration=clock.duration,
        started_at=start,
        due_at=moved.due_at,
        earliest_at=moved.earliest_at,
        stopped_for=moved.stopped_for,
        stopped_since=moved.stopped_since,
        left=left,
        share=max(0.0, round(used / (runs_out - start), 4)),
        is_breached=left < timedelta(),
        asked_at=now,
        answered_at=answered_at,
        rungs=() if answered_at else tuple(_rungs(clock, start, runs_out, stops, now, escalations)),
    )


def _rungs(
    clock: DeterminationClock,
    start: datetime,
    runs_out: datetime,
    stops: Sequence[Stop],
    now: datetime,
    escalations: Sequence[Escalation],
) -> list[Rung]:
    """Each share of the clock, moved by the time that it stood still before; while it does, none that is to come."""
    found = []
    for number, escalation in enumerate(escalations, start=1):
        moved = _moved(clock, at(start, runs_out, escalation.at.amount), start, stops, now)
        if moved.due_at is not None:
            found.append(Rung(number=number, at=moved.due_at, action=ChaseAction.ESCALATE))
    return found


def runs_out(clock: DeterminationClock, start: datetime, stops: Sequence[Stop], now: datetime) -> DueDate:
    """When one clock that began at `start` runs out."""
    return _moved(clock, due(start, clock.duration, clock.calendar), start, stops, now)


def _moved(
    clock: DeterminationClock, moment: datetime, start: datetime, stops: Sequence[Stop], now: datetime
) -> DueDate:
    return after_stops(moment, start, clock.duration.unit, clock.calendar, stops, now)


def of_payer(payer: Payer, calendar: WorkingCalendar) -> tuple[DeterminationClock, ...]:
    """The clocks of the payer's own file; `calendar` is the jurisdiction's."""
    return tuple(
        DeterminationClock(
            key=clock.key,
            title=clock.title,
            duration=clock.duration,
            starts=clock.starts,
            urgency=clock.urgency,
            stops_for=clock.stops_for,
            source=clock.source or payer.title.en,
            calendar=payer.determination.calendar or calendar,
        )
        for clock in payer.determination.clocks
    )


def _of_law(clock: LegalClock, calendar: WorkingCalendar) -> DeterminationClock:
    return DeterminationClock(
        key=clock.key,
        title=clock.title,
        duration=clock.duration,
        starts=_STARTS[clock.starts],
        urgency=clock.urgency,
        stops_for=clock.stops_for,
        source=clock.source,
        verified=clock.verified,
        calendar=calendar,
    )


def _usual(calendar: WorkingCalendar) -> tuple[DeterminationClock, ...]:
    """What the field holds itself to where nobody says anything: 72 hours when it is urgent, else 7 calendar days."""
    return (
        DeterminationClock(
            key="expedited",
            title=EXPEDITED,
            duration=Span.parse("72 h"),
            urgency=(Urgency.P1,),
            calendar=calendar,
        ),
        DeterminationClock(
            key="standard",
            title=STANDARD,
            duration=Span.parse("7 days"),
            urgency=STANDARD_CLASSES,
            calendar=calendar,
        ),
    )
