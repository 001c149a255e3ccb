"""The warm worker takes up the cases that are to be woken, and those whose time has come, and executes them itself.

It takes a case's lease first, then has Prefect set the run to Running, then executes. Several cases that are to be
woken at the same moment go through both in one statement and one call. What cannot be begun this way is given back,
and woken as `secunda.waker` does it.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from uuid import UUID

import psycopg
from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.objects import FlowRun
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import col, update

from models import Case
from secunda import cases, clock, launching, lease, logs
from secunda.carrying import Carrier, Taken, begin
from secunda.db import transaction
from secunda.errors import SecundaError
from secunda.lease import Lease, LeaseLostError
from secunda.lost_executions import bring_back_held
from secunda.postgres import database_url
from secunda.settings import settings
from secunda.waker import run_tags, wake_or_say_why_not

ROUND_SECONDS = 1.0
GATHER_SECONDS = 0.02  # marks that come this close together are taken up together
BUSY_SECONDS, REFUSED_SECONDS = 1.0, 5.0  # wall time until a case that could not be taken up is looked at again

Marked = tuple[Lease, Case]


class Taker:
    """Finds cases for one carrier. `is_paused` says whether the work pool is, in the dashboard."""

    def __init__(self, carrier: Carrier, is_paused: Callable[[], bool]) -> None:
        self.carrier = carrier
        self._is_paused = is_paused
        self._aside: dict[UUID, float] = {}  # cases that are not looked at before this, by the monotonic clock

    async def keep_taking(self) -> None:
        """Take up what is due until cancelled: marked cases at once when PostgreSQL notifies, all else every second.

        An outage of PostgreSQL or Prefect is logged and waited through.
        """
        while True:
            try:
                client = await self.carrier.client()
                async with await _listen() as connection:
                    while True:
                        if not await self._take_what_fits(client):
                            async for _ in connection.notifies(timeout=ROUND_SECONDS, stop_after=1):
                                await asyncio.sleep(GATHER_SECONDS)
            except asyncio.CancelledError:
                raise
            except Exception as error:  # noqa: BLE001 - it must outlive every outage; reconcile counts what waits
                logs.warning("waker_interrupted", worker=self.carrier.name, error=type(error).__name__)
                await asyncio.sleep(ROUND_SECONDS)

    async def _take_what_fits(self, client: PrefectClient) -> bool:
        """One round; returns whether there may be more to take up."""
        await self.carrier.wait_for_room()
        if self._is_paused():
            return False
        room, now = self.carrier.room, time.monotonic()
        self._aside = {case: until for case, until in self._aside.items() if until > now}
        marked = await asyncio.to_thread(_take, self.carrier.name, room, tuple(self._aside))
        if marked:
            await self.take_up(client, marked)
        return len(marked) == room

    async def take_up(self, client: PrefectClient, marked: list[Marked]) -> None:
        """Execute those whose run can be set to running now; the others are given back and woken by way of Prefect."""
        left = {case.id: (held, case) for held, case in marked}
        try:
            async with _held_on_to([held for held, _ in marked]):
                begun = await self._begun(client, marked)
            for taken in begun:
                del left[taken.lease.case_id]
                self.carrier.start(taken)
        finally:
            for held, _ in left.values():
                await asyncio.to_thread(_give_back, held)
        for _, case in left.values():
            done = await wake_or_say_why_not(client, case)
            self._aside[case.id] = time.monotonic() + (BUSY_SECONDS if done == "busy" else REFUSED_SECONDS)
            if done != "busy":
                logs.info("wake", case=case.reference, result=done)

    async def _begun(self, client: PrefectClient, marked: list[Marked]) -> list[Taken]:
        ours = [one for one in [await _taken(client, held, case) for held, case in marked] if one is not None]
        new = [one for one in ours if one.run_id is None]
        made = await asyncio.gather(*(_with_new_run(client, one) for one in new))
        parked = {one.run_id: one for one in ours if one.run_id is not None}
        begun = await begin(client, parked)
        left = [case for _, case in marked if case.flow_run_id in parked.keys() - begun]
        begun |= await begin(client, await bring_back_held(client, left))
        return [one for one in made if one is not None] + [parked[run] for run in begun]

    async def execute_due(self, run: FlowRun) -> bool:
        """Execute a run that Prefect says is due to its next wait or its end.

        False when it is not the run of its case: somebody else must look at it. A case that is held at the moment is
        left as it is; its run stays due.
        """
        await self.carrier.wait_for_room()
        found = await asyncio.to_thread(_take_of_run, self.carrier.name, run)
        if found is None:
            return False
        held, case = found
        if held is None:
            return True
        client = await self.carrier.client()
        async with _held_on_to([held]):
            taken = await _taken(client, held, case)
            begun = set() if taken is None else await begin(client, [run.id])
        if taken is None or taken.run_id not in begun:
            await asyncio.to_thread(_give_back, held)
            return taken is not None
        await self.carrier.start(taken)
        return True


@asynccontextmanager
async def _held_on_to(leases: list[Lease]) -> AsyncIterator[None]:
    """Extend leases while Prefect takes its time to begin the runs; from then on each execution does so itself."""
    keeper = asyncio.create_task(_keep(leases))
    try:
        yield
    finally:
        keeper.cancel()


async def _keep(leases: list[Lease]) -> None:
    while True:
        await asyncio.sleep(settings().lease_seconds / 3)
        for held in leases:
            with suppress(LeaseLostError, SQLAlchemyError):  # the execution's first write finds it out
                await asyncio.to_thread(_extend, held)


def _extend(held: Lease) -> None:
    with transaction() as session:
        lease.extend(session, held, settings().lease_seconds)


async def _taken(client: PrefectClient, held: Lease, case: Case) -> Taken | None:
    """None for a specialty that is not deployed, or deployed to workers of another kind."""
    try:
        deployment = await launching.deployment_of(client, case.specialty)
    except SecundaError:
        return None
    if deployment.work_pool_name != settings().work_pool:
        return None
    tags = tuple(run_tags(case)) if case.flow_run_id is None else ()
    return Taken(held, case.flow_run_id, case.specialty, tags, deployment)


async def _with_new_run(client: PrefectClient, taken: Taken) -> Taken | None:
    """The same with the run of a case that has none yet; None when an earlier try made one that goes its own way."""
    run = await launching.create_run(client, taken.lease.reference, taken.specialty, list(taken.tags), begun=True)
    await asyncio.to_thread(_remember_run, taken.lease, run.id)
    return taken.of_run(run.id) if run.state is not None and run.state.is_running() else None


def _take(holder: str, limit: int, aside: tuple[UUID, ...]) -> list[Marked]:
    with transaction() as session:
        return lease.acquire_due(session, f"worker:{holder}", settings().lease_seconds, limit, clock.now(), aside)


def _take_of_run(holder: str, run: FlowRun) -> tuple[Lease | None, Case] | None:
    with transaction() as session:
        case = cases.by_reference(session, str(run.parameters.get("case_reference", "")))
        if case.flow_run_id != run.id:
            return None
        return lease.acquire(session, case.reference, f"worker:{holder}", settings().lease_seconds), case


def _remember_run(held: Lease, run_id: UUID) -> None:
    with transaction() as session:
        session.exec(
            update(Case).where(col(Case.id) == held.case_id, col(Case.flow_run_id).is_(None)).values(flow_run_id=run_id)
        )


def _give_back(held: Lease) -> None:
    with transaction() as session:
        lease.release(session, held)


async def _listen() -> "psycopg.AsyncConnection[tuple[object, ...]]":
    url = make_url(database_url(settings())).set(drivername="postgresql")
    connection = await psycopg.AsyncConnection.connect(url.render_as_string(hide_password=False), autocommit=True)
    await connection.execute(f"listen {cases.WAKE_CHANNEL}")
    return connection
