"""Climbing a chase ladder: each rung is a row before it is an effect, so that it is climbed once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, select

from models import Case, ChaseRecord
from pathways.calendars import WorkingCalendar
from pathways.chasing import Rung, due_rungs, next_rung_at, rungs
from pathways.schema import ChaseAction, ChaseStep
from secunda import events


@dataclass(frozen=True)
class Chased:
    """What is waited for and from whom: the ladder, the window, and what the reminder is called.

    `subject` names the wait within the case (`documents`, `opinion:<assignment id>`); `replace` is called for the rung
    that replaces the expert, which is skipped where there is none.
    """

    subject: str
    ladder: Sequence[ChaseStep]
    start: datetime
    due_at: datetime
    calendar: WorkingCalendar
    remind: Callable[[Rung], None]
    change_channel: Callable[[Rung], None]
    escalate: Callable[[Rung], None]
    replace: Callable[[Rung], None] | None = None


def chase(session: Session, case: Case, chased: Chased, now: datetime) -> datetime | None:
    """Climb the rungs that are due; the time of the next one, None when the ladder is done."""
    ladder = rungs(chased.ladder, chased.start, chased.due_at, chased.calendar)
    before = climbed(session, case, chased.subject)
    due = due_rungs(ladder, before, now)
    for rung in due.skip:
        note(session, case, chased.subject, rung, "skipped", now)
    for rung in due.climb:
        effect = _effect(chased, rung)
        note(session, case, chased.subject, rung, rung.action.value if effect else "skipped", now)
        if effect:
            effect(rung)
    done = before | {rung.number for rung in (*due.skip, *due.climb)}
    return next_rung_at(ladder, done)


def climbed(session: Session, case: Case, subject: str) -> set[int]:
    """The numbers of the rungs that were climbed, or passed over."""
    query = select(ChaseRecord.rung).where(ChaseRecord.case_id == case.id, ChaseRecord.subject == subject)
    return set(session.exec(query))


def note(session: Session, case: Case, subject: str, rung: Rung, action: str, now: datetime) -> None:
    """Write down that a rung is done; its unique row makes doing it twice impossible."""
    session.add(
        ChaseRecord(case_id=case.id, subject=subject, rung=rung.number, action=action, due_at=rung.at, done_at=now)
    )
    events.record(session, case, "chased", "secunda", now, subject=subject, rung=rung.number, action=action)


def _effect(chased: Chased, rung: Rung) -> Callable[[Rung], None] | None:
    return {
        ChaseAction.REMIND: chased.remind,
        ChaseAction.CHANGE_CHANNEL: chased.change_channel,
        ChaseAction.ESCALATE: chased.escalate,
        ChaseAction.REPLACE_EXPERT: chased.replace,
    }[rung.action]
