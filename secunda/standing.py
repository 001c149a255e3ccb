"""Where a case stands by its tables, held against what its events say.

The hash chain proves that no event was changed; this proves that no table says something that no event accounts for.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeVar

from sqlmodel import Session, col, select

from models import (
    Assignment,
    Case,
    ChaseRecord,
    ClockStop,
    Consent,
    Document,
    Event,
    Expert,
    Opinion,
    Report,
    Requirement,
    Review,
)
from models.base import CaseRow
from models.status import LIVE_ASSIGNMENT
from secunda.events import digest
from secunda.replaying import Facts, held, moment, place, replay
from secunda.rights import requests_of

R = TypeVar("R", bound=CaseRow)


@dataclass(frozen=True)
class Difference:
    """Something that the events and the tables do not say alike; empty where one of them says nothing."""

    about: str
    events_say: str
    tables_say: str


def differences(session: Session, case: Case) -> list[Difference]:
    """Where the tables of `case` differ from what its events say; none where all is accounted for."""
    query = select(Event).where(col(Event.case_id) == case.id).order_by(col(Event.sequence))
    told, stored = replay(session.exec(query)), standing(session, case)
    return [
        Difference(about, told.get(about, ""), stored.get(about, ""))
        for about in sorted(told.keys() | stored.keys())
        if told.get(about) != stored.get(about)
    ]


def standing(session: Session, case: Case) -> Facts:
    """What the tables say of `case` now."""
    facts: Facts = {"status": case.status.value, "pathway": case.pathway_hash}
    facts |= {"urgency": case.urgency} if case.urgency else {}
    facts |= {"outcome": case.outcome.value} if case.outcome else {}
    facts |= {"report due": moment(case.report_due_at)} if case.report_due_at else {}
    facts |= {f"step {step}": "finished" for step in case.finished_steps}
    facts |= {f"flag {flag}": "marked" for flag in case.flags}
    facts |= {f"role {role}": "called" for role in case.extra_roles}
    facts |= {f"clock {clock}": "extended" for clock in case.extended_clocks}
    facts |= _consents(session, case)
    rights = requests_of(session, case)
    facts |= {f"document {row.number}": row.sha256 for row in _rows(session, case, Document) if row.sha256}
    facts |= {f"requirement {row.key}": row.status.value for row in _rows(session, case, Requirement)}
    facts |= {f"clock {row.clock}": "stopped" for row in _rows(session, case, ClockStop) if row.restarted_at is None}
    facts |= {f"right {right}": row.answer or f"owed until {moment(row.due_at)}" for right, row in rights.items()}
    facts |= {f"rung {row.subject} {row.rung}": row.action for row in _rows(session, case, ChaseRecord)}
    facts |= {f"report {row.version}": row.sha256 for row in _rows(session, case, Report)}
    review = session.exec(select(Review).where(Review.case_id == case.id)).first()
    facts |= {"answer": review.certification.value} if review else {}
    return facts | _panel(session, case)


def _consents(session: Session, case: Case) -> Facts:
    facts: Facts = {}
    for row in _rows(session, case, Consent):
        given = f"given until {moment(row.expires_at)}" if row.expires_at else "given"
        facts[f"consent {row.purpose}"] = "withdrawn" if row.withdrawn_at else given
    return facts


def _panel(session: Session, case: Case) -> Facts:
    """The places as they are held, and every version of every opinion by the hash of what it says now."""
    query = select(Assignment, Expert.code).join(Expert, col(Assignment.expert_id) == col(Expert.id))
    seats = session.exec(query.where(Assignment.case_id == case.id)).all()
    facts: Facts = {}
    for seat, expert in seats:
        if seat.status in LIVE_ASSIGNMENT:
            due_at = seat.opinion_due_at or seat.accept_by
            facts[place(seat.role, seat.seat)] = held(expert, seat.status.value, due_at)
    experts = {seat.id: (seat.role, expert) for seat, expert in seats}
    for opinion in _rows(session, case, Opinion):
        role, expert = experts[opinion.assignment_id]
        facts[f"opinion {role} {expert} {opinion.version}"] = f"{opinion.status.value} {digest(opinion.content)}"
    return facts


def _rows(session: Session, case: Case, table: type[R]) -> Iterator[R]:
    yield from session.exec(select(table).where(table.case_id == case.id))
