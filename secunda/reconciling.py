"""Prefect's database may be lost or wrong; the domain store is not. This brings the runs in line with the cases."""

import asyncio
from collections import Counter
from collections.abc import Iterator, Sequence
from uuid import UUID

from prefect.client.orchestration import PrefectClient, get_client
from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterId
from prefect.client.schemas.objects import FlowRun, StateType
from sqlalchemy import ColumnElement
from sqlmodel import col, not_, select, update

from models import Case
from models.status import CaseStatus, IncidentKind
from secunda import clock, incidents, launching, lease, logs, parking, waiting_cases
from secunda.db import transaction
from secunda.ended_runs import follow
from secunda.errors import SecundaError
from secunda.lost_executions import find_lost, look_at_executing
from secunda.overdue import LATE_AFTER, is_overdue, late_before
from secunda.parked_runs import OVERDUE_AFTER, look_at_parked
from secunda.settings import settings
from secunda.waker import run_tags, wake_marked

BATCH = 200  # cases looked at in one call to Prefect
MOST_MOVING = 1000  # cases; where more move, something has happened to all of them
RECOUNT_AFTER = (0.0, 0.5, 1.0)  # wall seconds


async def reconcile_all(client: PrefectClient) -> dict[str, int]:
    """Look at every open case once; returns how many of each finding there were, by name.

    Runs of cases that wait are counted, a thousand at a time, and read only where one of them is not parked.
    """
    await asyncio.to_thread(_shorten_leases)
    deployments = await _deployments(client)
    found: Counter[str] = Counter()
    for runs in await asyncio.to_thread(_waiting_runs):
        if await waiting_cases.parked(client, deployments, of=runs) == len(runs):
            found["fine"] += len(runs)
        else:
            found += await _reconcile_those(client, col(Case.flow_run_id).in_(runs), deployments)
    found += await _reconcile_those(client, not_(waiting_cases.waits(late_before(clock.now()))), deployments)
    return dict(found + await _reconcile_far_ahead(client, deployments))


async def reconcile_some(client: PrefectClient) -> dict[str, int] | None:
    """Look at what moves and what is late. None where fewer runs are parked than cases wait: look at all of them."""
    await asyncio.to_thread(_shorten_leases)
    deployments = await _deployments(client)
    for pause in RECOUNT_AFTER:
        await asyncio.sleep(pause)  # a case may have begun to move between the two counts
        waiting = await asyncio.to_thread(_waiting)
        if len(waiting.moving) > MOST_MOVING:
            return None
        if await waiting_cases.parked(client, deployments, but=waiting.moving) >= waiting.count:
            break
    else:
        return None
    found = Counter({"fine": waiting.count})
    found += await _reconcile_those(client, col(Case.flow_run_id).in_(waiting.moving), deployments)
    return dict(found + await _reconcile_far_ahead(client, deployments))


async def _reconcile_those(client: PrefectClient, wanted: ColumnElement[bool], deployments: set[UUID]) -> Counter[str]:
    found: Counter[str] = Counter()
    for batch in await asyncio.to_thread(_open_cases, wanted):
        found += await _reconcile_batch(client, batch, deployments)
    return found


async def _reconcile_far_ahead(client: PrefectClient, deployments: set[UUID]) -> Counter[str]:
    """Runs that should be awake soon, and were put off by a clock that was set back since. Nothing else is counted."""
    runs = await waiting_cases.far_ahead(client, clock.wall() + OVERDUE_AFTER)
    found = await _reconcile_those(client, col(Case.flow_run_id).in_([run.id for run in runs]), deployments)
    return Counter({"clock_set_back": found["clock_set_back"]}) if found["clock_set_back"] else Counter()


async def _deployments(client: PrefectClient) -> set[UUID]:
    return {deployment.id for deployment in await parking.persist(client.read_deployments)}


async def reconcile_late(client: PrefectClient) -> dict[str, int]:
    """The same for the open cases that are past their deadline and that nobody executes: their run should be awake."""
    late = await asyncio.to_thread(_late_cases)
    if not late:
        return {}
    return dict(await _reconcile_batch(client, late, await _deployments(client)))


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


async def reconcile_once(*, completely: bool = True) -> dict[str, int]:
    """Wake what is marked, look at what is under way, then at every open case, with a client of its own.

    Not `completely`: at those alone that move or are late, while as many runs are parked as cases wait.
    """
    async with get_client() as client:
        await wake_marked(client, since=LATE_AFTER)
        lost = Counter(await find_lost(client))
        del lost["executing"]  # counted with their cases
        found = None if completely else await reconcile_some(client)
        return dict(lost + Counter(await reconcile_all(client) if found is None else found))


def _shorten_leases() -> None:
    with transaction() as session:
        shortened = lease.shorten(session, settings().lease_seconds)
    if shortened:
        logs.warning("clock_set_back", count=shortened)
        incidents.note(IncidentKind.CLOCK_SET_BACK)


def _waiting() -> waiting_cases.Waiting:
    with transaction() as session:
        return waiting_cases.waiting(session, late_before(clock.now()))


def _waiting_runs() -> list[Sequence[UUID]]:
    with transaction() as session:
        return list(waiting_cases.chunks(session, late_before(clock.now())))


def _open_cases(wanted: ColumnElement[bool]) -> list[list[Case]]:
    with transaction() as session:
        query = select(Case).where(col(Case.status) != CaseStatus.CLOSED, wanted).order_by(col(Case.launched_at))
        return list(_batches(list(session.exec(query))))


def _late_cases() -> list[Case]:
    with transaction() as session:
        query = select(Case).where(*is_overdue(clock.now()))
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
        return await look_at_parked(client, case, run.id, run.state)
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
