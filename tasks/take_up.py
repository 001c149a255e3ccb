"""The first thing an execution does: take the case, if there is something to carry and nobody else does."""

import asyncio
from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import Session

from models import Case
from models.status import CASE_BADGES, CaseStatus, HoldCause
from secunda import cases, clock, events, lease, parking
from secunda.db import transaction
from secunda.holding import resume
from secunda.lease import Lease
from secunda.settings import settings
from tasks.execution import Ended, Execution, Waits, client


async def take_up(execution: Execution) -> None:
    """Take the lease, unless the worker has it already. Ends here when the case is closed or another run carries it;
    waits while it is on hold.
    """
    if execution.lease is None:
        await _yield_to_another_run(execution)
        execution.lease = await asyncio.to_thread(_acquire, execution)
    if execution.lease is None:
        raise Waits("Awaiting another execution", await asyncio.to_thread(_lease_end, execution.reference))
    status = await execution.write(lambda session, case, now: _begin(session, case, now, execution.run_id))
    if status is CaseStatus.CLOSED:
        raise Ended
    if status is CaseStatus.ON_HOLD:
        raise Waits(CASE_BADGES[CaseStatus.ON_HOLD], None)


async def _yield_to_another_run(execution: Execution) -> None:
    """A case is exactly one run. A run started by hand takes the case over only when its own run has ended."""
    own = await asyncio.to_thread(_run_of, execution.reference)
    if own is None or own == execution.run_id:
        return
    run = await parking.read(client(), own)
    if run is not None and run.state is not None and not run.state.is_final():
        raise Ended


def _run_of(reference: str) -> UUID | None:
    with transaction() as session:
        return cases.by_reference(session, reference).flow_run_id


def _acquire(execution: Execution) -> Lease | None:
    with transaction() as session:
        holder = f"run:{execution.run_id}"
        return lease.acquire(session, execution.reference, holder, settings().lease_seconds)


def _lease_end(reference: str) -> datetime:
    with transaction() as session:
        left = lease.remaining(session, reference, settings().lease_seconds)
    return clock.to_pathway(clock.wall() + left + timedelta(seconds=1), settings())


def _begin(session: Session, case: Case, now: datetime, run_id: UUID) -> CaseStatus:
    """Note which run carries the case; a hold that Prefect caused ends when its run is retried there.

    Clears the wake mark: whatever was committed before this transaction is what the execution will see.
    """
    case.wake_requested_at = None
    if case.flow_run_id != run_id:
        events.record(session, case, "run_changed", "secunda", now, run=str(run_id))
        case.flow_run_id = run_id
    if case.status is CaseStatus.ON_HOLD and case.hold_cause in (HoldCause.RUN_CANCELLED, HoldCause.RUN_FAILED):
        resume(session, case, "prefect", now, "the run was retried in Prefect")
    return case.status
