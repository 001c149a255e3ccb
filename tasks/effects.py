"""What every effect shares: it is a task run of its case's run, is tried again, and its errors say where and of which
kind, nothing else.

Prefect's own task engine tells the server of three states of every task run: pending, running and its end. Most effects
here last some milliseconds, and telling of them would cost several times what they do. So an effect is told of when it
ends, as one task run with its times; one that lasts, or is tried again, is told of from then on.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from functools import lru_cache, wraps
from typing import Any, ParamSpec, TypeVar

from prefect.client.schemas.objects import State, TaskRun
from prefect.context import FlowRunContext
from prefect.states import AwaitingRetry, Completed, Failed, Retrying, Running
from prefect.utilities.engine import emit_task_run_state_change_event

from secunda import clock
from secunda.errors import StepFailedError
from secunda.settings import settings
from tasks.execution import place_of

LASTING_SECONDS = 0.5  # an effect that takes longer is shown as running

P = ParamSpec("P")
T = TypeVar("T")


def effect(name: str, retry_after: Sequence[float]) -> Callable[[Callable[P, T]], Callable[P, Awaitable[T]]]:
    """Make of a blocking function an effect: run in a thread, and again after each of these pauses in seconds.

    Whatever goes wrong inside leaves as StepFailedError, without its text: Prefect keeps the texts of exceptions.
    """

    def decorate(function: Callable[P, T]) -> Callable[P, Awaitable[T]]:
        @wraps(function)
        async def carry_out(*arguments: P.args, **named: P.kwargs) -> T:
            told = _Told(name, function.__qualname__, len(retry_after))
            return await _tried(told, retry_after, lambda: _guarded(function, *arguments, **named))

        return carry_out

    return decorate


def _guarded(function: Callable[..., T], *arguments: Any, **named: Any) -> T:
    try:
        return function(*arguments, **named)
    except Exception as error:  # noqa: BLE001 - the boundary to Prefect
        place = place_of(error)
    raise StepFailedError(place)


async def _tried(told: "_Told", retry_after: Sequence[float], function: Callable[[], T]) -> T:
    for pause in (*retry_after, None):
        lasting = asyncio.get_running_loop().call_later(LASTING_SECONDS, told.begun)
        try:
            result = await _in_thread(function)
        except StepFailedError as error:
            lasting.cancel()
            if pause is None:
                told.of(Failed(message=str(error)))
                raise
            told.of(AwaitingRetry(message=str(error)))
            await asyncio.sleep(pause)
        else:
            lasting.cancel()
            told.of(Completed())
            return result
    raise AssertionError("the last try returns or raises")


async def _in_thread(function: Callable[[], T]) -> T:
    """As `asyncio.to_thread`, in threads for effects alone.

    Effects last: reports wait in line for the printer, a vendor takes its time. In the threads that everything shares,
    a few of them would keep all others from holding on to their leases, and two workers would take each other's cases.
    """
    return await asyncio.get_running_loop().run_in_executor(_threads(), copy_context().run, function)


@lru_cache(maxsize=1)
def _threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(settings().worker_concurrency, thread_name_prefix="effect")


class _Told:
    """One task run, as far as Prefect was told of it. Outside a flow run nothing is told."""

    def __init__(self, name: str, key: str, retries: int) -> None:
        context = FlowRunContext.get()
        self._began = clock.wall()
        self._state: State[Any] | None = None
        self._run: TaskRun | None = None
        if context is not None and context.flow_run is not None:
            self._run = TaskRun(
                flow_run_id=context.flow_run.id,
                task_key=key,
                dynamic_key="",
                start_time=self._began,
                run_count=1,
            )
            self._run.empirical_policy.retries = retries
            self._run.dynamic_key = str(self._run.id)
            self._run.name = f"{name}-{self._run.id.hex[-3:]}"

    def begun(self) -> None:
        again = self._state is not None
        self.of(Retrying() if again else Running())

    def of(self, state: "State[Any]") -> None:
        """Tell of the state that the task run has now."""
        if self._run is None:
            return
        if state.is_final():
            times = {"end_time": state.timestamp, "total_run_time": state.timestamp - self._began}
            self._run = self._run.model_copy(update=times)
        if self._state is not None and self._state.name == "AwaitingRetry":
            self._run.run_count += 1
        state.state_details.flow_run_id, state.state_details.task_run_id = self._run.flow_run_id, self._run.id
        emit_task_run_state_change_event(task_run=self._run, initial_state=self._state, validated_state=state)
        self._state = state
