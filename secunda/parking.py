"""Waiting inside Prefect: a parked run is SCHEDULED, with a name of ours and the next deadline as its time.

Prefect wakes it at that time by itself; an event wakes it earlier. Everything here takes opaque references only.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import NoReturn, TypeVar
from uuid import UUID

import httpx
from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.objects import FlowRun, State, StateType
from prefect.exceptions import ObjectNotFound, Pause, PrefectHTTPStatusError
from prefect.states import Cancelled, Completed, Crashed, Failed, Running, Scheduled

from secunda import clock, faults
from secunda.state_changes import end_execution

AWAKE = "Awake"
RETRY_AFTER = (0.2, 0.5, 1.0, 2.0, 4.0, 8.0, 8.0, 8.0)  # wall seconds; a server restart takes less

T = TypeVar("T")


async def persist(call: Callable[[], Awaitable[T]]) -> T:
    """Repeat a call to the Prefect API through a short outage; raises what it raised when the outage lasts."""
    for pause in RETRY_AFTER:
        try:
            faults.around("before", call)
            answer = await call()
            faults.around("after", call)
            return answer
        except (httpx.TransportError, PrefectHTTPStatusError) as error:
            if isinstance(error, PrefectHTTPStatusError) and error.response.status_code < 500:
                raise
            await asyncio.sleep(pause)
    return await call()


async def park(client: PrefectClient, run_id: UUID, badge: str, until: datetime | None) -> NoReturn:
    """Park the run that is executing under `badge` until the wall time `until`; raises Pause, which ends the execution.

    Without a time it waits for an event alone; the far date is Prefect's need, not ours.
    """
    time = until or datetime(9999, 1, 1, tzinfo=UTC)
    state: State[None] = Scheduled(name=badge, scheduled_time=max(time, clock.wall()))
    await persist(lambda: end_execution(client, run_id, state))
    raise Pause(f"parked: {badge}", state=state)


async def wake(client: PrefectClient, run_id: UUID) -> str:
    """Wake a parked run now. Returns what was found: `woken`, `busy` (it runs or is about to), `ended` or `missing`.

    A run that is pending or running is never touched: it will park, and be looked at again.
    """
    run = await read(client, run_id)
    if run is None:
        return "missing"
    if run.state is None or run.state.type is StateType.SCHEDULED:
        if run.state is not None and _is_due(run.state):
            return "woken"
        await persist(lambda: client.set_flow_run_state(run_id, Scheduled(name=AWAKE)))
        return "woken"
    return "ended" if run.state.is_final() else "busy"


async def force_awake(client: PrefectClient, run_id: UUID, why: str) -> None:
    """Schedule a run for now whatever its state: for a run whose worker died, or one that ended before its case."""
    await persist(lambda: client.set_flow_run_state(run_id, Scheduled(name=AWAKE, message=why), force=True))


async def cancel(client: PrefectClient, run_id: UUID, why: str) -> None:
    """End a run for good."""
    await persist(lambda: client.set_flow_run_state(run_id, Cancelled(message=why), force=True))


async def start(client: PrefectClient, run_id: UUID) -> None:
    """Show a run that is pending as running."""
    await persist(lambda: client.set_flow_run_state(run_id, Running()))


async def complete(client: PrefectClient, run_id: UUID) -> None:
    """End a run whose case is closed."""
    await persist(lambda: end_execution(client, run_id, Completed()))


async def fail(client: PrefectClient, run_id: UUID, why: str) -> None:
    """End a run whose case could not be carried on."""
    await persist(lambda: client.set_flow_run_state(run_id, Failed(message=why), force=True))


async def crash(client: PrefectClient, run_id: UUID, why: str) -> None:
    """End a run that nobody needs any more, and whose worker died."""
    await persist(lambda: client.set_flow_run_state(run_id, Crashed(message=why), force=True))


async def read(client: PrefectClient, run_id: UUID) -> FlowRun | None:
    """The run, or None when Prefect has none of that id."""
    try:
        return await persist(lambda: client.read_flow_run(run_id))
    except ObjectNotFound:
        return None


def _is_due(state: "State[object]") -> bool:
    time = state.state_details.scheduled_time
    return time is not None and time <= clock.wall()
