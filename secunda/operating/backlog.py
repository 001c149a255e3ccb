"""How much there is to do: open cases by stage, wake-ups that are due, messages that wait. One pass over open cases."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, and_, text
from sqlmodel import Session, col, func, select

from models import Case
from models.status import CaseStatus, HoldCause
from pathways.vocabulary import Frozen, Specialty
from secunda import clock, lease
from secunda.overdue import STANDING_STILL, is_overdue

#: Holds that end when somebody has mended the machinery.
BROKEN = (HoldCause.RUN_FAILED, HoldCause.SIGNING_FAILED)


class Tally(Frozen):
    """Open cases of one stage and specialty.

    `marked`: to be woken, and nobody has taken them up yet; `overdue`: past their deadline, and nobody has; `failing`:
    the last step failed, and is tried again; `stopped`: on hold until a fault is mended.
    """

    stage: CaseStatus
    specialty: Specialty
    cases: int
    marked: int
    marked_since: datetime | None  # wall time
    executing: int
    overdue: int
    overdue_since: datetime | None  # pathway time
    failing: int
    stopped: int


class Backlog(Frozen):
    """The sum of them. `lag`: how long (wall time) the oldest wake-up that is due has waited."""

    cases: int
    marked: int
    executing: int
    overdue: int
    failing: int
    stopped: int
    lag: timedelta


class Queue(Frozen):
    """What waits on one channel. `due`: of these, how many should have left by now; `lag`: for how long (wall time)."""

    channel: str
    waiting: int
    due: int
    lag: timedelta


MESSAGES = """
    select channel, count(*) as waiting, count(*) filter (where due_at <= :now) as due,
           min(due_at) filter (where due_at <= :now) as oldest
      from message where status in ('queued', 'claimed') group by channel order by channel
"""
WEBHOOKS = """
    select 'webhook' as channel, count(*) as waiting, count(*) filter (where next_attempt_at <= :wall) as due,
           min(next_attempt_at) filter (where next_attempt_at <= :wall) as oldest
      from webhook_delivery where status in ('queued', 'claimed') having count(*) > 0
"""


def tallies(session: Session, now: datetime) -> list[Tally]:
    """Every stage and specialty that has open cases; `now` is pathway time."""
    marked = and_(col(Case.wake_requested_at).is_not(None), lease.is_free())
    overdue = and_(*is_overdue(now))
    failing = and_(col(Case.failures) > 0, col(Case.status).not_in(STANDING_STILL))
    stopped = and_(col(Case.status) == CaseStatus.ON_HOLD, col(Case.hold_cause).in_(BROKEN))
    columns: dict[str, Any] = {
        "stage": col(Case.status),
        "specialty": col(Case.specialty),
        "cases": func.count(),
        "marked": _count(marked),
        "marked_since": func.min(Case.wake_requested_at).filter(marked),
        "executing": _count(col(Case.lease_until) >= lease.now()),
        "overdue": _count(overdue),
        "overdue_since": func.min(Case.next_deadline_at).filter(overdue),
        "failing": _count(failing),
        "stopped": _count(stopped),
    }
    query = select(*(column.label(name) for name, column in columns.items()))
    query = query.where(col(Case.status) != CaseStatus.CLOSED).group_by(col(Case.status), col(Case.specialty))
    return [Tally.model_validate(dict(row)) for row in session.execute(query).mappings()]


def backlog(found: Iterable[Tally], now: datetime, wall: datetime) -> Backlog:
    """The sum of tallies at a pathway time, which is this wall time."""
    lines = list(found)

    def total(of: Callable[[Tally], int]) -> int:
        return sum(map(of, lines))

    waits = [wall - one.marked_since for one in lines if one.marked_since]
    waits += [wall_span(now - one.overdue_since) for one in lines if one.overdue_since]
    return Backlog(
        cases=total(lambda one: one.cases),
        marked=total(lambda one: one.marked),
        executing=total(lambda one: one.executing),
        overdue=total(lambda one: one.overdue),
        failing=total(lambda one: one.failing),
        stopped=total(lambda one: one.stopped),
        lag=max([timedelta(), *waits]),
    )


def queues(session: Session, now: datetime, wall: datetime) -> list[Queue]:
    """The outbox by channel, webhooks among them. Messages are due by pathway time, webhooks by the wall's."""
    messages = [_queue(row, now) for row in session.execute(text(MESSAGES), {"now": now}).mappings()]
    webhooks = [_queue(row, wall) for row in session.execute(text(WEBHOOKS), {"wall": wall}).mappings()]
    in_wall_time = [one.model_copy(update={"lag": wall_span(one.lag)}) for one in messages]
    return [*in_wall_time, *webhooks]


def _queue(row: RowMapping, at: datetime) -> Queue:
    lag = at - row["oldest"] if row["oldest"] else timedelta()
    return Queue(channel=row["channel"], waiting=row["waiting"], due=row["due"], lag=lag)


def wall_span(span: timedelta) -> timedelta:
    """A span of pathway time in wall time."""
    return timedelta(seconds=clock.wall_seconds(span))


def _count(condition: ColumnElement[bool]) -> Any:
    return func.count().filter(condition)
