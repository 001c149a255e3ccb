"""One run of chaos: cases are carried, parts are killed, and in the end everything is counted."""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from typing import Any

from sqlalchemy.exc import DBAPIError
from sqlmodel import col, func, select

from models import Case, Message
from models.status import CaseStatus, MessageStatus
from secunda import clock, outbox
from secunda.db import transaction
from secunda.outbox import Courier
from tests.chaos import plan, witness
from tests.chaos.figures import Figures, count
from tests.chaos.installation import Installation, installation
from tests.chaos.people import People
from tests.chaos.plan import Plan
from tests.fakes.vendors import FakeVendors, fake_vendors

LONGEST_AFTERMATH = 300.0  # wall seconds that the last cases have after the last restart

Tell = Callable[[str], None]
Away = list[tuple[float, str]]  # who is away, and until when by the monotonic clock


def storm(wanted: Plan, tell: Tell) -> Figures:
    """Carry the plan out in an installation of its own; the figures say what was found."""
    began = time.monotonic()
    figures = Figures(cases=wanted.cases)
    with fake_vendors() as vendors, _installation(wanted, vendors) as running:
        people = People(plan.scripts(wanted), wanted.open_at_once)
        witness.install()
        for worker in running.workers:
            running.start(worker)
        people.start()
        with running.kept_alive():
            _strike(wanted, running, people, figures, tell)
            last_restart = clock.wall()
            _settle(people, wanted, tell)
            figures.aftermath_seconds = (clock.wall() - last_restart).total_seconds()
            people.go_home()
            outbox.deliver_due(courier=Courier(wall=lambda: clock.wall() + timedelta(minutes=2)))
            count(figures, running, vendors, last_restart)
    figures.seconds = time.monotonic() - began
    return figures


@contextmanager
def _installation(wanted: Plan, vendors: FakeVendors) -> Iterator[Installation]:
    environment = {f"SECUNDA_{name.upper()}": str(value) for name, value in vendors.settings().items()}
    environment |= {"SECUNDA_SMS_CHANNEL": "file", "SECUNDA_LEASE_SECONDS": str(wanted.lease_seconds)}
    with installation(environment, wanted.workers, wanted.speed) as running:
        yield running


def _strike(wanted: Plan, running: Installation, people: People, figures: Figures, tell: Tell) -> None:
    """Kill by the plan; a victim that is away at the moment has been hit before, and comes back.

    Between two kills cases have moved: killing what has not come back to its feet proves nothing.
    """
    away: Away = []
    recorded = 0
    for number, blow in enumerate(plan.blows(wanted, running.workers), 1):
        wanted_events = recorded + blow.events
        recorded = _await_events(recorded, wanted_events, wanted.patience, running, away)
        figures.impatient += recorded < wanted_events
        _rest(time.monotonic() + blow.pause, running, away)
        _look_at_hit(blow.victim, figures)
        running.kill(blow.victim)
        figures.kills[blow.victim.partition("-")[0]] += 1
        away.append((time.monotonic() + blow.downtime, blow.victim))
        if number % 10 == 0:
            closed = _asked(func.count(), Case.status == CaseStatus.CLOSED)
            tell(f"{number} kills, {len(people.references)} cases launched, {'?' if closed is None else closed} closed")
    while away:
        _rest(max(time_ for time_, _ in away), running, away)
    figures.died_by_itself = Counter(name.partition("-")[0] for name in running.died_by_itself)


def _await_events(recorded: int, wanted: int, patience: float, running: Installation, away: Away) -> int:
    """How many events there are, once they are as many as wanted, or patience is at its end."""
    end = time.monotonic() + patience
    while recorded < wanted and time.monotonic() < end:
        _rest(time.monotonic() + 0.2, running, away)
        recorded = _asked(func.sum(col(Case.event_count))) or recorded
    return recorded


def _look_at_hit(victim: str, figures: Figures) -> None:
    """Note where the open cases stand, and what the victim is executing; the servers serve every execution."""
    query = select(Case.status, Case.lease_holder).where(Case.status != CaseStatus.CLOSED)
    with suppress(DBAPIError), transaction() as session:
        found = session.exec(query).all()
        figures.hit.update({CaseStatus(status).value for status, _ in found})
        figures.cut_off += sum(
            bool(holder) and (not victim.startswith("worker") or holder == f"worker:{victim}") for _, holder in found
        )


def _rest(until: float, running: Installation, away: Away) -> None:
    """Let time pass, and start again whose time has come."""
    while True:
        now = time.monotonic()
        for back, victim in sorted(away):
            if back <= now and (back, victim) in away:
                away.remove((back, victim))
                if not any(name == victim for _, name in away):
                    running.start(victim)
        if now >= until:
            return
        time.sleep(0.05)


def _asked(what: Any, *where: Any) -> int | None:
    """One number about the cases; None while the database is away."""
    try:
        with transaction() as session:
            return int(session.exec(select(what).select_from(Case).where(*where)).one() or 0)
    except DBAPIError:
        return None


def _settle(people: People, wanted: Plan, tell: Tell) -> None:
    """Until every case is closed and nothing is queued, or the time is up."""
    end = time.monotonic() + LONGEST_AFTERMATH + 10 * (wanted.cases - len(people.references))
    while time.monotonic() < end and not (people.all_launched and _is_quiet()):
        if people.failed is not None:
            raise people.failed
        time.sleep(0.5)
    tell("all quiet" if _is_quiet() else "time is up")


def _is_quiet() -> bool:
    """Claimed messages whose holder died are asked about when their minute is over: that is not waited for."""
    try:
        with transaction() as session:
            still_open = session.exec(select(Case.id).where(Case.status != CaseStatus.CLOSED).limit(1)).first()
            queued = session.exec(select(Message.id).where(Message.status == MessageStatus.QUEUED).limit(1)).first()
            return still_open is None and queued is None
    except DBAPIError:
        return False
