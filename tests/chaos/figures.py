"""What a run of chaos came to, by the domain store, the vendors, PostgreSQL's own notes and Prefect."""

import asyncio
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterName
from prefect.client.schemas.objects import FlowRun
from prefect.settings import PREFECT_API_URL, temporary_settings
from sqlmodel import col, func, select

from models import Case, Event, Message, Report
from models.status import CaseStatus, MessageStatus
from secunda import events, incidents
from secunda.db import transaction
from tests.chaos import verdict, witness
from tests.chaos.installation import Installation
from tests.fakes.vendors import FakeVendors
from tests.functional.carrying import told

LONGEST_STANDSTILL = timedelta(seconds=60)
RUNS_SETTLE = 60.0
EVER = datetime.min.replace(tzinfo=UTC)


@dataclass
class Figures:
    """What a run came to; it is good when `wrongs` is empty."""

    cases: int = 0
    kills: Counter[str] = field(default_factory=Counter)
    impatient: int = 0  # kills that did not wait until cases had moved as far as they were to
    hit: Counter[str] = field(default_factory=Counter)  # at how many kills a case stood there
    cut_off: int = 0
    died_by_itself: Counter[str] = field(default_factory=Counter)
    events: int = 0
    closed: int = 0
    reports: int = 0
    chains: int = 0  # audit chains that verify
    messages: Counter[str] = field(default_factory=Counter)
    taken: Counter[int] = field(default_factory=Counter)  # how many e-mails a vendor took once, twice, …
    incidents: Counter[str] = field(default_factory=Counter)
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
        yield "at how many kills a case was: " + ", ".join(f"{name} {n}" for name, n in self.hit.most_common())
        yield f"executions cut off by a kill: {self.cut_off}; kills that waited for cases in vain: {self.impatient}"
        yield f"ended by themselves and were started again: {dict(self.died_by_itself) or 'none'}"
        yield f"closed {self.closed}, with a report {self.reports}, audit chains that verify {self.chains}"
        yield "messages: " + ", ".join(f"{count} {status}" for status, count in sorted(self.messages.items()))
        yield "e-mails: " + ", ".join(f"{number} taken {n} times" for n, number in sorted(self.taken.items()))
        yield "found and mended: " + ", ".join(f"{kind} {number}" for kind, number in self.incidents.most_common())
        yield f"runs that Prefect had lost and that were made again: {self.runs_rebuilt}"
        yield f"all closed {self.aftermath_seconds:.0f} s after the last restart"
        yield f"longest standstill after the last restart: {self.longest_standstill.total_seconds():.1f} s" + (
            f" ({self.standing_still})" if self.standing_still else ""
        )
        yield from (f"WRONG: {wrong}" for wrong in self.wrongs)
        yield f"{len(self.wrongs)} things wrong"


def count(figures: Figures, running: Installation, vendors: FakeVendors, last_restart: datetime) -> None:
    """Fill the figures in; `last_restart`: wall time."""
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
            figures.chains += events.verify(session, case) is None
            figures.closed += case.status is CaseStatus.CLOSED
        figures.reports = session.exec(select(func.count()).select_from(Report)).one()
        figures.incidents = Counter({one.value: n for one, n in incidents.counted(session, EVER).items()})
        figures.taken = Counter(sendings.values())
        figures.events = session.exec(select(func.count()).select_from(Event)).one()
        rows = session.exec(select(Message.status, func.count()).group_by(col(Message.status))).all()
        figures.messages = Counter({MessageStatus(status).value: count for status, count in rows})
    figures.executions = sum(case.lease_token for case in cases)
    figures.runs_rebuilt = sum(case.run_attempt - 1 for case in cases)
    if len(cases) != figures.cases:
        figures.wrongs.append(f"{len(cases)} cases instead of {figures.cases}")
    _judge_standstill(figures, last_restart)
    figures.wrongs += wrong_runs(running, list(cases))


def _judge_standstill(figures: Figures, last_restart: datetime) -> None:
    for delay in witness.delays(last_restart):
        if delay.lasted > LONGEST_STANDSTILL:
            figures.wrongs.append(f"{delay.reference} stood still for {delay.lasted} ({delay.why})")
        if delay.lasted > figures.longest_standstill:
            figures.longest_standstill = delay.lasted
            figures.standing_still = f"{delay.reference}, {delay.why}"


def wrong_runs(running: Installation, cases: list[Case]) -> list[str]:
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
