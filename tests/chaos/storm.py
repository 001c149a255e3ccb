"""One run of chaos: cases are carried, parts are killed, and in the end everything is counted."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterName
from prefect.client.schemas.objects import FlowRun
from prefect.settings import PREFECT_API_URL, temporary_settings
from sqlmodel import col, func, select

from models import Case, Event, Message
from models.status import CaseStatus, MessageStatus
from secunda import clock, outbox
from secunda.db import transaction
from secunda.outbox import Courier
from tests.chaos import plan, verdict, witness
from tests.chaos.installation import Installation, installation
from tests.chaos.people import People
from tests.chaos.plan import Plan
from tests.fakes.vendors import FakeVendors, fake_vendors
from tests.functional.carrying import told

LONGEST_STANDSTILL = timedelta(seconds=60)
LONGEST_AFTERMATH = 300.0  # wall seconds that the last cases have after the last restart
RUNS_SETTLE = 60.0

Tell = Callable[[str], None]


@dataclass
class Figures:
    """What a run came to; it is good when `wrongs` is empty."""

    cases: int = 0
    kills: Counter[str] = field(default_factory=Counter)
    died_by_itself: Counter[str] = field(default_factory=Counter)
    events: int = 0
    messages: Counter[str] = field(default_factory=Counter)
    executions: int = 0
    runs_rebuilt: int = 0
    longest_standstill: timedelta = timedelta()
    standing_still: str = ""
    seconds: float = 0
    aftermath_seconds: float = 0
    wrongs: list[str] = field(default_factory=list)

    def lines(self) -> Iterator[str]:
        total = sum(self.kills.values())
        yield f"{self.cases} cases, {self.executions} executions, {self.events} events in {self.seconds:.0f} s"
        yield f"{total} kills: " + ", ".join(f"{name} {count}" for name, count in sorted(self.kills.items()))
        yield f"ended by themselves and were started again: {dict(self.died_by_itself) or 'none'}"
        yield "messages: " + ", ".join(f"{count} {status}" for status, count in sorted(self.messages.items()))
        yield f"runs that Prefect had lost and that were made again: {self.runs_rebuilt}"
        yield f"all closed {self.aftermath_seconds:.0f} s after the last restart"
        yield f"longest standstill after the last restart: {self.longest_standstill.total_seconds():.1f} s" + (
            f" ({self.standing_still})" if self.standing_still else ""
        )
        yield from (f"WRONG: {wrong}" for wrong in self.wrongs)
        yield f"{len(self.wrongs)} things wrong"


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
            _count(figures, running, vendors, last_restart)
    figures.seconds = time.monotonic() - began
    return figures


@contextmanager
def _installation(wanted: Plan, vendors: FakeVendors) -> Iterator[Installation]:
    environment = {f"SECUNDA_{name.upper()}": str(value) for name, value in vendors.settings().items()}
    environment |= {"SECUNDA_SMS_CHANNEL": "file", "SECUNDA_LEASE_SECONDS": str(wanted.lease_seconds)}
    with installation(environment, wanted.workers, wanted.speed) as running:
        yield running


def _strike(wanted: Plan, running: Installation, people: People, figures: Figures, tell: Tell) -> None:
    """Kill by the plan; a victim that is away at the moment has been hit before, and comes back."""
    away: list[tuple[float, str]] = []
    for number, blow in enumerate(plan.blows(wanted, running.workers), 1):
        _rest(time.monotonic() + blow.after, running, away)
        running.kill(blow.victim)
        figures.kills[blow.victim.partition("-")[0]] += 1
        away.append((time.monotonic() + blow.downtime, blow.victim))
        if number % 10 == 0:
            tell(f"{number} kills, {len(people.references)} cases launched, {_closed_now()} closed")
    while away:
        _rest(max(time_ for time_, _ in away), running, away)
    figures.died_by_itself = Counter(name.partition("-")[0] for name in running.died_by_itself)


def _rest(until: float, running: Installation, away: list[tuple[float, str]]) -> None:
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


def _closed_now() -> str:
    from sqlalchemy.exc import DBAPIError

    try:
        with transaction() as session:
            return str(session.exec(select(func.count()).where(Case.status == CaseStatus.CLOSED)).one())
    except DBAPIError:
        return "?"


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
    from sqlalchemy.exc import DBAPIError

    try:
        with transaction() as session:
            still_open = session.exec(select(Case.id).where(Case.status != CaseStatus.CLOSED).limit(1)).first()
            queued = session.exec(select(Message.id).where(Message.status == MessageStatus.QUEUED).limit(1)).first()
            return still_open is None and queued is None
    except DBAPIError:
        return False


def _count(figures: Figures, running: Installation, vendors: FakeVendors, last_restart: Any) -> None:
    sendings = Counter(taken.message_id for taken in vendors.taken)
    with transaction() as session:
        cases = session.exec(select(Case)).all()
        for case in cases:
            found = [
                f"{case.reference} ({case.specialty}): {wrong}" for wrong in verdict.wrongs(session, case, sendings)
            ]
            if found and case.status is not CaseStatus.CLOSED:
                found.append(f"{case.reference}: {told(case.reference)}")
            figures.wrongs += found
        figures.events = session.exec(select(func.count()).select_from(Event)).one()
        rows = session.exec(select(Message.status, func.count()).group_by(col(Message.status))).all()
        figures.messages = Counter({status.value: count for status, count in rows})
    figures.executions = sum(case.lease_token for case in cases)
    figures.runs_rebuilt = sum(case.run_attempt - 1 for case in cases)
    if len(cases) != figures.cases:
        figures.wrongs.append(f"{len(cases)} cases instead of {figures.cases}")
    _judge_standstill(figures, last_restart)
    figures.wrongs += _wrong_runs(running, list(cases))


def _judge_standstill(figures: Figures, last_restart: Any) -> None:
    for delay in witness.delays(last_restart):
        if delay.lasted > LONGEST_STANDSTILL:
            figures.wrongs.append(f"{delay.reference} stood still for {delay.lasted} ({delay.why})")
        if delay.lasted > figures.longest_standstill:
            figures.longest_standstill = delay.lasted
            figures.standing_still = f"{delay.reference}, {delay.why}"


def _wrong_runs(running: Installation, cases: list[Case]) -> list[str]:
    """Each case is one run of Prefect, and it says that the case is over."""
    end = time.monotonic() + RUNS_SETTLE
    while True:
        runs = _runs_of([case.reference for case in cases], running)
        wrong = [wrong for case in cases for wrong in _wrong_run(case, runs)]
        if not wrong or time.monotonic() > end:
            return wrong
        time.sleep(2)


def _wrong_run(case: Case, runs: list[FlowRun]) -> Iterator[str]:
    mine = [run for run in runs if run.name == case.reference]
    if len(mine) != 1:
        yield f"{case.reference}: {len(mine)} runs"
    for run in mine:
        if run.state is None or not run.state.is_completed():
            yield f"{case.reference}: its run is {run.state and run.state.name}"


def _runs_of(references: list[str], running: Installation) -> list[FlowRun]:
    async def read() -> list[FlowRun]:
        found: list[FlowRun] = []
        async with get_client() as client:
            for start in range(0, len(references), 50):
                name = FlowRunFilterName(any_=references[start : start + 50])
                found += await client.read_flow_runs(flow_run_filter=FlowRunFilter(name=name), limit=200)
        return found

    with temporary_settings({PREFECT_API_URL: running.api_url}):
        return asyncio.run(read())
