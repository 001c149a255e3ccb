"""The clocks of a case: when each runs out, how long it stood still, which binds, and which nobody has verified."""

from datetime import datetime, timedelta

from pathways.clocks import Clock
from pathways.deadlines import DueDate
from pathways.overlay import ClockEnd, LegalClock
from pathways.vocabulary import Frozen, Text, Urgency
from secunda.case_context import CaseContext
from secunda.report_clock import CLASS_CLOCK, other_clocks, report_due


class ClockView(Frozen):
    """One clock: the class's, or one of the law (`source` names the text).

    `ends`: what must be done before it runs out. `due_at` is None while it stands still (`stopped_since`), and for a
    class's clock that starts with the complete file. `verified`: checked against the official text. `binds`: of those
    that the report must keep to, it runs out first.
    """

    name: str
    title: Text
    ends: ClockEnd
    due_at: datetime | None
    stopped_for: timedelta
    stopped_since: datetime | None
    source: str
    verified: bool
    binds: bool


def clocks(context: CaseContext) -> tuple[ClockView, ...]:
    """Those of the report first, the soonest at the top; then the law's that end with something else.

    An emergency that waits for its redirect has none.
    """
    if context.urgency is Urgency.P0:
        return ()
    started = context.case.file_complete_at is not None
    found = report_due(context).clocks
    ends = {clock.key: clock.ends for clock in context.overlay.clocks}
    running = [clock for clock in found if started or clock.name != CLASS_CLOCK]
    binding = next((clock.name for clock in running if clock.due.due_at), None)
    waiting = [_of_report(clock, ends, None, binds=False) for clock in found if clock not in running]
    report = [_of_report(clock, ends, clock.due.due_at, binds=clock.name == binding) for clock in running]
    return (*report, *waiting, *(_of_law(legal, due) for legal, due in other_clocks(context)))


def _of_report(clock: Clock, ends: dict[str, ClockEnd], due_at: datetime | None, *, binds: bool) -> ClockView:
    return ClockView(
        name=clock.name,
        title=clock.title,
        ends=ends.get(clock.name, ClockEnd.REPORT),
        due_at=due_at,
        stopped_for=clock.due.stopped_for,
        stopped_since=clock.due.stopped_since,
        source=clock.source,
        verified=clock.verified,
        binds=binds,
    )


def _of_law(legal: LegalClock, due: DueDate) -> ClockView:
    return ClockView(
        name=legal.key,
        title=legal.title,
        ends=legal.ends,
        due_at=due.due_at,
        stopped_for=due.stopped_for,
        stopped_since=due.stopped_since,
        source=legal.source,
        verified=legal.verified,
        binds=False,
    )
