"""A run that ended before its case did: what a person did in the Prefect dashboard, or an accident."""

import asyncio
from uuid import UUID

from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.objects import FlowRun, StateType

from models import Case
from models.status import CaseStatus, HoldCause
from secunda import cases, clock, parking
from secunda.db import transaction
from secunda.holding import hold

CANCELLED = (StateType.CANCELLED, StateType.CANCELLING)


async def follow(client: PrefectClient, case: Case, run: FlowRun) -> str:
    """Bring an open case in line with the end of its run; returns what was found.

    A run that a person cancelled puts its case on hold, once for each cancellation. Any other end, and a cancelled one
    whose case was resumed since, is scheduled again: the case is not over.
    """
    state = run.state
    if state is None or case.status is CaseStatus.CLOSED:
        return "fine"
    if state.type in CANCELLED and case.seen_run_state_id != state.id:
        if state.type is StateType.CANCELLING:
            await parking.cancel(client, run.id, "cancelled in the dashboard")
            return await follow_cancelled(client, case, run.id)
        await asyncio.to_thread(_hold, case.id, state.id)
        return "cancelled_in_prefect"
    if case.status is CaseStatus.ON_HOLD:
        return "fine"
    await parking.force_awake(client, run.id, "the case is still open")
    return "ended_too_early"


async def follow_cancelled(client: PrefectClient, case: Case, run_id: UUID) -> str:
    """The same once Prefect has given the cancellation a state of its own."""
    run = await parking.read(client, run_id)
    return "fine" if run is None else await follow(client, case, run)


def _hold(case_id: UUID, state_id: UUID) -> None:
    with transaction() as session:
        case = cases.lock(session, case_id)
        if case.status is CaseStatus.CLOSED or case.seen_run_state_id == state_id:
            return
        case.seen_run_state_id = state_id
        reason = "cancelled in the Prefect dashboard"
        hold(session, case, HoldCause.RUN_CANCELLED, reason, "prefect", clock.now())
