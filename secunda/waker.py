"""Turns committed wake marks into Prefect states: an event is in the domain store first, Prefect hears of it after.

A mark is set in the transaction of the event, and cleared by the execution that takes the case up, by nobody else. That
a run was woken proves nothing: the call that parked it may be repeated after a broken connection and park it again.
Whatever happens between the two leaves the mark, and a later round sees it: a wake-up cannot get lost.

This is the way for runs that somebody else executes; a warm worker takes marked cases up itself (`secunda.taking`).
"""

import asyncio
from datetime import datetime, timedelta
from uuid import UUID

from prefect.client.orchestration import PrefectClient
from prefect.exceptions import ObjectNotFound, PrefectHTTPStatusError
from sqlmodel import Session, col, select, update

from models import Case
from secunda import clock, launching, lease, logs, parking
from secunda.db import transaction
from secunda.ended_runs import follow_cancelled
from secunda.errors import SecundaError

BATCH = 200
NOT_TO_BE_WOKEN = {"fine", "cancelled_in_prefect"}  # its run has ended and its case is on hold: nobody will take it up


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
        run = await launching.create_run(client, case.reference, case.specialty, run_tags(case))
        await asyncio.to_thread(_remember_run, case.id, run.id)
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


def _marked_before(moment: datetime) -> list[Case]:
    with transaction() as session:
        return [case for case in marked(session) if case.wake_requested_at and case.wake_requested_at <= moment]


async def wake_marked(client: PrefectClient, since: timedelta = timedelta()) -> int:
    """One round over the cases that are marked since this long (wall time); returns how many were looked at.

    A case that cannot be woken, because its deployment is missing, say, does not keep the others waiting.
    """
    found = await asyncio.to_thread(_marked_before, clock.wall() - since)
    for case in found:
        done = await wake_or_say_why_not(client, case)
        if done != "busy":
            logs.info("wake", case=case.reference, result=done)
    return len(found)


async def wake_or_say_why_not(client: PrefectClient, case: Case) -> str:
    """`wake_case`, or `refused` where Prefect or the installation does not let it; an outage raises."""
    try:
        return await wake_case(client, case)
    except (SecundaError, ObjectNotFound, PrefectHTTPStatusError) as error:
        if isinstance(error, PrefectHTTPStatusError) and error.response.status_code >= 500:
            raise
        logs.warning("cannot_wake", case=case.reference, error=type(error).__name__)
        return "refused"
