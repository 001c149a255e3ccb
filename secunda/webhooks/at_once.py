"""Sending notices as they are queued, and again when their pause is over, beside whatever else the process does.

It needs the domain store and the network, not Prefect: payers are told while Prefect is away. What it leaves, the
scheduled `deliver-messages` finds.
"""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache

import psycopg
from sqlalchemy.engine import make_url

from secunda import clock, logs
from secunda.db import transaction
from secunda.postgres import database_url
from secunda.settings import settings
from secunda.webhooks.claiming import next_due
from secunda.webhooks.delivering import deliver_webhooks
from secunda.webhooks.queueing import CHANNEL

SENDERS = 4  # at once, so that slow receivers keep no others waiting
SHORTEST_PAUSE, LONGEST_PAUSE = 0.2, 10.0  # wall seconds between two looks
BUSY_PAUSE = 0.5
OUTAGE_PAUSE = 1.0


async def keep_sending(name: str) -> None:
    """Send what is due until cancelled: at once when PostgreSQL notifies, and when the next attempt is due.

    An outage of PostgreSQL is logged and waited through.
    """
    while True:
        try:
            async with await _listen() as connection:
                await _send_and_listen(connection)
        except Exception as error:  # noqa: BLE001 - it must outlive every outage; the scheduled delivery goes on too
            logs.warning("webhooks_interrupted", worker=name, error=type(error).__name__)
            await asyncio.sleep(OUTAGE_PAUSE)


async def _send_and_listen(connection: "psycopg.AsyncConnection[tuple[object, ...]]") -> None:
    loop, threads = asyncio.get_running_loop(), _threads()
    at_work: set[asyncio.Future[dict[str, int]]] = set()
    while True:
        if len(at_work) < SENDERS:
            at_work.add(loop.run_in_executor(threads, deliver_webhooks))
        done, at_work = await asyncio.wait(at_work, timeout=SHORTEST_PAUSE)
        for one in done:
            one.result()  # an outage ends this round
        pause = await loop.run_in_executor(threads, _pause)
        if at_work:  # what they are sending may be due again sooner than anything that is known now
            pause = min(pause, BUSY_PAUSE)
        async for _ in connection.notifies(timeout=pause, stop_after=1):
            pass


@lru_cache(maxsize=1)
def _threads() -> ThreadPoolExecutor:
    """Threads of their own: in those that everything shares, slow receivers would keep leases from being held on to."""
    return ThreadPoolExecutor(SENDERS + 1, thread_name_prefix="webhooks")


def _pause() -> float:
    """Wall seconds until something is due."""
    with transaction() as session:
        due = next_due(session)
    left = (due - clock.wall()).total_seconds() if due else LONGEST_PAUSE
    return min(max(left, SHORTEST_PAUSE), LONGEST_PAUSE)


async def _listen() -> "psycopg.AsyncConnection[tuple[object, ...]]":
    url = make_url(database_url(settings())).set(drivername="postgresql")
    connection = await psycopg.AsyncConnection.connect(url.render_as_string(hide_password=False), autocommit=True)
    await connection.execute(f"listen {CHANNEL}")
    return connection
