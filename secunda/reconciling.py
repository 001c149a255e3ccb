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
from models.status import CASE_BADGES, CaseStatus, IncidentKind
from secunda import clock, incidents, launching, lease, logs, parking
from secunda.db import transaction
from secunda.ended_runs import follow
from secunda.errors import SecundaError
from secunda.lost_executions import find_lost, look_at_executing
from secunda.settings import settings
from secunda.waker import run_tags, wake_marked

BATCH = 200  # cases looked at in one call to Prefect
OVERDUE_AFTER = timedelta(seconds=30)  # wall time after which a parked run that nobody picked up is counted
LATE_AFTER = timedelta(seconds=10)  # wall time after its deadline in which a case is taken up when all is well
AT_ONCE = (parking.AWAKE, CASE_BADGES[CaseStatus.REQUESTED])  # names of runs that are due when they get them
LONGEST_PAUSE = timedelta(minutes=15)  # wall time; longer than any run waits that does not wait for people


async def reconcile_all(client: PrefectClient) -> dict[str, int]:
    """Look at every open case once; returns how many of each finding there were, by name."""
    found: Counter[str] = Counter()
    await asyncio.to_thread(_shorten_leases)
    deployments = {deployment.id for deployment in await parking.persist(client.read_deployments)}
    for batch in await asyncio.to_thread(_open_cases):
        found += await _reconcile_batch(client, batch, deployments)
    return dict(found)


async def reconcile_late(client: PrefectClient) -> dict[str, int]:
    """The same for the open cases that are past their deadline and that nobody executes: their run should be awake."""
    late = await asyncio.to_thread(_late_cases)
    if not late:
        return {}
    deployments = {deployment.id for deployment in await parking.persist(client.read_deployments)}
    return dict(await _reconcile_batch(client, late, deployments))


async def _reconcile_batch(client: PrefectClient, batch: list[Case], deployments: set[UUID]) -> Counter[str]:
    """A case that cannot be mended now, because its deployment is missing, does not keep the others from it."""
    found: Counter[str] = Counter()
    runs = await _runs_of(client, [case.flow_run_id for case in batch if case.flow_run_id])
    for case in batch:
        run = runs.get(case.flow_run_id) if case.flow_run_id else None
        try:
            finding = await reconcile(client, case, run, deployments)
        except SecundaError:
            finding = "not_deployed"
        found[finding] += 1
        if finding not in ("fine", "executing"):
            logs.info("reconciled", case=case.reference, result=finding)
            await asyncio.to_thread(incidents.note_finding, finding, case.reference)
    return found


async def reconcile_once() -> dict[str, int]:
    """Wake what is marked, look at what is under way, then at every open case, with a client of its own."""
    async with get_client() as client:
        await wake_marked(client, since=LATE_AFTER)
        lost = Counter(await find_lost(client))
        del lost["executing"]  # counted with their cases
        return dict(lost + Counter(await reconcile_all(client)))


def _shorten_leases() -> None:
    with transaction() as session:
        shortened = lease.shorten(session, settings().lease_seconds)
    if shortened:
        logs.warning("clock_set_back", count=shortened)
        incidents.note(IncidentKind.CLOCK_SET_BACK)


def _open_cases() -> list[list[Case]]:
    with transaction() as session:
        query = select(Case).where(col(Case.status) != CaseStatus.CLOSED).order_by(col(Case.launched_at))
        return list(_batches(list(session.exec(query))))


def _late_cases() -> list[Case]:
    with transaction() as session:
        waits = col(Case.status).not_in((CaseStatus.CLOSED, CaseStatus.ON_HOLD))
        late = col(Case.next_deadline_at) < clock.now() - clock.pathway_span(LATE_AFTER)
        query = select(Case).where(waits, late, lease.is_free())
        return list(session.exec(query.order_by(col(Case.next_deadline_at)).limit(BATCH)))


def _batches(rows: list[Case]) -> Iterator[list[Case]]:
    for start in range(0, len(rows), BATCH):
        yield rows[start : start + BATCH]


async def _runs_of(client: PrefectClient, ids: list[UUID]) -> dict[UUID, FlowRun]:
    if not ids:
        return {}
    wanted = FlowRunFilter(id=FlowRunFilterId(any_=ids))
    runs = await parking.persist(lambda: client.read_flow_runs(flow_run_filter=wanted, limit=BATCH))
    return {run.id: run for run in runs}


async def reconcile(client: PrefectClient, case: Case, run: FlowRun | None, deployments: set[UUID]) -> str:
    """Bring one open case and its run in line; returns what was found.

    `deployments`: those that Prefect has. Raises SecundaError when the case needs another run and has no deployment.
    """
    if case.flow_run_id is None:
        return "not_started"  # the waker makes the run, from the mark of the launch
    if run is None or run.state is None:
        return await _make_another_run(client, case)
    if run.state.is_final() or run.state.type is StateType.CANCELLING:
        return await follow(client, case, run)
    if run.work_queue_id is None or run.deployment_id not in deployments:
        return await _replace(client, case, run)
    if run.state.type is StateType.SCHEDULED:
        return await _look_at_parked(client, case, run.id, run.state)
    return await look_at_executing(client, case, run)


async def _replace(client: PrefectClient, case: Case, run: FlowRun) -> str:
    """Its work pool or its deployment was deleted: no worker will ever pick it up, also after they were made anew."""
    if case.lease_until is not None:
        return "executing"
    finding = await _make_another_run(client, case)
    await parking.cancel(client, run.id, "its work pool or deployment was deleted; another run carries the case on")
    return finding


async def _make_another_run(client: PrefectClient, case: Case) -> str:
    attempt = case.run_attempt + 1
    run = await launching.create_run(client, case.reference, case.specialty, run_tags(case), attempt)
    await asyncio.to_thread(_remember, case.id, run.id, attempt)
    return "run_rebuilt"


def _remember(case_id: UUID, run_id: UUID, attempt: int) -> None:
    with transaction() as session:
        session.exec(
            update(Case)
            .where(col(Case.id) == case_id, col(Case.run_attempt) == attempt - 1)
            .values(flow_run_id=run_id, run_attempt=attempt)
        )


async def _look_at_parked(client: PrefectClient, case: Case, run_id: UUID, state: "State[object]") -> str:
    time, wall = state.state_details.scheduled_time, clock.wall()
    if time is None or time < wall - OVERDUE_AFTER:
        return "fine" if time is None else "overdue"
    longest = _longest_wait(state.name)
    if longest is not None and time > wall + longest:
        await parking.force_awake(client, run_id, "the clock was set back")
        return "clock_set_back"
    if longest is None and _should_be_awake(case) and time > wall:
        await parking.force_awake(client, run_id, "its deadline has passed")
        return "slept_too_long"
    return "fine"


def _should_be_awake(case: Case) -> bool:
    """A late call of an execution that was taken over may have parked the run again, with the deadline of its time."""
    if case.status is CaseStatus.ON_HOLD or case.next_deadline_at is None:
        return False
    return case.next_deadline_at < clock.now() - clock.pathway_span(LATE_AFTER)


def _longest_wait(name: str | None) -> timedelta | None:
    """How far ahead a run of that name may be scheduled: further, it was so before the clock was set back.

    None where it waits for people, however long.
    """
    if name in AT_ONCE:
        return OVERDUE_AFTER
    return None if name in CASE_BADGES.values() else LONGEST_PAUSE
