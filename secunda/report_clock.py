"""When the report is due: the urgency class's clock, the law's and the payer's, whichever runs out first."""

from datetime import UTC, datetime, time
from functools import lru_cache

from pathways.clocks import Binding, Clock, earliest
from pathways.deadlines import DueDate, Wait, after_stops, due, due_before, span_for, with_stops
from pathways.draw.words import NO_BREAK
from pathways.draw.words import span as in_words
from pathways.overlay import ClockStart, LegalClock, StopReason
from pathways.spans import Span
from pathways.vocabulary import Text, Urgency
from secunda.case_context import CaseContext, as_json
from secunda.reviews.determining import report_clocks

CLASS_CLOCK = "class"
CLASS = {"en": "Class", "es": "Clase", "ca": "Classe", "fr": "Classe", "de": "Klasse", "pt": "Classe"}


def report_due(context: CaseContext) -> Binding:
    """Every clock of the case's report, and which binds."""
    span = span_for(context.pathway.deadlines, Wait.REPORT, context.urgency)
    start = context.case.file_complete_at or context.now
    by_class = Clock(
        name=CLASS_CLOCK,
        title=_class_title(context.urgency, span),
        due=with_stops(start, span, context.calendar, context.stops(*StopReason), context.now),
    )
    legal = [_clock(context, clock) for clock in _running(context) if clock.binds_report]
    found = [by_class, *(clock for clock in legal if clock is not None), *report_clocks(context)]
    return earliest(found, context.calendar)


@lru_cache
def _class_title(urgency: Urgency, span: Span) -> Text:
    return Text.model_validate(
        {
            language: f"{word} {urgency}: {in_words(span, language)}".replace(NO_BREAK, " ")
            for language, word in CLASS.items()
        }
    )


def set_report_due(context: CaseContext) -> Binding:
    """Note on the case when its report is due now, and by which clock."""
    binding = report_due(context)
    context.case.report_due_at = binding.due_at
    context.case.triage = {**context.case.triage, "clock": as_json(binding)}
    return binding


def other_clocks(context: CaseContext) -> list[tuple[LegalClock, DueDate]]:
    """The law's clocks that end with something else than the report, where what they count from has happened."""
    dues = ((one, _due(context, one)) for one in _running(context) if not one.binds_report)
    return [(one, due) for one, due in dues if due is not None]


def _running(context: CaseContext) -> list[LegalClock]:
    return [clock for clock in context.overlay.clocks if context.urgency in clock.urgency]


def _clock(context: CaseContext, legal: LegalClock) -> Clock | None:
    """The law's clock of this case; None where what it counts from has not happened."""
    found = _due(context, legal)
    if found is None:
        return None
    return Clock(name=legal.key, title=legal.title, due=found, source=legal.source, verified=legal.verified)


def _due(context: CaseContext, legal: LegalClock) -> DueDate | None:
    start = _start(context, legal.starts)
    if start is None:
        return None
    if legal.counts_back:
        moment = due_before(start, legal.duration, context.calendar)
        return DueDate(due_at=moment, earliest_at=moment)
    due_at = due(start, legal.duration, context.calendar)
    if legal.extension is not None and legal.key in context.case.extended_clocks:
        due_at = due(due_at, legal.extension.duration, context.calendar)
    stops = context.stops(*legal.stops_for)
    return after_stops(due_at, start, legal.duration.unit, context.calendar, stops, context.now)


def _start(context: CaseContext, starts: ClockStart) -> datetime | None:
    case = context.case
    procedure = datetime.combine(case.procedure_on, time(8), UTC) if case.procedure_on else None
    moments: dict[ClockStart, datetime | None] = {
        ClockStart.REQUEST: case.launched_at,
        ClockStart.FILED: case.launched_at,
        ClockStart.DECISION: case.launched_at,
        ClockStart.DEFECT_NOTICE: case.documents_asked_at,
        ClockStart.FILE_COMPLETE: case.file_complete_at,
        ClockStart.PROCEDURE: procedure,
    }
    return moments[starts]
