"""Executions that ended with their worker: Prefect calls a run pending or running, and nobody executes it.

Two short questions find them, one to Prefect and one to the domain store, whatever the number of cases that wait.
"""

import asyncio
from collections import Counter
from datetime import timedelta
from uuid import UUID

from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.filters import (
    FlowRunFilter,
    FlowRunFilterId,
    FlowRunFilterState,
    FlowRunFilterStateType,
    WorkPoolFilter,
    WorkPoolFilterName,
)
from prefect.client.schemas.objects import FlowRun, StateType
from prefect.client.schemas.sorting import FlowRunSort
from sqlmodel import col, select

from models import Case
from models.status import CaseStatus, HoldCause, IncidentKind
from secunda import cases, clock, incidents, lease, logs, parking
from secunda.db import transaction
from secunda.settings import settings

BATCH = 200
LOST = IncidentKind.WORKER_LOST.value
_UNDER_WAY = FlowRunFilterState(type=FlowRunFilterStateType(any_=[StateType.PENDING, StateType.RUNNING]))
HOUSEKEEPING_LASTS = {  # wall time; it holds no lease that would tell that it lives
    StateType.PENDING: timedelta(minutes=1),
    StateType.RUNNING: timedelta(minutes=5),
}


async def find_lost(client: PrefectClient) -> dict[str, int]:
    """Look at every run that is under way, and mend those that are not; returns how many of each finding."""
    found: Counter[str] = Counter()
    runs = [run for run in await _under_way(client) if _is_older(run, timedelta(seconds=settings().lease_seconds))]
    lost = await asyncio.to_thread(_held_by_nobody, [reference_of(run) for run in runs])
    for run in runs:
        finding = "executing"
        if reference_of(run) in lost:
            finding = await bring_back(client, lost[reference_of(run)], run)
        elif not reference_of(run) and _is_older(run, HOUSEKEEPING_LASTS[_type(run)]):
            await parking.crash(client, run.id, "its worker was lost")
            finding = "housekeeping_lost"
        if finding != "executing":
            logs.info("reconciled", case=reference_of(run) or None, result=finding)
            await asyncio.to_thread(incidents.note_finding, finding, reference_of(run))
        found[finding] += 1
    return dict(found)


async def look_at_executing(client: PrefectClient, case: Case, run: FlowRun) -> str:
    """The same for one case whose run is pending or running."""
    age = timedelta(seconds=settings().lease_seconds)  # between Pending and taking the lease nobody holds it
    if not _is_older(run, age) or not await asyncio.to_thread(_held_by_nobody, [case.reference]):
        return "executing"
    return await bring_back(client, case, run)


async def bring_back_held(client: PrefectClient, held: list[Case]) -> set[UUID]:
    """Bring back those runs of cases whose lease the caller has that Prefect still calls pending or running.

    Returns which. Whoever had the lease before has lost it, so nobody else executes them; a run that is younger than a
    lease lasts is left alone.
    """
    case_of = {case.flow_run_id: case for case in held if case.flow_run_id is not None}
    if not case_of:
        return set()
    ids = FlowRunFilterId(any_=list(case_of))
    found = await parking.persist(
        lambda: client.read_flow_runs(flow_run_filter=FlowRunFilter(id=ids, state=_UNDER_WAY), limit=BATCH)
    )
    lost = [run for run in found if _is_older(run, timedelta(seconds=settings().lease_seconds))]
    back = {run.id for run in lost if await bring_back(client, case_of[run.id], run) == LOST}
    for run in back:
        logs.info("reconciled", case=case_of[run].reference, result=LOST)
        await asyncio.to_thread(incidents.note_finding, LOST, case_of[run].reference)
    return back


async def bring_back(client: PrefectClient, case: Case, run: FlowRun) -> str:
    """Give a lost run to another worker. One that was about to fail for good fails: its case is on hold already."""
    newest = await parking.read(client, run.id)
    if newest is None or newest.state_id != run.state_id:  # another worker has looked at it meanwhile
        return "executing"
    if case.status is CaseStatus.ON_HOLD and case.hold_cause is HoldCause.RUN_FAILED:
        await parking.fail(client, run.id, "the case is on hold")
    else:
        await parking.force_awake(client, run.id, "its worker was lost")
        await asyncio.to_thread(_mark, case.id)  # else it waits for the worker's next look into Prefect
    return LOST


def _mark(case_id: UUID) -> None:
    with transaction() as session:
        cases.request_wake(session, cases.lock(session, case_id), clock.wall())


def reference_of(run: FlowRun) -> str:
    """The case that a run carries; empty for one that keeps house."""
    return str(run.parameters.get("case_reference", ""))


async def _under_way(client: PrefectClient) -> list[FlowRun]:
    """The oldest of them, of our work pool."""
    pool = WorkPoolFilter(name=WorkPoolFilterName(any_=[settings().work_pool]))
    return await parking.persist(
        lambda: client.read_flow_runs(
            flow_run_filter=FlowRunFilter(state=_UNDER_WAY),
            work_pool_filter=pool,
            sort=FlowRunSort.EXPECTED_START_TIME_ASC,
            limit=BATCH,
        )
    )


def _type(run: FlowRun) -> StateType:
    return run.state.type if run.state else StateType.RUNNING


def _is_older(run: FlowRun, age: timedelta) -> bool:
    """A time that lies ahead by as much is as suspicious: it was written before a clock was set back."""
    return run.state is not None and abs(clock.wall() - run.state.timestamp) > age


def _held_by_nobody(references: list[str]) -> dict[str, Case]:
    """Asked after Prefect was: a case that is taken up meanwhile is not lost."""
    if not references:
        return {}
    with transaction() as session:
        query = select(Case).where(col(Case.reference).in_(references), lease.is_free())
        return {case.reference: case for case in session.exec(query)}
