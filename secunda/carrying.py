"""One execution of a case by the warm worker: what Prefect's own engine does, without what a case does not need.

The run gets its states from Prefect's API, the effects inside it are Prefect's task runs. Left out are the calls with
which the engine reads the run, its deployment and its storage again at each start, and its heartbeat: the lease tells
who is alive. The same flow runs under Prefect's own engine too, in any other worker.
"""

import asyncio
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from prefect import Flow
from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.objects import FlowRun
from prefect.client.schemas.responses import DeploymentResponse
from prefect.context import AsyncClientContext, FlowRunContext
from prefect.exceptions import Abort, Pause
from prefect.filesystems import LocalFileSystem
from prefect.results import ResultStore
from prefect.states import Running

from secunda import faults, launching, lease, logs, parking, resting
from secunda.errors import StepFailedError
from secunda.lease import Lease
from secunda.settings import settings


@dataclass(frozen=True)
class Taken:
    """A case whose lease this worker holds, and the run that it is to be executed in."""

    lease: Lease
    run_id: UUID | None  # None: it has no run yet
    specialty: str
    tags: tuple[str, ...]  # of a new run; none: not known
    deployment: DeploymentResponse

    def of_run(self, run_id: UUID) -> "Taken":
        return replace(self, run_id=run_id)


class Carrier:
    """Executes cases on one event loop, a limited number at once. Everything here runs on that loop."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.room = settings().worker_concurrency
        self.changed = asyncio.Event()  # an execution has ended
        self._executing: set[asyncio.Task[None]] = set()
        self._context: AsyncClientContext | None = None
        self._connecting = asyncio.Lock()
        # Nothing is ever stored: without a store of its own, each task run would ask Prefect for the default one.
        self._results = ResultStore(result_storage=LocalFileSystem(basepath=settings().home / "prefect" / "results"))

    async def client(self) -> PrefectClient:
        """The one client of all executions: making another costs as much as an execution."""
        async with self._connecting:
            if self._context is None:
                context = AsyncClientContext()
                await context.__aenter__()
                self._context = context
        AsyncClientContext.__var__.set(self._context)
        return self._context.client

    def start(self, taken: Taken) -> "asyncio.Task[None]":
        """Execute a case whose run is running already."""
        self.room -= 1
        task = asyncio.get_running_loop().create_task(self._carry(taken))
        self._executing.add(task)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: "asyncio.Task[None]") -> None:
        self._executing.discard(task)
        self.room += 1
        self.changed.set()

    async def wait_for_room(self) -> None:
        """Until one more execution may begin."""
        while self.room <= 0:
            self.changed.clear()
            await self.changed.wait()

    async def drain(self, seconds: float) -> None:
        """Let the executions come to their next wait."""
        if self._executing:
            await asyncio.wait(self._executing, timeout=seconds)
        with suppress(TimeoutError):
            await asyncio.wait_for(resting.finish_all(), seconds)

    async def _carry(self, taken: Taken) -> None:
        try:
            await self._execute(taken)
        except Exception as error:  # noqa: BLE001 - the run stays as it is; whoever looks for lost executions finds it
            logs.warning("execution_interrupted", case=taken.lease.reference, error=type(error).__name__)
        faults.point("after:execution")

    async def _execute(self, taken: Taken) -> None:
        """The flow function inside its run's context, and the state that its end gives the run."""
        client, flow = await self.client(), launching.flow_at(taken.deployment.entrypoint or "")
        lease.handed_over.set(taken.lease)
        run = run_of(taken)
        with self._inside(run, flow, client):
            try:
                await flow.fn(**run.parameters)
            except (Pause, Abort):
                return
            except StepFailedError as error:
                await parking.fail(client, run.id, str(error))
                return
        await parking.complete(client, run.id)

    async def keep_house(self, run: FlowRun, entrypoint: str) -> None:
        """Execute a run that belongs to no case and is pending. Prefect hears where it failed, not the error's text."""
        client, flow = await self.client(), launching.flow_at(entrypoint)
        await parking.start(client, run.id)
        with self._inside(run, flow, client):
            try:
                await flow.fn(**run.parameters)
            except Exception as error:  # noqa: BLE001 - the boundary to Prefect
                why = str(error) if isinstance(error, StepFailedError) else type(error).__name__
                logs.error("housekeeping_failed", name=flow.name, place=why)
                await parking.fail(client, run.id, why)
                return
        await parking.complete(client, run.id)

    def _inside(self, run: FlowRun, flow: "Flow[..., Any]", client: PrefectClient) -> FlowRunContext:
        return FlowRunContext(
            flow=flow,
            flow_run=run,
            parameters=run.parameters,
            client=client,
            task_runner=flow.task_runner,
            result_store=self._results,
            persist_result=False,
        )


def run_of(taken: Taken) -> FlowRun:
    """The run as the flow sees it, from what is known of it."""
    if taken.run_id is None:
        raise ValueError("a case is executed in its run only")
    return FlowRun(
        id=taken.run_id,
        name=taken.lease.reference,
        flow_id=taken.deployment.flow_id,
        deployment_id=taken.deployment.id,
        parameters={"case_reference": taken.lease.reference},
        tags=list(taken.tags),
        state=Running(),
    )


async def begin(client: PrefectClient, run_ids: Iterable[UUID]) -> set[UUID]:
    """Set those of the runs that are parked to Running, all in one call; returns which.

    The server looks whether a run is parked, in that call: one that a person has cancelled stays cancelled. It is
    forced, because Prefect would have an early run wait for its time.
    """
    ids = [str(run) for run in run_ids]
    if not ids:
        return set()
    body = {
        "flow_runs": {"id": {"any_": ids}, "state": {"type": {"any_": ["SCHEDULED"]}}},
        "state": {"type": "RUNNING", "name": "Running"},
        "force": True,
    }
    path = "/flow_runs/bulk_set_state"  # not on the list of routes that the client's types have
    answer = await parking.persist(lambda: client.request("POST", path, json=body))  # type: ignore[arg-type]
    return {UUID(one["flow_run_id"]) for one in answer.json()["results"] if one["status"] == "ACCEPT"}
