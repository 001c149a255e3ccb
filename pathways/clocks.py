"""The clocks that a report runs against, the class's and the law's, and which of them binds."""

from collections.abc import Sequence
from datetime import datetime

from pathways.calendars import WorkingCalendar
from pathways.deadlines import DueDate
from pathways.errors import PathwayError
from pathways.vocabulary import Frozen, Text


class Clock(Frozen):
    """One clock that a report runs against: the urgency class's, or one of the law (`source` names it)."""

    name: str
    title: Text
    due: DueDate
    source: str = ""
    verified: bool = True


class Binding(Frozen):
    """Every clock of a report and the one that binds; `binding` is None while all of them stand still."""

    due_at: datetime | None
    binding: str | None
    clocks: tuple[Clock, ...]
    explanation: Text


def earliest(clocks: Sequence[Clock], calendar: WorkingCalendar) -> Binding:
    """The clock that runs out first; the first given wins a tie. Raises PathwayError when there is none at all."""
    if not clocks:
        raise PathwayError("A report needs at least one clock.", "Pass the urgency class's.", place="clocks")
    ordered = tuple(sorted(clocks, key=lambda clock: (clock.due.due_at is None, clock.due.earliest_at)))
    first = ordered[0]
    return Binding(
        due_at=first.due.due_at,
        binding=None if first.due.due_at is None else first.name,
        clocks=ordered,
        explanation=Text(en=_explain(ordered, calendar, "en"), es=_explain(ordered, calendar, "es")),
    )


WORDS = {
    "en": {
        "binds": "The report is due on {at} by: {title}.",
        "later": "{title}: {at}.",
        "stands": "{title}: stopped since {since}; {at} at the earliest.",
        "all": "Every clock is stopped.",
        "unverified": "not checked against the official text",
        "stopped": "stopped for {hours} h in all",
    },
    "es": {
        "binds": "El informe vence el {at} por: {title}.",
        "later": "{title}: {at}.",
        "stands": "{title}: parado desde {since}; como pronto {at}.",
        "all": "Todos los plazos están parados.",
        "unverified": "sin comprobar con el texto oficial",
        "stopped": "parado {hours} h en total",
    },
}


def _explain(clocks: Sequence[Clock], calendar: WorkingCalendar, language: str) -> str:
    words = WORDS[language]
    lines = [words["all"]] if clocks[0].due.due_at is None else []
    for clock in clocks:
        kind = "stands" if clock.due.due_at is None else "later" if lines else "binds"
        lines.append(
            words[kind].format(
                title=_titled(clock, language),
                at=_shown(clock.due.earliest_at, calendar),
                since=_shown(clock.due.stopped_since, calendar),
            )
        )
    return " ".join(lines)


def _titled(clock: Clock, language: str) -> str:
    hours = f"{clock.due.stopped_for.total_seconds() / 3600:.0f}"
    notes = [clock.source] if clock.source else []
    notes += [] if clock.verified else [WORDS[language]["unverified"]]
    notes += [WORDS[language]["stopped"].format(hours=hours)] if clock.due.stopped_for else []
    title = clock.title.in_language(language)
    return f"{title} ({'; '.join(notes)})" if notes else title


def _shown(moment: datetime | None, calendar: WorkingCalendar) -> str:
    return "" if moment is None else calendar.local(moment).strftime("%Y-%m-%d %H:%M %Z")
