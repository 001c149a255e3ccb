"""The clock of a payer's answer: where it stands, and telling people while it runs out.

The run of the case wakes for it as it does for every other deadline (`tasks.waiting`): each step of the escalation is
a row before it is an effect, so that it is done once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from models import Review
from models.status import CaseStatus
from pathways.chasing import Rung, next_rung_at
from pathways.clocks import Clock
from pathways.deadlines import Stop
from pathways.determination import (
    Determination,
    DeterminationClock,
    Starts,
    clocks,
    determination,
    of_payer,
    runs_out,
    to_climb,
)
from pathways.overlay import StopReason
from pathways.payer import ESCALATIONS, DeterminationStart, Escalation, Payer, Told
from pathways.vocabulary import Urgency
from secunda import cases, clock, events, notices
from secunda.case_context import ALL_CLOCKS, CaseContext
from secunda.ladders import climbed, note
from secunda.reviews.pinning import pinned_payer
from secunda.webhooks.queueing import CLOCK_RUNS_OUT, queue

RECIPIENTS = {
    Told.COORDINATOR: notices.COORDINATOR,
    Told.MEDICAL_DIRECTOR: notices.MEDICAL_DIRECTOR,
    Told.PAYER: notices.PAYER,
}
STANDING_STILL = (CaseStatus.ON_HOLD, CaseStatus.CLOSED)
SKIPPED, ESCALATED = "skipped", "escalate"


@dataclass(frozen=True)
class Running:
    """All that the clock of an answer depends on, but for the time: it changes with an event of the case only."""

    known: tuple[DeterminationClock, ...]
    urgency: Urgency
    starts: Starts
    stopped: tuple[tuple[str, Stop], ...]
    escalations: tuple[Escalation, ...]
    answered_at: datetime | None

    def at(self, now: datetime) -> Determination | None:
        """The clock that binds at `now`; None for an emergency."""
        return determination(
            self.known, self.urgency, self.starts, self._stops, now, self.escalations, self.answered_at
        )

    def _stops(self, reasons: Sequence[StopReason]) -> list[Stop]:
        counted = {ALL_CLOCKS, *reasons}
        return [stop for reason, stop in self.stopped if reason in counted]


def running(context: CaseContext, review: Review) -> Running:
    """What the clock of the review's answer rests on now."""
    payer = pinned_payer(context.session, review)
    answered = review.clock.get("answered_at")
    return Running(
        clocks(payer, context.overlay),
        context.urgency,
        _starts(context),
        tuple((stop.clock, (stop.stopped_at, stop.restarted_at)) for stop in context.clock_stops),
        _escalations(payer),
        datetime.fromisoformat(answered) if answered else None,
    )


def determination_of(context: CaseContext, review: Review) -> Determination | None:
    """The clock of the answer that binds now; None for an emergency."""
    return running(context, review).at(context.now)


def report_clocks(context: CaseContext) -> list[Clock]:
    """The payer's own clocks as clocks of the report: the answer rests on it, so that it is due by then too."""
    payer = pinned_payer(context.session, context.review) if context.review else None
    if payer is None:
        return []
    starts = _starts(context)
    return [
        Clock(
            name=clock.key,
            title=clock.title,
            due=runs_out(clock, start, context.stops(*clock.stops_for), context.now),
            source=clock.source,
        )
        for clock in of_payer(payer, context.calendar)
        if context.urgency in clock.urgency and (start := starts[clock.starts]) is not None
    ]


def _starts(context: CaseContext) -> dict[DeterminationStart, datetime | None]:
    return {
        DeterminationStart.REQUEST: context.case.launched_at,
        DeterminationStart.FILE_COMPLETE: context.case.file_complete_at,
    }


def note_clock(context: CaseContext) -> Determination | None:
    """Keep on the review's row what its clock says now, for lists; None where the case is no review."""
    review = context.review
    if review is None:
        return None
    found = determination_of(context, review)
    kept = {key: review.clock[key] for key in ("answered_at",) if key in review.clock}
    said = {**kept, **_as_row(found)} if found else kept
    if review.clock != said:
        review.clock = said
        review.version += 1
        review.updated_at = context.now
        context.session.add(review)
    return found


def keep_clock(context: CaseContext) -> None:
    """After something has happened to a case: where its clock runs out at another time now, its run learns of it."""
    review = context.review
    before = review.clock if review else {}
    note_clock(context)
    if review is not None and review.clock != before and context.case.status not in STANDING_STILL:
        cases.request_wake(context.session, context.case, clock.wall())


def watch_clock(context: CaseContext) -> datetime | None:
    """Tell whom the clock's share calls for; when to look again, None where nobody is to be told any more."""
    found = note_clock(context)
    if found is None or context.review is None:
        return None
    payer = pinned_payer(context.session, context.review)
    subject = f"determination:{found.key}"
    done = climbed(context.session, context.case, subject)
    due = to_climb(found.rungs, done, context.now)
    for rung in due.skip:
        note(context.session, context.case, subject, rung, SKIPPED, context.now)
    for rung in due.climb:
        note(context.session, context.case, subject, rung, ESCALATED, context.now)
        _escalate(context, found, rung, subject, payer, [one.number for one in (*due.skip, rung)])
    return next_rung_at(found.rungs, done | {rung.number for rung in (*due.skip, *due.climb)})


def _escalate(
    context: CaseContext,
    found: Determination,
    rung: Rung,
    subject: str,
    payer: Payer | None,
    numbers: Sequence[int],
) -> None:
    """Tell those of this step, and of the steps that it stands for because nobody was awake for them."""
    steps = _escalations(payer)
    share = steps[rung.number - 1].at.amount
    told = list(dict.fromkeys(who for number in numbers for who in steps[number - 1].to))
    said = {"clock": found.key, "share": share, "due_at": found.due_at, "told": told}
    events.record(context.session, context.case, "determination_escalated", "secunda", context.now, **said)
    for who in told:
        if who is Told.PAYER and payer is None:
            continue  # without a file, nobody on its side is known
        occasion = f"{subject}:{rung.number}"
        notices.tell(
            context, "determination_escalation", RECIPIENTS[who], occasion, share=share, due_at=found.earliest_at
        )
    queue(context.session, context.case, CLOCK_RUNS_OUT, context.now)


def _escalations(payer: Payer | None) -> tuple[Escalation, ...]:
    return payer.determination.escalations if payer else ESCALATIONS


def _as_row(found: Determination) -> dict[str, object]:
    """What changes only when something happens: never the time left."""
    return {
        "rule": found.key,
        "source": found.source,
        "started_at": found.started_at.isoformat(),
        "due_at": found.due_at.isoformat() if found.due_at else None,
        "stopped_since": found.stopped_since.isoformat() if found.stopped_since else None,
    }
