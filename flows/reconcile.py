"""Keeps runs in line with cases, on a schedule."""

from prefect import flow
from prefect.client.orchestration import get_client

from secunda import logs
from secunda.reconciling import reconcile_all


@flow(name="reconcile", persist_result=False)
async def reconcile() -> None:
    """A run for every open case that has none; lost executions woken; a run cancelled by hand holds its case."""
    async with get_client() as client:
        found = await reconcile_all(client)
    logs.info("reconcile", **found)
