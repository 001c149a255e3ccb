"""One execution of a case: from being woken to its next wait or its end."""

import asyncio
import time
import traceback
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeVar
from uuid import UUID

from prefect.client.orchestration import PrefectClient
from prefect.context import FlowRunContext
from prefect.exceptions import Abort
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from models import Case
from models.status import HoldCause, Step
from secunda import clock, lease, logs, parking
from secunda.db import is_away, transaction
from secunda.errors import StepFailedError
from secunda.holding import hold
from secunda.lease import Lease
from secunda.settings import settings
from tasks.sitting import Sitting, in_thread

T = TypeVar("T")

RETRY_MINUTES = (0.1, 0.5, 2, 10)  # wall minutes before a case that failed unexpectedly is tried again


class Waits(Exception):  # noqa: N818 - a signal, not an error
    """The case must wait here; `until` is pathway time, None when only an event can move it."""

    def __init__(self, badge: str, until: datetime | None) -> None:
        super().__init__(badge)
        self.badge = badge
        self.until = until


class Ended(Exception):  # noqa: N818 - a signal, not an error
    """There is nothing to do (any more) for this run."""


@dataclass
class Execution:
    """What the steps share.

    Steps with no effect between them are written in one transaction (`tasks.sitting`). Where the case has failed
    before, each step is kept by itself, so that it gets as far as it can.
    """

    reference: str
    run_id: UUID
    lease: Lease | None = None
    finished: frozenset[str] = frozenset()
    tags: set[str] = field(default_factory=set)  # those of the run; none: not known
    extended: float = field(default_factory=time.monotonic)  # when the lease was taken or extended
    sitting: Sitting | None = None  # what is written and not committed yet

    @property
    def held(self) -> Lease:
        """The lease; an execution that has none yet is a mistake of ours."""
        if self.lease is None:
            raise RuntimeError("take_up comes first")
        return self.lease

    def has_finished(self, step: Step) -> bool:
        return step.value in self.finished

    async def write(self, change: Callable[[Session, Case, datetime], T]) -> T:
        """Run `change` on the locked case, in a thread; raises LeaseLostError when it was taken over.

        It is kept with the changes that follow: `commit` comes before any effect, and before the run is parked.
        """
        return await in_thread(self._write, change)

    def _write(self, change: Callable[[Session, Case, datetime], T]) -> T:
        sitting = self.sitting or Sitting(self.held)
        self.sitting = None
        result = sitting.work(change)
        self.sitting = sitting
        self.finished = frozenset(sitting.case.finished_steps)
        if sitting.case.failures:
            self._commit()
        return result

    async def commit(self) -> None:
        """Keep what the steps have changed so far, and let go of the case's row."""
        if self.sitting is not None:
            await in_thread(self._commit)

    def _commit(self) -> None:
        sitting, self.sitting = self.sitting, None
        if sitting is None:
            return
        if time.monotonic() - self.extended > settings().lease_seconds / 3:
            sitting.work(lambda session, case, now: self.extend(session))  # noqa: ARG005 - the signature of a change
        sitting.keep()

    async def leave(self, error: BaseException) -> None:
        """Take back what the steps have changed and not committed."""
        sitting, self.sitting = self.sitting, None
        if sitting is not None:
            await in_thread(sitting.leave, error)

    def extend(self, session: Session) -> None:
        """Hold on to the case for longer; raises LeaseLostError."""
        lease.extend(session, self.held, settings().lease_seconds)
        self.extended = time.monotonic()


@asynccontextmanager
async def executing(reference: str) -> AsyncIterator[Execution]:
    """Carry the steps inside the block, and turn what ends them into a state of the run.

    A step that must wait parks the run; a case that is over completes it; an unexpected error parks it for a retry, and
    after the last retry puts the case on hold and fails the run. Prefect never sees the text of an error.
    """
    run = _context().flow_run
    assert run is not None  # noqa: S101 - `_context` has looked
    execution = Execution(reference, run.id, lease=lease.handed_over.get(), tags=set(run.tags))
    wait: Waits | None = None
    keeper = asyncio.create_task(_keep_lease(execution))
    try:
        try:
            try:
                yield execution
            except Ended:
                pass
            except Waits as signal:
                wait = signal
            await _settle(execution, is_over=wait is None)
        except lease.LeaseLostError:
            raise _taken_over(execution) from None
        except Exception as error:  # noqa: BLE001 - the boundary: nothing of an error's text may reach Prefect
            await execution.leave(error)
            wait = await _after_failure(execution, error)
        if wait is not None:
            await _park(execution, wait)
    finally:
        keeper.cancel()
        await _release(execution)


