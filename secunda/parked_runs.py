"""Whether a parked run is as its case needs it: its time may have come, or the clock was set back since."""

from datetime import timedelta
from uuid import UUID

from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.objects import State

from models import Case
from models.status import CASE_BADGES, CaseStatus
from secunda import clock, parking
from secunda.overdue import late_before

OVERDUE_AFTER = timedelta(seconds=30)  # wall time after which a parked run that nobody picked up is counted
AT_ONCE = (parking.AWAKE, CASE_BADGES[CaseStatus.REQUESTED])  # names of runs that are due when they get them
LONGEST_PAUSE = timedelta(minutes=15)  # wall time; longer than any run waits that does not wait for people


async def look_at_parked(client: PrefectClient, case: Case, run_id: UUID, state: "State[object]") -> str:
    time, wall = state.state_details.scheduled_time, clock.wall()
    if time is None or time < wall - OVERDUE_AFTER:
        return "fine" if time is None else "overdue"
    longest = _longest_wait(state.name)
    if longest is not None and time > wall + longest:
        await parking.force_awake(client, run_id, "the clock was set back")
        return "clock_set_back"
    if longest is None and _should_be_awake(case) and time > wall:
        await parking.force_awake(client, run_id, "its deadline has passed")
        return "slept_too_long"
    return "fine"


def _should_be_awake(case: Case) -> bool:
    """A late call of an execution that was taken over may have parked the run again, with the deadline of its time."""
    if case.status is CaseStatus.ON_HOLD or case.next_deadline_at is None:
        return False
    return case.next_deadline_at < late_before(clock.now())


def _longest_wait(name: str | None) -> timedelta | None:
    """How far ahead a run of that name may be scheduled: further, it was so before the clock was set back.

    None where it waits for people, however long.
    """
    if name in AT_ONCE:
        return OVERDUE_AFTER
    return None if name in CASE_BADGES.values() else LONGEST_PAUSE
