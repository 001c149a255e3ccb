"""When the report is due: the urgency class's clock and the law's, whichever runs out first, less the stopped time."""

from datetime import UTC, datetime, time

from sqlmodel import select

from models import ClockStop
from pathways.clocks import Binding, Clock, earliest
from pathways.deadlines import DueDate, Stop, Wait, due_before, span_for, with_stops
from pathways.overlay import ClockEnd, ClockStart, LegalClock
from pathways.vocabulary import Text
from secunda.case_context import CaseContext

CLASS_CLOCK = "class"


def report_due(context: CaseContext) -> Binding:
    """Every clock of the case's report, and which binds."""
    stops = _stops(context)
    span = span_for(context.pathway.deadlines, Wait.REPORT, context.urgency)
    start = context.case.file_complete_at or context.now
    by_class = Clock(
        name=CLASS_CLOCK,
        title=Text(en=f"Class {context.urgency}: {span}", es=f"Clase {context.urgency}: {span}"),
        due=with_stops(start, span, context.calendar, stops, context.now),
    )
    legal = [_clock(context, clock, stops) for clock in context.overlay.clocks_for(context.urgency)]
    return earliest([by_class, *(clock for clock in legal if clock is not None)], context.calendar)


def other_clocks(context: CaseContext) -> list[tuple[LegalClock, DueDate]]:
    """The law's clocks that end with something else than the report, where what they count from has happened."""
    stops = _stops(context)
    legal = [
        one for one in context.overlay.clocks if one.ends is not ClockEnd.REPORT and context.urgency in one.urgency
    ]
    dues = ((one, _due(context, one, stops)) for one in legal)
    return [(one, due) for one, due in dues if due is not None]


def _clock(context: CaseContext, legal: LegalClock, stops: list[Stop]) -> Clock | None:
    """The law's clock of this case; None where what it counts from has not happened."""
    due = _due(context, legal, stops)
    if due is None:
        return None
    return Clock(name=legal.key, title=legal.title, due=due, source=legal.source, verified=legal.verified)


def _due(context: CaseContext, legal: LegalClock, stops: list[Stop]) -> DueDate | None:
    start = _start(context, legal.starts)
    if start is None:
        return None
    if legal.counts_back:
        moment = due_before(start, legal.duration, context.calendar)
        return DueDate(due_at=moment, earliest_at=moment)
    return with_stops(start, legal.duration, context.calendar, stops, context.now)


def _start(context: CaseContext, starts: ClockStart) -> datetime | None:
    case = context.case
    procedure = datetime.combine(case.procedure_on, time(8), UTC) if case.procedure_on else None
    moments: dict[ClockStart, datetime | None] = {
        ClockStart.REQUEST: case.launched_at,
        ClockStart.FILED: case.launched_at,
        ClockStart.DECISION: case.launched_at,
        ClockStart.FILE_COMPLETE: case.file_complete_at,
        ClockStart.PROCEDURE: procedure,
    }
    return moments.get(starts)


def _stops(context: CaseContext) -> list[Stop]:
    query = select(ClockStop).where(ClockStop.case_id == context.case.id)
    return [(stop.stopped_at, stop.restarted_at) for stop in context.session.exec(query)]