async def _keep_lease(execution: Execution) -> None:
    """Hold on to the case, however long an effect lasts; a lease that is lost is noticed by the next write.

    Most executions are over before the lease needs to be extended.
    """
    while True:
        await asyncio.sleep(settings().lease_seconds / 3)
        if execution.lease is not None:
            try:
                await asyncio.to_thread(_extend_now, execution)
            except (lease.LeaseLostError, SQLAlchemyError) as error:
                logs.warning("lease_not_extended", case=execution.reference, error=type(error).__name__)


def _extend_now(execution: Execution) -> None:
    with transaction() as session:
        execution.extend(session)


def _context() -> FlowRunContext:
    context = FlowRunContext.get()
    if context is None or context.flow_run is None:
        raise RuntimeError("a case is carried inside its flow run only")
    return context


def client() -> PrefectClient:
    """The engine's own client: making another costs a tenth of a wake-up."""
    engines = _context().client
    if not isinstance(engines, PrefectClient):
        raise RuntimeError("the flow runs in the asynchronous engine only")
    return engines


async def _settle(execution: Execution, *, is_over: bool) -> None:
    """Keep what the steps have changed, send what they decided to send, and show ops where the case stands."""
    if execution.lease is None:
        return
    from tasks.messages import count_due, send_messages
    from tasks.overview import publish_overview, shown

    to_send, to_show = await execution.write(count_due), await execution.write(shown)
    await execution.commit()
    if to_send:
        await send_messages(execution.held.case_id, to_send)
    at_once = is_over or lease.handed_over.get() is None  # a client of Prefect's engine ends with the execution
    await publish_overview(execution, client(), to_show, at_once=at_once)


async def _park(execution: Execution, wait: Waits) -> None:
    """The case is given back after: an event between the two leaves a mark, and giving back tells the waker of it."""
    until = clock.to_wall(wait.until) if wait.until else None
    await parking.park(client(), execution.run_id, wait.badge, until)


async def _release(execution: Execution) -> None:
    """Give the case back. Where the database cannot be reached, the lease runs out by itself."""
    if execution.lease is None:
        return
    held, execution.lease = execution.lease, None
    await execution.leave(Ended())
    try:
        await asyncio.to_thread(_release_now, held)
    except SQLAlchemyError as error:
        logs.warning("lease_not_released", case=execution.reference, error=type(error).__name__)


def _release_now(held: Lease) -> None:
    with transaction() as session:
        lease.release(session, held)


async def _after_failure(execution: Execution, error: Exception) -> Waits:
    """The wait before the next try; after the last one the case is on hold, and StepFailedError fails the run."""
    place = place_of(error)
    logs.error("step_failed", case=execution.reference, place=place)
    count = _nothing if is_away(error) else _count_failure  # no fault of this case, however often it happens
    try:
        failures = await _write_now(execution, count) if execution.lease else 1
        if failures <= len(RETRY_MINUTES):
            return _retry_in(RETRY_MINUTES[failures - 1])
        await _write_now(execution, lambda session, case, now: _hold(session, case, now, place))
    except lease.LeaseLostError:
        raise _taken_over(execution) from None
    except Exception as second:  # noqa: BLE001 - whatever the database has now; the reconciler brings the case back
        if is_away(second):
            raise Abort("the database is away") from None  # and the lease runs out: it will be found as lost
        logs.error("failure_not_counted", case=execution.reference, place=place_of(second))
    await _release(execution)
    raise StepFailedError(place) from None


async def _write_now(execution: Execution, change: Callable[[Session, Case, datetime], T]) -> T:
    result = await execution.write(change)
    await execution.commit()
    return result


def _taken_over(execution: Execution) -> Abort:
    logs.warning("lease_lost", case=execution.reference)
    return Abort("another worker carries this case on")


def _nothing(session: Session, case: Case, now: datetime) -> int:  # noqa: ARG001 - the signature of a change
    """For what writing asks before: whether somebody else has the case by now."""
    return 1


def _count_failure(session: Session, case: Case, now: datetime) -> int:  # noqa: ARG001 - the signature of a change
    case.failures += 1
    return case.failures


def _hold(session: Session, case: Case, now: datetime, place: str) -> None:
    hold(session, case, HoldCause.RUN_FAILED, f"could not be carried on: {place}", "secunda", now)


def _retry_in(minutes: float) -> Waits:
    at = clock.wall() + timedelta(minutes=minutes)
    return Waits("Awaiting retry", clock.to_pathway(at, settings()))


def place_of(error: Exception) -> str:
    """`KeyError in tasks/triage.py:41`: the kind and the innermost line of ours, nothing of the text."""
    ours = [frame for frame in traceback.extract_tb(error.__traceback__) if "site-packages" not in frame.filename]
    last = ours[-1] if ours else None
    where = f" in {'/'.join(last.filename.split('/')[-2:])}:{last.lineno}" if last else ""
    return f"{type(error).__name__}{where}"
