"""The chase ladder of a wait: when each rung comes, and which of them to climb now."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from pathways.calendars import WorkingCalendar
from pathways.deadlines import at, due
from pathways.schema import ChaseAction, ChaseStep, EscalateTo
from pathways.vocabulary import Frozen

REMINDERS = (ChaseAction.REMIND, ChaseAction.CHANGE_CHANNEL)  # both write to the one who is waited for


class Rung(Frozen):
    """One rung with its moment; `number` is its place in the pathway file, from 1, and never changes for a case."""

    number: int
    at: datetime
    action: ChaseAction
    to: EscalateTo | None = None


class DueRungs(Frozen):
    """What to do now, in order of time, and the rungs to record as skipped so that they are never done late."""

    climb: tuple[Rung, ...] = ()
    skip: tuple[Rung, ...] = ()


def rungs(
    ladder: Sequence[ChaseStep], start: datetime, due_at: datetime, calendar: WorkingCalendar
) -> tuple[Rung, ...]:
    """Every rung with its moment in UTC, in the order of the pathway file.

    A percentage is of the wait from `start` to `due_at`; any other span counts from `start`.
    """
    return tuple(
        Rung(
            number=number,
            at=at(start, due_at, step.at.amount) if step.at.is_share else due(start, step.at, calendar),
            action=step.do,
            to=step.to,
        )
        for number, step in enumerate(ladder, start=1)
    )


def due_rungs(ladder: Iterable[Rung], climbed: Collection[int], now: datetime) -> DueRungs:
    """The rungs whose time has come and that are not among the `climbed` numbers (skipped ones count as climbed).

    Late, after a night without power, nobody gets three reminders at once: only the latest is sent, on its channel.
    None is sent where a replacement is due as well: the one who would read it is leaving the panel.
    """
    ripe = sorted((r for r in ladder if r.at <= now and r.number not in climbed), key=lambda r: (r.at, r.number))
    reminders = [rung for rung in ripe if rung.action in REMINDERS]
    replaces = any(rung.action is ChaseAction.REPLACE_EXPERT for rung in ripe)
    skip = reminders if replaces else reminders[:-1]
    return DueRungs(climb=tuple(rung for rung in ripe if rung not in skip), skip=tuple(skip))


def next_rung_at(ladder: Iterable[Rung], climbed: Collection[int]) -> datetime | None:
    """When the next rung comes that is not among the `climbed` numbers; None when the ladder is done.

    It lies in the past while a rung is overdue.
    """
    return min((rung.at for rung in ladder if rung.number not in climbed), default=None)
