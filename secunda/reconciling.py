"""Prefect's database may be lost or wrong; the domain store is not. This brings the runs in line with the cases."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

from prefect.client.orchestration import PrefectClient, get_client
from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterId
from prefect.client.schemas.objects import FlowRun, State, StateType
from sqlmodel import col, select, update

from models import Case
from models.status import CASE_BADGES, CaseStatus
from secunda import clock, launching, lease, logs, parking
from secunda.db import transaction
from secunda.ended_runs import follow
from secunda.settings import settings
from secunda.waker import run_tags, wake_marked

BATCH = 200  # cases looked at in one call to Prefect
OVERDUE_AFTER = timedelta(seconds=30)  # wall time after which a parked run that nobody picked up is counted
AT_ONCE = (parking.AWAKE, CASE_BADGES[CaseStatus.REQUESTED])  # names of runs that are due when they get them
LONGEST_PAUSE = timedelta(minutes=15)  # wall time; longer than any run waits that does not wait for people


async def reconcile_all(client: PrefectClient) -> dict[str, int]:
    """Look at every open case once; returns how many of each finding there were, by name."""
    found: Counter[str] = Counter()
    await asyncio.to_thread(_shorten_leases)
    for batch in await asyncio.to_thread(_open_cases):
        runs = await _runs_of(client, [case.flow_run_id for case in batch if case.flow_run_id])
        for case in batch:
            run = runs.get(case.flow_run_id) if case.flow_run_id else None
            finding = await reconcile(client, case, run)
            found[finding] += 1
            if finding not in ("fine", "executing"):
                logs.info("reconciled", case=case.reference, result=finding)
    return dict(found)


async def reconcile_once() -> dict[str, int]:
    """Wake what is marked and look at every open case, with a client of its own."""
    async with get_client() as client:
        await wake_marked(client)
        return await reconcile_all(client)


def _shorten_leases() -> None:
    with transaction() as session:
        shortened = lease.shorten(session, settings().lease_seconds)
    if shortened:
        logs.warning("clock_set_back", count=shortened)


def _open_cases() -> list[list[Case]]:
    with transaction() as session:
        query = select(Case).where(col(Case.status) != CaseStatus.CLOSED).order_by(col(Case.launched_at))
        return list(_batches(list(session.exec(query))))


def _batches(rows: list[Case]) -> Iterator[list[Case]]:
    for start in range(0, len(rows), BATCH):
        yield rows[start : start + BATCH]


async def _runs_of(client: PrefectClient, ids: list[UUID]) -> dict[UUID, FlowRun]:
    if not ids:
        return {}
    wanted = FlowRunFilter(id=FlowRunFilterId(any_=ids))
    runs = await parking.persist(lambda: client.read_flow_runs(flow_run_filter=wanted, limit=BATCH))
    return {run.id: run for run in runs}


async def reconcile(client: PrefectClient, case: Case, run: FlowRun | None) -> str:
    """Bring one open case and its run in line; returns what was found."""
    if case.flow_run_id is None:
        return "not_started"  # the waker makes the run, from the mark of the launch
    if run is None or run.state is None:
        return await _make_another_run(client, case)
    if run.state.type is StateType.SCHEDULED:
        return await _look_at_parked(client, run, run.state)
    if run.state.is_final() or run.state.type is StateType.CANCELLING:
        return await follow(client, case, run)
    return await _look_at_executing(client, case, run)


async def _make_another_run(client: PrefectClient, case: Case) -> str:
    attempt = case.run_attempt + 1
    run_id = await launching.create_run(client, case.reference, case.specialty, run_tags(case), attempt)
    await asyncio.to_thread(_remember, case.id, run_id, attempt)
    return "run_rebuilt"


def _remember(case_id: UUID, run_id: UUID, attempt: int) -> None:
    with transaction() as session:
        session.exec(
            update(Case)
            .where(col(Case.id) == case_id, col(Case.run_attempt) == attempt - 1)
            .values(flow_run_id=run_id, run_attempt=attempt)
        )


async def _look_at_parked(client: PrefectClient, run: FlowRun, state: "State[object]") -> str:
    time, wall = state.state_details.scheduled_time, clock.wall()
    if time is None or time < wall - OVERDUE_AFTER:
        return "fine" if time is None else "overdue"
    longest = _longest_wait(state.name)
    if longest is None or time <= wall + longest:
        return "fine"
    await parking.force_awake(client, run.id, "the clock was set back")
    return "clock_set_back"


def _longest_wait(name: str | None) -> timedelta | None:
    """How far ahead a run of that name may be scheduled: further, it was so before the clock was set back.

    None where it waits for people, however long.
    """
    if name in AT_ONCE:
        return OVERDUE_AFTER
    return None if name in CASE_BADGES.values() else LONGEST_PAUSE


async def _look_at_executing(client: PrefectClient, case: Case, run: FlowRun) -> str:
    """A run that is pending or running while nobody holds its case was lost with its worker.

    The lease is read after the run: a round over many cases takes its time, and the case may be executed by now.
    """
    since = run.state.timestamp if run.state else None
    lost_after = timedelta(seconds=settings().lease_seconds)  # between Pending and taking the lease nobody holds it
    if since is None or abs(clock.wall() - since) < lost_after or not await asyncio.to_thread(_is_free, case.id):
        return "executing"
    await parking.force_awake(client, run.id, "its worker was lost")
    return "worker_lost"


def _is_free(case_id: UUID) -> bool:
    with transaction() as session:
        return session.exec(select(Case.id).where(Case.id == case_id, lease.is_free())).first() is not None
