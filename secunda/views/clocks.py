"""The clocks of a case: when each runs out, how long it stood still, which binds, and which nobody has verified."""

from datetime import datetime, timedelta

from pathways.clocks import Clock
from pathways.vocabulary import Frozen, Text
from secunda.case_context import CaseContext
from secunda.report_clock import CLASS_CLOCK, report_due


class ClockView(Frozen):
    """One clock that the report runs against: the class's, or one of the law (`source` names the text).

    `due_at` is None while it stands still (`stopped_since`), and for a class's clock that starts with the complete
    file. `verified`: checked against the official text. `binds`: it runs out first.
    """

    name: str
    title: Text
    due_at: datetime | None
    stopped_for: timedelta
    stopped_since: datetime | None
    source: str
    verified: bool
    binds: bool


def clocks(context: CaseContext) -> tuple[ClockView, ...]:
    """The soonest first."""
    started = context.case.file_complete_at is not None
    found = report_due(context)
    running = [clock for clock in found.clocks if started or clock.name != CLASS_CLOCK]
    binding = found.binding if started else next((clock.name for clock in running if clock.due.due_at), None)
    waiting = [clock for clock in found.clocks if clock not in running]
    return (
        *(_view(clock, clock.due.due_at, binds=clock.name == binding) for clock in running),
        *(_view(clock, None, binds=False) for clock in waiting),
    )


def _view(clock: Clock, due_at: datetime | None, *, binds: bool) -> ClockView:
    return ClockView(
        name=clock.name,
        title=clock.title,
        due_at=due_at,
        stopped_for=clock.due.stopped_for,
        stopped_since=clock.due.stopped_since,
        source=clock.source,
        verified=clock.verified,
        binds=binds,
    )
