"""The figures of the overview: where cases stand, how long they took against their target, who carries how much."""

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import text
from sqlmodel import Session

from models.assignment import OWED
from models.message import REMINDED
from models.status import CaseStatus
from pathways.vocabulary import Frozen, Specialty


class Count(Frozen):
    name: str
    count: int


class Turnaround(Frozen):
    """Of reports delivered in the period. Days from the complete file to delivery; None where nothing was delivered.

    `on_time`: the share, from 0 to 1, that was delivered by its due date.
    """

    specialty: Specialty | None
    delivered: int
    on_time: float | None
    median_days: float | None
    p95_days: float | None


class Load(Frozen):
    """Live places of one expert, of `capacity` at once."""

    code: str
    name: str
    load: int
    capacity: int


class Figures(Frozen):
    """`reminders` and `overdue`: reminders sent in the period, and open cases whose report is late now."""

    since: datetime
    open_cases: int
    overdue: int
    launched: int
    reminders: int
    stages: tuple[Count, ...]
    specialties: tuple[Count, ...]
    overall: Turnaround
    turnaround: tuple[Turnaround, ...]
    experts: tuple[Load, ...]


TURNAROUND = """
    select specialty, count(*) as delivered,
           avg(case when closed_at <= report_due_at then 1.0 else 0.0 end) filter (where report_due_at is not null)
               as on_time,
           percentile_cont(0.5) within group (order by extract(epoch from closed_at - file_complete_at)) / 86400
               as median_days,
           percentile_cont(0.95) within group (order by extract(epoch from closed_at - file_complete_at)) / 86400
               as p95_days
      from care_case
     where status = 'closed' and outcome = 'delivered' and closed_at >= :since and file_complete_at is not null
     group by grouping sets ((), (specialty)) order by specialty nulls first
"""
OPEN = "select status, specialty, count(*) as count from care_case where status <> 'closed' group by 1, 2"
LOAD = f"""
    select code, name, capacity, coalesce(places, 0) as load
      from expert left join
           (select expert_id, count(*) as places from assignment where {OWED} group by expert_id) one
           on expert_id = expert.id
     where active order by load desc, code limit 25
"""  # noqa: S608 - made of constants


def figures(session: Session, now: datetime, period: timedelta = timedelta(days=90)) -> Figures:
    """Of the last `period`; counts of open cases are of now."""
    since = now - period
    stages, specialties = _open_cases(session)
    overall, *turnaround = _turnaround(session, since)
    return Figures(
        since=since,
        open_cases=sum(one.count for one in stages),
        overdue=_number(session, "care_case where status <> 'closed' and report_due_at < :now", now=now),
        launched=_number(session, "care_case where launched_at >= :since", since=since),
        reminders=_number(session, f"message where {REMINDED} and sent_at >= :since", since=since),
        stages=tuple(sorted(stages, key=lambda one: list(CaseStatus).index(CaseStatus(one.name)))),
        specialties=tuple(sorted(specialties, key=lambda one: (-one.count, one.name))),
        overall=overall,
        turnaround=tuple(turnaround),
        experts=tuple(Load.model_validate(dict(row)) for row in session.execute(text(LOAD)).mappings()),
    )


def _open_cases(session: Session) -> tuple[list[Count], list[Count]]:
    """By stage and by specialty, from one look at them."""
    stages: Counter[str] = Counter()
    specialties: Counter[str] = Counter()
    for status, specialty, count in session.execute(text(OPEN)):
        stages[status] += count
        specialties[specialty] += count
    by_stage, by_specialty = (
        [Count(name=name, count=count) for name, count in of.items()] for of in (stages, specialties)
    )
    return by_stage, by_specialty


def _number(session: Session, of: str, **values: Any) -> int:
    found: int = session.execute(text(f"select count(*) from {of}"), values).scalar_one()  # noqa: S608 - constants
    return found


def _turnaround(session: Session, since: datetime) -> list[Turnaround]:
    """Of all, then of each specialty."""
    rows = session.execute(text(TURNAROUND), {"since": since}).mappings()
    return [Turnaround.model_validate(dict(row)) for row in rows]
