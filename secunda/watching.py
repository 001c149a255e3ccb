"""Every worker looks, every few seconds, for what nobody would wake: lost executions, deadlines that passed unheard.

The scheduled `reconcile` looks at everything, but is a run itself: the worker that dies may be the one that has it.
"""

import asyncio
from collections import Counter

from prefect.client.orchestration import get_client

from secunda import logs
from secunda.lost_executions import find_lost
from secunda.reconciling import reconcile_late
from secunda.settings import settings

LONGEST_PAUSE = 10.0  # wall seconds between two looks
QUIET = {"fine", "executing", "overdue"}


async def watch() -> dict[str, int]:
    """One look; returns how many of each finding."""
    async with get_client() as client:
        return dict(Counter(await find_lost(client)) + Counter(await reconcile_late(client)))


async def keep_watching(name: str) -> None:
    """Look until cancelled. An outage of PostgreSQL or Prefect is logged and waited through."""
    while True:
        await asyncio.sleep(min(LONGEST_PAUSE, settings().lease_seconds / 2))
        try:
            found = await watch()
        except Exception as error:  # noqa: BLE001 - the watch must outlive every outage
            logs.warning("watch_interrupted", worker=name, error=type(error).__name__)
            continue
        if not QUIET.issuperset(found):
            logs.info("watch", worker=name, **found)
