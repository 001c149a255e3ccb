"""Runs that come to the same state at the same moment go to Prefect's API together.

A run costs the Prefect server half as much in a call for several as in a call of its own.
"""

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.objects import State
from prefect.types import DateTime

GATHER_SECONDS = 0.1
SAME_TIME = timedelta(seconds=5)  # runs that wake so close together wake at the earliest of their times

_gathering: "dict[asyncio.AbstractEventLoop, list[_Group]]" = {}


@dataclass
class _Group:
    """One state, and the runs that come to it."""

    state: State[Any]
    times: list[DateTime] = field(default_factory=list)
    runs: "dict[UUID, asyncio.Future[None]]" = field(default_factory=dict)
    making: "asyncio.Task[None] | None" = None

    def is_for(self, run_id: UUID, state: State[Any]) -> bool:
        alike = (state.type, state.name, state.message) == (self.state.type, self.state.name, self.state.message)
        times = [*self.times, *_time(state)]
        near = len(times) in (0, len(self.runs) + 1) and (not times or max(times) - min(times) <= SAME_TIME)
        return alike and near and run_id not in self.runs

    def add(self, run_id: UUID, state: State[Any]) -> "asyncio.Future[None]":
        self.times += _time(state)
        self.state.state_details.scheduled_time = min(self.times, default=None)
        self.runs[run_id] = asyncio.get_running_loop().create_future()
        return self.runs[run_id]


def _time(state: State[Any]) -> list[DateTime]:
    """When a scheduled run is to wake; no other state has a time."""
    time = state.state_details.scheduled_time
    return [] if time is None else [time]


async def end_execution(client: PrefectClient, run_id: UUID, state: State[Any]) -> None:
    """Bring a running run to the state in which its execution leaves it. Raises what Prefect's client raises."""
    loop = asyncio.get_running_loop()
    groups = _gathering.setdefault(loop, [])
    group = next((one for one in groups if one.is_for(run_id, state)), None)
    if group is None:
        group = _Group(state.model_copy(deep=True))
        groups.append(group)
        group.making = loop.create_task(_make(client, group, groups))
    await group.add(run_id, state)


async def _make(client: PrefectClient, group: _Group, groups: list[_Group]) -> None:
    """The call, once the others have had time to come. Whoever is left out of it gets one of its own."""
    await asyncio.sleep(GATHER_SECONDS)
    groups.remove(group)
    if not groups:
        _gathering.pop(asyncio.get_running_loop(), None)
    try:
        done = await _all_at_once(client, group) if len(group.runs) > 1 else set()
        for run_id in group.runs.keys() - done:
            await client.set_flow_run_state(run_id, group.state)
    except Exception as error:  # noqa: BLE001 - each execution hears of it, and tries again
        for told in group.runs.values():
            told.set_exception(error)
    else:
        for told in group.runs.values():
            told.set_result(None)


async def _all_at_once(client: PrefectClient, group: _Group) -> set[UUID]:
    """The runs that have the state now. One that somebody has ended meanwhile stays as it is."""
    body = {
        "flow_runs": {"id": {"any_": [str(run) for run in group.runs]}, "state": {"type": {"any_": ["RUNNING"]}}},
        "state": group.state.model_dump(mode="json", include={"type", "name", "message", "state_details"}),
    }
    path = "/flow_runs/bulk_set_state"  # not on the list of routes that the client's types have
    answer = await client.request("POST", path, json=body)  # type: ignore[arg-type]
    return {UUID(one["flow_run_id"]) for one in answer.json()["results"] if one["status"] == "ACCEPT"}
