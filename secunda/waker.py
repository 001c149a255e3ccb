"""Turns committed wake marks into Prefect states: an event is in the domain store first, Prefect hears of it after.

A mark is set in the transaction of the event, and cleared by the execution that takes the case up, by nobody else. That
a run was woken proves nothing: the call that parked it may be repeated after a broken connection and park it again.
Whatever happens between the two leaves the mark, and a later round sees it: a wake-up cannot get lost.
"""

import asyncio
import time
from datetime import datetime
from uuid import UUID

import psycopg
from prefect.client.orchestration import PrefectClient, get_client
from prefect.exceptions import ObjectNotFound, PrefectHTTPStatusError
from sqlalchemy.engine import make_url
from sqlmodel import Session, col, select, update

from models import Case
from secunda import launching, lease, logs, parking
from secunda.cases import WAKE_CHANNEL
from secunda.db import transaction
from secunda.ended_runs import follow_cancelled
from secunda.errors import SecundaError
from secunda.postgres import database_url
from secunda.settings import settings

ROUND_SECONDS = 1.0
BATCH = 200
LOOK_AGAIN_SECONDS = 5.0  # wall time that a woken run has to be taken up, before it is looked at again
NOT_TO_BE_WOKEN = {"fine", "cancelled_in_prefect"}  # its run has ended and its case is on hold: nobody will take it up

Woken = dict[tuple[UUID, datetime | None], float]  # when the run of a case was woken for a mark, by the monotonic clock


def marked(session: Session) -> list[Case]:
    """Cases whose run should be woken and that nobody executes at the moment, oldest mark first."""
    query = select(Case).where(col(Case.wake_requested_at).is_not(None), lease.is_free())
    return list(session.exec(query.order_by(col(Case.wake_requested_at)).limit(BATCH)))


def run_tags(case: Case) -> list[str]:
    """What Prefect may know of a case besides its reference."""
    urgency = [case.urgency] if case.urgency else []
    return [case.specialty, *urgency, *([f"payer:{case.payer}"] if case.payer else [])]


async def wake_case(client: PrefectClient, case: Case) -> str:
    """Wake the run of one case, or make it; returns what was done, for the log."""
    if case.flow_run_id is None:
        run_id = await launching.create_run(client, case.reference, case.specialty, run_tags(case))
        await asyncio.to_thread(_remember_run, case.id, run_id)
        return "created"
    found = await parking.wake(client, case.flow_run_id)
    if found == "ended":
        found = await follow_cancelled(client, case, case.flow_run_id)
    if found in NOT_TO_BE_WOKEN and case.wake_requested_at is not None:
        await asyncio.to_thread(_clear_mark, case.id, case.wake_requested_at)
    return found


def _remember_run(case_id: UUID, run_id: UUID) -> None:
    with transaction() as session:
        session.exec(
            update(Case).where(col(Case.id) == case_id, col(Case.flow_run_id).is_(None)).values(flow_run_id=run_id)
        )


def _clear_mark(case_id: UUID, seen: datetime) -> None:
    with transaction() as session:
        session.exec(
            update(Case)
            .where(col(Case.id) == case_id, col(Case.wake_requested_at) == seen)
            .values(wake_requested_at=None)
        )


def _marked_now() -> list[Case]:
    with transaction() as session:
        return marked(session)


async def wake_marked(client: PrefectClient, woken: Woken | None = None) -> int:
    """One round over the marked cases; returns how many were looked at. `woken` is the memory of earlier rounds.

    A case that cannot be woken, because its deployment is missing, say, does not keep the others waiting.
    """
    woken = {} if woken is None else woken
    _forget(woken)
    found = [case for case in await asyncio.to_thread(_marked_now) if (case.id, case.wake_requested_at) not in woken]
    for case in found:
        done = await _wake_or_say_why_not(client, case)
        if done != "busy":
            woken[case.id, case.wake_requested_at] = time.monotonic()
            logs.info("wake", case=case.reference, result=done)
    return len(found)


async def _wake_or_say_why_not(client: PrefectClient, case: Case) -> str:
    try:
        return await wake_case(client, case)
    except (SecundaError, ObjectNotFound, PrefectHTTPStatusError) as error:
        if isinstance(error, PrefectHTTPStatusError) and error.response.status_code >= 500:
            raise
        logs.warning("cannot_wake", case=case.reference, error=type(error).__name__)
        return "refused"


def _forget(woken: Woken) -> None:
    before = time.monotonic() - LOOK_AGAIN_SECONDS
    for key in [key for key, at in woken.items() if at < before]:
        del woken[key]


async def keep_waking(name: str) -> None:
    """Wake marked cases until cancelled: at once when PostgreSQL notifies, else every second.

    An outage of PostgreSQL or Prefect is logged and waited through.
    """
    woken: Woken = {}
    while True:
        try:
            async with get_client() as client, await _listen() as connection:
                while True:
                    await wake_marked(client, woken)
                    async for _ in connection.notifies(timeout=ROUND_SECONDS, stop_after=1):
                        pass
        except asyncio.CancelledError:
            raise
        except Exception as error:  # noqa: BLE001 - the waker must outlive every outage; reconcile counts what waits
            logs.warning("waker_interrupted", worker=name, error=type(error).__name__)
            await asyncio.sleep(ROUND_SECONDS)


async def _listen() -> "psycopg.AsyncConnection[tuple[object, ...]]":
    url = make_url(database_url(settings())).set(drivername="postgresql")
    connection = await psycopg.AsyncConnection.connect(url.render_as_string(hide_password=False), autocommit=True)
    await connection.execute(f"listen {WAKE_CHANNEL}")
    return connection
