"""Runs that come to the same state at the same moment go to Prefect together; each gets its state, or its error."""

import asyncio
from collections.abc import Awaitable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from prefect.client.schemas.objects import State
from prefect.states import Completed, Scheduled

from secunda.state_changes import SAME_TIME, end_execution

DUE = datetime(2030, 1, 1, tzinfo=UTC)
RUNS = [uuid4() for _ in range(3)]


class Answer:
    def __init__(self, accepted: list[str]) -> None:
        self._accepted = accepted

    def json(self) -> dict[str, Any]:
        return {"results": [{"flow_run_id": run, "status": "ACCEPT"} for run in self._accepted]}


class Prefect:
    """Keeps what it was asked; does not know the runs that were ended."""

    def __init__(self, ended: frozenset[UUID] = frozenset(), error: Exception | None = None) -> None:
        self.together: list[dict[str, Any]] = []
        self.alone: list[tuple[UUID, State[Any]]] = []
        self._ended, self._error = {str(run) for run in ended}, error

    async def request(self, method: str, path: str, json: dict[str, Any]) -> Answer:
        assert (method, path) == ("POST", "/flow_runs/bulk_set_state")
        if self._error is not None:
            raise self._error
        self.together.append(json)
        return Answer([run for run in json["flow_runs"]["id"]["any_"] if run not in self._ended])

    async def set_flow_run_state(self, run_id: UUID, state: State[Any]) -> None:
        self.alone.append((run_id, state))


def carried_out(*wanted: Awaitable[None]) -> list[BaseException | None]:
    async def all_of_them() -> list[BaseException | None]:
        return await asyncio.gather(*wanted, return_exceptions=True)

    return asyncio.run(all_of_them())


def parked(badge: str = "Awaiting documents", due: datetime = DUE) -> State[Any]:
    return Scheduled(name=badge, scheduled_time=due)


def test_runs_that_wait_for_the_same_are_parked_in_one_call_at_the_earliest_of_their_times() -> None:
    prefect: Any = Prefect()
    times = [DUE + SAME_TIME / 2, DUE, DUE + SAME_TIME]
    assert (
        carried_out(*(end_execution(prefect, run, parked(due=at)) for run, at in zip(RUNS, times, strict=True)))
        == [None] * 3
    )
    assert prefect.alone == []
    (asked,) = prefect.together
    assert set(asked["flow_runs"]["id"]["any_"]) == {str(run) for run in RUNS}
    assert asked["flow_runs"]["state"] == {"type": {"any_": ["RUNNING"]}}
    assert datetime.fromisoformat(asked["state"]["state_details"]["scheduled_time"]) == DUE


def test_other_waits_other_times_and_a_single_run_have_calls_of_their_own() -> None:
    prefect: Any = Prefect()
    states = [parked(), parked("Awaiting opinions"), parked(due=DUE + SAME_TIME + timedelta(seconds=1))]
    carried_out(*(end_execution(prefect, run, state) for run, state in zip(RUNS, states, strict=True)))
    assert prefect.together == []
    assert {run for run, _ in prefect.alone} == set(RUNS)


def test_a_run_that_the_call_left_out_is_asked_for_by_itself() -> None:
    prefect: Any = Prefect(ended=frozenset({RUNS[1]}))
    assert carried_out(*(end_execution(prefect, run, Completed()) for run in RUNS)) == [None] * 3
    assert [run for run, _ in prefect.alone] == [RUNS[1]]


def test_each_hears_of_an_outage() -> None:
    prefect: Any = Prefect(error=ConnectionError())
    heard = carried_out(*(end_execution(prefect, run, Completed()) for run in RUNS))
    assert [type(one) for one in heard] == [ConnectionError] * 3


def test_a_run_that_comes_later_is_told_later() -> None:
    prefect: Any = Prefect()

    async def one_after_the_other() -> None:
        for run in RUNS:
            await end_execution(prefect, run, Completed())

    asyncio.run(one_after_the_other())
    assert [run for run, _ in prefect.alone] == RUNS
