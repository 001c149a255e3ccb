"""Every worker looks, every few seconds, for what nobody would wake: lost executions, deadlines that passed unheard.

The scheduled `reconcile` looks at everything, but is a run itself: the worker that dies may be the one that has it.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime

from prefect.client.orchestration import PrefectClient
from sqlalchemy.exc import DBAPIError

from models.status import IncidentKind
from secunda import clock, incidents, logs, parking
from secunda.lost_executions import find_lost
from secunda.reconciling import reconcile_late
from secunda.settings import settings

LONGEST_PAUSE = 10.0  # wall seconds between two looks
QUIET = {"fine", "executing", "overdue"}


class Outage:
    """What did not answer, and since when (wall time): noted once it answers again."""

    def __init__(self, kind: IncidentKind) -> None:
        self.kind = kind
        self.since: datetime = clock.wall()

    def end(self) -> None:
        with suppress(DBAPIError):  # gone again already; this outage is in the log
            incidents.note(self.kind, lasted=clock.wall() - self.since)


async def watch(client: PrefectClient) -> dict[str, int]:
    """One look; returns how many of each finding. Raises at once what Prefect's API raises when it does not answer."""
    if (unreachable := await client.api_healthcheck()) is not None:
        raise unreachable
    return dict(Counter(await find_lost(client)) + Counter(await reconcile_late(client)))


async def keep_watching(name: str, connected: Callable[[], Awaitable[PrefectClient]]) -> None:
    """Look at once, for a predecessor may have died, and then until cancelled; `connected` gives the client to use.

    An outage of PostgreSQL or Prefect is logged, waited through, and counted at its end.
    """
    parking.patient.set(False)  # a look that waited through an outage would not count it
    outage: Outage | None = None
    while True:
        try:
            found = await watch(await connected())
            if outage is not None:
                await asyncio.to_thread(outage.end)
                outage = None
            if not QUIET.issuperset(found):
                logs.info("watch", worker=name, **found)
        except Exception as error:  # noqa: BLE001 - the watch must outlive every outage
            logs.warning("watch_interrupted", worker=name, error=type(error).__name__)
            outage = outage or Outage(_what_is_away(error))
        await asyncio.sleep(min(LONGEST_PAUSE, settings().lease_seconds / 2))


def _what_is_away(error: Exception) -> IncidentKind:
    return IncidentKind.DATABASE_UNREACHABLE if isinstance(error, DBAPIError) else IncidentKind.PREFECT_UNREACHABLE
