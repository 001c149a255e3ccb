"""Keeps runs in line with cases, and the house in order, on a schedule."""

import time

from prefect import flow

from secunda import logs
from secunda.reconciling import reconcile_once
from tasks.forget import forget_what_is_past
from tasks.uploads import give_up_old_uploads

COMPLETELY_EVERY = 600.0  # wall seconds; what counting cannot see is seen by then

_completely_at = float("-inf")  # by this worker, on the monotonic clock


@flow(name="reconcile", persist_result=False)
async def reconcile() -> None:
    """A run for every open case that has none; lost executions woken; a run cancelled by hand holds its case."""
    global _completely_at  # noqa: PLW0603 - of the process, which is the worker
    completely = time.monotonic() - _completely_at > COMPLETELY_EVERY
    logs.info("reconcile", **await reconcile_once(completely=completely))
    if completely:
        _completely_at = time.monotonic()
    await give_up_old_uploads()
    await forget_what_is_past()
