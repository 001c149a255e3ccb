"""The figures of the overview: where cases stand, how long they took against their target, who carries how much."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import text
from sqlmodel import Session

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
    select {name} as specialty, count(*) as delivered,
           avg(case when closed_at <= report_due_at then 1.0 else 0.0 end) filter (where report_due_at is not null)
               as on_time,
           percentile_cont(0.5) within group (order by extract(epoch from closed_at - file_complete_at)) / 86400
               as median_days,
           percentile_cont(0.95) within group (order by extract(epoch from closed_at - file_complete_at)) / 86400
               as p95_days
      from care_case
     where status = 'closed' and outcome = 'delivered' and closed_at >= :since and file_complete_at is not null
"""
OPEN_BY = """
    select {column} as name, count(*) as count from care_case where status <> 'closed' group by 1 order by 2 desc, 1
"""
LOAD = """
    select code, name, capacity, count(assignment.id) as load
      from expert left join assignment on assignment.expert_id = expert.id
           and assignment.status in ('requested', 'accepted', 'in-progress')
     where active group by expert.id, code, name, capacity
     order by count(assignment.id) desc, code limit 25
"""


def figures(session: Session, now: datetime, period: timedelta = timedelta(days=90)) -> Figures:
    """Of the last `period`; counts of open cases are of now."""
    since = now - period
    stages = _counts(session, OPEN_BY.format(column="status"))
    return Figures(
        since=since,
        open_cases=sum(one.count for one in stages),
        overdue=_number(session, "care_case where status <> 'closed' and report_due_at < :now", now=now),
        launched=_number(session, "care_case where launched_at >= :since", since=since),
        reminders=_number(
            session, "message where event like '%reminder' and status = 'sent' and sent_at >= :since", since=since
        ),
        stages=tuple(sorted(stages, key=lambda one: list(CaseStatus).index(CaseStatus(one.name)))),
        specialties=_counts(session, OPEN_BY.format(column="specialty")),
        overall=_turnaround(session, TURNAROUND.format(name="null"), since)[0],
        turnaround=_turnaround(session, TURNAROUND.format(name="specialty") + " group by specialty order by 1", since),
        experts=tuple(Load.model_validate(dict(row)) for row in session.execute(text(LOAD)).mappings()),
    )


def _counts(session: Session, query: str) -> tuple[Count, ...]:
    return tuple(Count.model_validate(dict(row)) for row in session.execute(text(query)).mappings())


def _number(session: Session, of: str, **values: Any) -> int:
    found: int = session.execute(text(f"select count(*) from {of}"), values).scalar_one()  # noqa: S608 - constants
    return found


def _turnaround(session: Session, query: str, since: datetime) -> tuple[Turnaround, ...]:
    rows = session.execute(text(query), {"since": since}).mappings()
    return tuple(Turnaround.model_validate(dict(row)) for row in rows)
