"""Every worker looks, every few seconds, for what nobody would wake: lost executions, deadlines that passed unheard.

The scheduled `reconcile` looks at everything, but is a run itself: the worker that dies may be the one that has it.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime

from prefect.client.orchestration import PrefectClient
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlmodel import select

from models.status import IncidentKind
from secunda import clock, incidents, logs, prefect_environment, probes
from secunda.db import transaction
from secunda.lost_executions import find_lost
from secunda.reconciling import reconcile_late
from secunda.settings import settings

LONGEST_PAUSE = 10.0  # wall seconds between two looks
QUIET = {"fine", "executing", "overdue"}


class Outage:
    """What did not answer, and since when it was asked in vain (wall time): noted once it answers again."""

    def __init__(self, kind: IncidentKind, since: datetime) -> None:
        self.kind = kind
        self.since = since

    def end(self) -> None:
        with suppress(DBAPIError):  # gone again already; this outage is in the log
            incidents.note(self.kind, lasted=clock.wall() - self.since)


async def look(client: PrefectClient) -> dict[str, int]:
    """Mend what is found; returns how many of each finding."""
    return dict(Counter(await find_lost(client)) + Counter(await reconcile_late(client)))


async def probe() -> None:
    """Raises at once what the database or Prefect's API raises when it does not answer.

    Without Prefect's client: one that has ever been connected waits through an outage by itself, and making another
    each time costs thirty milliseconds.
    """
    await asyncio.to_thread(_ask_database)
    await asyncio.to_thread(_ask_prefect)


def _ask_database() -> None:
    with transaction() as session:
        session.exec(select(1))


def _ask_prefect() -> None:
    """A server that is busy for some seconds is there."""
    probes.ask(f"{prefect_environment.api_url(settings())}/health", timeout=LONGEST_PAUSE)


async def keep_watching(name: str, connected: Callable[[], Awaitable[PrefectClient]]) -> None:
    """Look and probe until cancelled; `connected` gives the client to look with."""
    await asyncio.gather(_keep_looking(name, connected), _keep_probing(name))


async def _keep_looking(name: str, connected: Callable[[], Awaitable[PrefectClient]]) -> None:
    """At once, for a predecessor may have died, and then again and again. An outage is waited through."""
    while True:
        try:
            found = await look(await connected())
            if not QUIET.issuperset(found):
                logs.info("watch", worker=name, **found)
        except Exception as error:  # noqa: BLE001 - the watch must outlive every outage
            logs.warning("watch_interrupted", worker=name, error=type(error).__name__)
        await asyncio.sleep(_pause())


async def _keep_probing(name: str) -> None:
    """An outage is logged, and counted at its end. Apart from looking, which may hang in the middle of one."""
    outage: Outage | None = None
    while True:
        asked_at = clock.wall()  # a question may take seconds to fail: the outage began before that
        try:
            await probe()
            if outage is not None:
                await asyncio.to_thread(outage.end)
                outage = None
        except Exception as error:  # noqa: BLE001 - the watch must outlive every outage
            logs.warning("unreachable", worker=name, error=type(error).__name__)
            outage = outage or Outage(_what_is_away(error), since=asked_at)
        await asyncio.sleep(_pause())


def _pause() -> float:
    return min(LONGEST_PAUSE, settings().lease_seconds / 2)


def _what_is_away(error: Exception) -> IncidentKind:
    return IncidentKind.DATABASE_UNREACHABLE if isinstance(error, SQLAlchemyError) else IncidentKind.PREFECT_UNREACHABLE
