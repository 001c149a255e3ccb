"""How much there is to do: open cases by stage, wake-ups that are due, messages that wait."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import RowMapping, text
from sqlmodel import Session

from models.status import CaseStatus, HoldCause
from pathways.vocabulary import Frozen, Specialty
from secunda import clock
from secunda.operating.executing import executing
from secunda.overdue import late_before

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


OPEN: Final = "status <> 'closed'"
FREE: Final = "(lease_until is null or lease_until < clock_timestamp())"  # secunda.lease.is_free
WAITS: Final = "status not in ('closed', 'on_hold')"  # secunda.overdue.STANDING_STILL
STOPPED: Final = "status = 'on_hold' and hold_cause in ('run_failed', 'signing_failed')"  # BROKEN
#: What is counted → which cases, and since when. Each has an index that finds its few; one pass over all open cases
#: would read every page of the table.
COUNTED: Final[Mapping[str, tuple[str, str]]] = {
    "marked": (f"wake_requested_at is not null and {OPEN} and {FREE}", "min(wake_requested_at)"),
    "overdue": (f"next_deadline_at < :late and {WAITS} and {FREE}", "min(next_deadline_at)"),
    "failing": (f"failures > 0 and {WAITS}", "null"),
    "stopped": (STOPPED, "null"),
}
COUNT: Final = "select status, specialty, count(*) as {name}, {since} as {name}_since from care_case where {condition}"
ALL: Final = "select status, specialty, count(*) as cases from care_case where status <> 'closed'"


def _joined() -> str:
    grouped = "left join ({counting} group by status, specialty) as of_{name} using (status, specialty)"
    parts = (
        grouped.format(counting=COUNT.format(name=name, condition=condition, since=since), name=name)
        for name, (condition, since) in COUNTED.items()
    )
    return " ".join((f"({ALL} group by status, specialty) as open_cases", *parts))


TALLIES: Final = f"""
    select status as stage, specialty, cases, marked_since, overdue_since,
           {", ".join(f"coalesce({name}, 0) as {name}" for name in COUNTED)}
      from {_joined()}
"""  # noqa: S608 - made of the constants above
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
    at_work = Counter((one.stage, one.specialty) for one in executing(session))
    found = session.execute(text(TALLIES), {"late": late_before(now)}).mappings()
    return [Tally(**row, executing=at_work[(row["stage"], row["specialty"])]) for row in found]


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
