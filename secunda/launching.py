"""Deployments and runs: applies prefect.yaml, and makes the one flow run that carries a case."""

import asyncio
import sys
import time
from datetime import timedelta
from functools import lru_cache
from http import HTTPStatus
from importlib import import_module
from pathlib import Path
from typing import Any

from prefect import Flow
from prefect.client.orchestration import PrefectClient, get_client
from prefect.client.schemas.actions import DeploymentScheduleCreate, WorkPoolCreate
from prefect.client.schemas.objects import FlowRun
from prefect.client.schemas.responses import DeploymentResponse
from prefect.client.schemas.schedules import CronSchedule, IntervalSchedule
from prefect.exceptions import ObjectAlreadyExists, ObjectNotFound, PrefectHTTPStatusError
from prefect.states import Running, Scheduled
from ruamel.yaml import YAML

from secunda.errors import SecundaError
from secunda.parking import persist

CHECKOUT = Path(__file__).resolve().parent.parent
CASE_FLOW = "second-opinion"
WORKER_TYPE = "pathway"
REMEMBERED_SECONDS = 30.0  # how long a deployment that was read is taken for true

_deployments: dict[str, tuple[float, DeploymentResponse]] = {}  # by specialty, with the time of reading


@lru_cache
def flow_at(entrypoint: str) -> "Flow[..., Any]":
    """The flow object at `flows/second_opinion.py:second_opinion`, imported once a process."""
    path, name = entrypoint.split(":")
    if str(CHECKOUT) not in sys.path:
        sys.path.insert(0, str(CHECKOUT))
    found: Flow[..., Any] = getattr(import_module(path.removesuffix(".py").replace("/", ".")), name)
    return found


def _schedule(written: dict[str, Any]) -> DeploymentScheduleCreate:
    if "cron" in written:
        cron = CronSchedule(cron=written["cron"], timezone=written.get("timezone", "UTC"))
        return DeploymentScheduleCreate(schedule=cron, active=True)
    interval = IntervalSchedule(interval=timedelta(seconds=float(written["interval"])))
    return DeploymentScheduleCreate(schedule=interval, active=True, max_scheduled_runs=1)


async def deploy(file: Path = CHECKOUT / "prefect.yaml") -> list[str]:
    """Create the work pool and every deployment of prefect.yaml; harmless when they are there. Returns their names."""
    written = YAML(typ="safe").load(file.read_text(encoding="utf-8"))
    async with get_client() as client:
        pools = {deployment["work_pool"]["name"] for deployment in written["deployments"]}
        for pool in sorted(pools):
            await _create_pool(client, pool)
        return [await _create_deployment(client, deployment) for deployment in written["deployments"]]


async def _create_pool(client: PrefectClient, name: str) -> None:
    from secunda.worker import PathwayWorker

    template = PathwayWorker.get_default_base_job_template()
    try:
        await client.create_work_pool(WorkPoolCreate(name=name, type=WORKER_TYPE, base_job_template=template))
    except ObjectAlreadyExists:
        return


async def _create_deployment(client: PrefectClient, written: dict[str, Any]) -> str:
    flow = flow_at(written["entrypoint"])
    flow_id = await client.create_flow(flow)
    await client.create_deployment(
        flow_id=flow_id,
        name=written["name"],
        entrypoint=written["entrypoint"],
        path=str(CHECKOUT),
        work_pool_name=written["work_pool"]["name"],
        tags=written.get("tags", []),
        description=flow.description,
        parameter_openapi_schema=_parameters(flow),
        schedules=[_schedule(schedule) for schedule in written.get("schedules", [])],
    )
    return f"{flow.name}/{written['name']}"


def _parameters(flow: "Flow[..., Any]") -> dict[str, Any]:
    from prefect.utilities.callables import parameter_schema

    return parameter_schema(flow.fn).model_dump()


async def deployment_of(client: PrefectClient, specialty: str) -> DeploymentResponse:
    """The deployment of a specialty, read again every half minute. Raises SecundaError when it is missing."""
    read, found = _deployments.get(specialty, (0.0, None))
    if found is not None and time.monotonic() - read < REMEMBERED_SECONDS:
        return found
    try:
        found = await persist(lambda: client.read_deployment_by_name(f"{CASE_FLOW}/{specialty}"))
    except ObjectNotFound:
        raise SecundaError(f"Prefect has no deployment {CASE_FLOW}/{specialty}.", "Run `secunda deploy`.") from None
    _deployments[specialty] = (time.monotonic(), found)
    return found


async def create_run(
    client: PrefectClient,
    reference: str,
    specialty: str,
    tags: list[str],
    attempt: int = 1,
    *,
    begun: bool = False,
) -> FlowRun:
    """Make the run of a case from its specialty's deployment; asking twice gives the same run.

    Only the opaque reference and the tags reach Prefect. `attempt` above 1 makes another run, for a case whose
    earlier run is gone. `begun`: whoever asks executes it, and it starts as running. Raises SecundaError when the
    deployment is missing.
    """
    deployment = await deployment_of(client, specialty)
    try:
        return await persist(
            lambda: client.create_flow_run_from_deployment(
                deployment.id,
                parameters={"case_reference": reference},
                name=reference,
                tags=tags,
                state=Running() if begun else Scheduled(name="Requested"),
                idempotency_key=f"{reference}:{attempt}",
            )
        )
    except PrefectHTTPStatusError as error:
        if error.response.status_code != HTTPStatus.NOT_FOUND:
            raise
        _deployments.pop(specialty, None)
        raise SecundaError(f"The deployment {CASE_FLOW}/{specialty} was deleted.", "Run `secunda deploy`.") from None


def deploy_now() -> list[str]:
    """`deploy()` for the command line."""
    return asyncio.run(deploy())
