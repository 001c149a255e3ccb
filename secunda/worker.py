"""The warm worker: runs flows in its own process, where everything is already imported and connected.

The stock process worker starts an interpreter for every wake-up (seconds of CPU); this one needs a tenth of a second.
Deployments can be moved to a `process`, `docker` or `kubernetes` pool unchanged. Registered through the entry point
group `prefect.collections`, so that `prefect worker start --pool pathways --type pathway` finds it.
"""

import asyncio
import threading
from collections.abc import Coroutine
from concurrent.futures import Future
from typing import Any, TypeVar
from uuid import UUID

import anyio
import anyio.abc
import uvloop
from prefect.client.schemas.objects import FlowRun
from prefect.exceptions import Abort, Pause
from prefect.flow_engine import run_flow_async
from prefect.workers.base import BaseJobConfiguration, BaseVariables, BaseWorker, BaseWorkerResult

from secunda import launching
from secunda.carrying import Carrier
from secunda.settings import settings
from secunda.taking import Taker

T = TypeVar("T")

GRACE_SECONDS = 15  # how long a stopping worker lets its executions come to their next commit


class PathwayWorkerResult(BaseWorkerResult):
    """What an execution ended with; the state of the run says the rest."""


class Executor:
    """A thread with an event loop of its own, where flows run.

    Prefect's engine takes over SIGTERM when it runs in the main thread; with many runs in one process that would end
    them in disorder. Here the worker hears SIGTERM, and waits for its executions.
    """

    def __init__(self) -> None:
        self.loop = uvloop.new_event_loop()
        self._thread = threading.Thread(target=self._serve, name="pathway-executor", daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        asyncio.set_event_loop(self.loop)
        self.loop.run_forever()

    def submit(self, work: "Coroutine[Any, Any, T]") -> "Future[T]":
        return asyncio.run_coroutine_threadsafe(work, self.loop)

    def stop(self) -> None:
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join(GRACE_SECONDS)


class PathwayWorker(BaseWorker[BaseJobConfiguration, BaseVariables, PathwayWorkerResult]):
    """Executes runs of its pool inside this process, several at once."""

    type = "pathway"
    job_configuration = BaseJobConfiguration
    job_configuration_variables = BaseVariables
    _description = "Runs pathways in a warm process, without starting an interpreter for each wake-up."

    def __init__(self, *arguments: Any, **options: Any) -> None:
        options["limit"] = options.get("limit") or settings().worker_concurrency
        options["prefetch_seconds"] = 0  # a case must not wake before its deadline
        super().__init__(*arguments, **options)
        self._executor = Executor()
        self._carrier = Carrier(self.name)
        self._taker = Taker(self._carrier, self._is_paused)
        self._entrypoints: dict[UUID, str] = {}
        self._beside: list[Future[None]] = []

    @classmethod
    def get_default_base_job_template(cls) -> dict[str, Any]:
        """Without variables, which nothing here reads: the server would check their defaults for each run it makes."""
        return {"job_configuration": {"command": None}, "variables": {"type": "object", "properties": {}}}

    async def setup(self) -> None:
        await super().setup()
        from secunda.reporting import printing
        from secunda.watching import keep_watching
        from secunda.webhooks.at_once import keep_sending

        printing.warm_up()
        watch = keep_watching(self.name, self._carrier.client)
        beside = (self._taker.keep_taking(), watch, keep_sending(self.name))
        self._beside = [self._executor.submit(work) for work in beside]

    async def teardown(self, *exc_info: Any) -> None:
        for work in self._beside:
            work.cancel()
        await asyncio.wrap_future(self._executor.submit(self._carrier.drain(GRACE_SECONDS)))
        await super().teardown(*exc_info)
        await asyncio.to_thread(self._executor.stop)

    async def run(
        self,
        flow_run: FlowRun,
        configuration: BaseJobConfiguration,  # noqa: ARG002 - part of the interface
        task_status: anyio.abc.TaskStatus[int] | None = None,
    ) -> PathwayWorkerResult:
        """Execute the run to its next wait or its end."""
        if task_status is not None:
            task_status.started(1)
        flow = launching.flow_at(await self._entrypoint(flow_run))
        await asyncio.wrap_future(self._executor.submit(_execute(flow, flow_run)))
        return PathwayWorkerResult(identifier=self.name, status_code=0)

    async def _submit_run(self, flow_run: FlowRun) -> None:
        """A case, and what keeps house, is executed here; a run that is not its case's own, by Prefect's engine."""
        try:
            if await self._execute_case(flow_run):
                return
            if not await self._propose_pending_state(flow_run):
                return  # another worker has it
            entrypoint = await self._entrypoint(flow_run)
            if is_of_a_case(flow_run) or not launching.flow_at(entrypoint).isasync:
                await self.run(flow_run, BaseJobConfiguration())
            else:
                await asyncio.wrap_future(self._executor.submit(self._carrier.keep_house(flow_run, entrypoint)))
        except Exception as error:  # noqa: BLE001 - whatever one run does, the worker lives on
            self._logger.error("Run %s ended with %s", flow_run.name, type(error).__name__)
        finally:
            self._release_limit_slot(flow_run.id)
            self._submitting_flow_run_ids.discard(flow_run.id)

    async def _execute_case(self, flow_run: FlowRun) -> bool:
        if not is_of_a_case(flow_run):
            return False
        return await asyncio.wrap_future(self._executor.submit(self._taker.execute_due(flow_run)))

    def _is_paused(self) -> bool:
        """As the dashboard said at the last heartbeat."""
        return self._work_pool is not None and self._work_pool.is_paused

    async def _cancel_run(self, flow_run_id: UUID) -> None:
        """A run that executes ends where it next parks; the reconciler puts its case on hold."""
        run = await self.client.read_flow_run(flow_run_id)
        await self._mark_flow_run_as_cancelled(run)

    async def _entrypoint(self, flow_run: FlowRun) -> str:
        deployment_id = flow_run.deployment_id
        if deployment_id is None:
            raise ValueError("a run without a deployment")
        if deployment_id not in self._entrypoints:
            deployment = await self.client.read_deployment(deployment_id)
            self._entrypoints[deployment_id] = deployment.entrypoint or ""
        return self._entrypoints[deployment_id]


def is_of_a_case(flow_run: FlowRun) -> bool:
    """Whether the run says so itself; it may still not be the one run of that case."""
    return "case_reference" in flow_run.parameters


async def _execute(flow: Any, flow_run: FlowRun) -> None:
    """Run the engine. Parking and being told to stop are ordinary ends; a failure is in the run's state."""
    try:
        await run_flow_async(flow, flow_run=flow_run, parameters=dict(flow_run.parameters), return_type="state")
    except (Pause, Abort):
        return
