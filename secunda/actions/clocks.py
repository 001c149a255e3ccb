"""Stopping a clock for a reason that the law names, starting it again, and the more time that the law allows once."""

from sqlmodel import col, select

from models import ClockStop
from models.status import Step
from pathways.overlay import LegalClock, StopReason
from secunda import events
from secunda.actions.on_case import acting_on
from secunda.actions.reasons import owed
from secunda.case_context import CaseContext
from secunda.errors import ConflictError, NotFoundError
from secunda.report_clock import set_report_due


def stop_clocks(reference: str, why: StopReason, actor: str, reason: str) -> None:
    """Stop the class's clock and those of the law that stand still for this; stopping them again changes nothing.

    The experts' own deadlines run on: what stops everything is `hold`.
    """
    with acting_on(reference) as context:
        if _open_stop(context, why) is not None:
            return
        context.session.add(
            ClockStop(case_id=context.case.id, clock=why, reason=owed(reason), stopped_by=actor, stopped_at=context.now)
        )
        said = {"why": why, "reason": owed(reason)} | _due_now(context)
        events.record(context.session, context.case, "clocks_stopped", actor, context.now, **said)


def start_clocks(reference: str, why: StopReason, actor: str) -> None:
    """Let them run again; raises ConflictError when they were not stopped for this."""
    with acting_on(reference) as context:
        stop = _open_stop(context, why)
        if stop is None:
            raise ConflictError(f"No clock was stopped for {why.value}.", "`secunda case show` lists the clocks.")
        stop.restarted_at = context.now
        context.session.add(stop)
        stopped = int((context.now - stop.stopped_at).total_seconds())
        said = {"why": why, "stopped_seconds": stopped} | _due_now(context)
        events.record(context.session, context.case, "clocks_started", actor, context.now, **said)


def extend_clock(reference: str, key: str, actor: str, reason: str) -> None:
    """Give a clock of the law the more time that the law allows; it is given once, and giving it again changes nothing.

    Raises NotFoundError for a clock that the jurisdiction does not have or does not extend.
    """
    with acting_on(reference) as context:
        clock = _extensible(context, key)
        if clock.key in context.case.extended_clocks:
            return
        context.case.extended_clocks = [*context.case.extended_clocks, clock.key]
        span = str(clock.extension.duration) if clock.extension else ""
        said = {"clock": clock.key, "by": span, "reason": owed(reason)} | _due_now(context)
        events.record(context.session, context.case, "clock_extended", actor, context.now, **said)


def _open_stop(context: CaseContext, why: StopReason) -> ClockStop | None:
    query = select(ClockStop).where(ClockStop.case_id == context.case.id, ClockStop.clock == why.value)
    return context.session.exec(query.where(col(ClockStop.restarted_at).is_(None))).first()


def _extensible(context: CaseContext, key: str) -> LegalClock:
    known = {clock.key: clock for clock in context.overlay.clocks if clock.extension is not None}
    if key not in known:
        raise NotFoundError(
            f"{context.overlay.title.en} extends no clock {key!r}.", f"It extends: {', '.join(known) or 'none'}."
        )
    return known[key]


def _due_now(context: CaseContext) -> dict[str, object]:
    """Set the date that follows, and say it."""
    context.session.flush()
    if context.case.has_finished(Step.TRIAGE):
        set_report_due(context)
    return {"report_due_at": context.case.report_due_at}
