"""Keeps runs in line with cases, and the house in order, on a schedule."""

from prefect import flow

from secunda import logs
from secunda.reconciling import reconcile_once
from tasks.forget import forget_what_is_past
from tasks.uploads import give_up_old_uploads


@flow(name="reconcile", persist_result=False)
async def reconcile() -> None:
    """A run for every open case that has none; lost executions woken; a run cancelled by hand holds its case."""
    logs.info("reconcile", **await reconcile_once())
    await give_up_old_uploads()
    await forget_what_is_past()
