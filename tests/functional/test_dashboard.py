"""What ops do in the Prefect dashboard, and what becomes of the case. The dashboard uses the API calls made here."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar
from uuid import UUID

import pytest
from prefect.client.orchestration import PrefectClient, get_client
from prefect.client.schemas.objects import FlowRun
from prefect.exceptions import ObjectNotFound
from prefect.settings import PREFECT_API_URL, temporary_settings
from prefect.states import Cancelling, Scheduled

from models.status import CaseStatus, HoldCause
from pathways.vocabulary import Specialty
from secunda.actions.hold import resume
from secunda.launching import create_run
from secunda.reconciling import reconcile_all, reconcile_some
from tests.functional import carrying
from tests.functional.conftest import System, wait_until

pytestmark = [pytest.mark.system, pytest.mark.xdist_group("test_dashboard")]
T = TypeVar("T")


class Ops:
    """A person at the dashboard."""

    def __init__(self, system: System) -> None:
        self.system = system

    def do(self, what: Callable[[PrefectClient], Awaitable[T]]) -> T:
        async def now() -> T:
            async with get_client() as client:
                return await what(client)

        with temporary_settings({PREFECT_API_URL: self.system.api_url}):
            return asyncio.run(now())

    def cancel(self, run_id: UUID) -> None:
        self.do(lambda client: client.set_flow_run_state(run_id, Cancelling()))

    def retry(self, run_id: UUID) -> None:
        state = Scheduled(name="AwaitingRetry")
        self.do(lambda client: client.set_flow_run_state(run_id, state))

    def delete(self, run_id: UUID) -> None:
        self.do(lambda client: client.delete_flow_run(run_id))

    def run(self, run_id: UUID) -> FlowRun | None:
        async def read(client: PrefectClient) -> FlowRun | None:
            try:
                return await client.read_flow_run(run_id)
            except ObjectNotFound:
                return None

        return self.do(read)

    def reconcile(self) -> dict[str, int]:
        """What the scheduled deployment does every half minute."""
        return self.do(reconcile_all)

    def counts_agree(self) -> bool:
        """Whether as many runs are parked as cases wait; else it looks at every case."""
        return self.do(reconcile_some) is not None


@pytest.fixture
def ops(lasting_system: System) -> Ops:
    return Ops(lasting_system)


@pytest.fixture
def parked(lasting_system: System, request: pytest.FixtureRequest) -> str:
    """A case of this test's own that waits for its patient's consent."""
    reference = carrying.launch_example(Specialty.ORTHOPEDICS, requester=request.node.name)
    awaits(reference, CaseStatus.AWAITING_CONSENT)
    return reference


def awaits(reference: str, status: CaseStatus) -> None:
    wait_until(lambda: carrying.case_of(reference).status is status, what=f"{status}")


def run_id(reference: str) -> UUID:
    found = carrying.case_of(reference).flow_run_id
    assert found is not None
    return found


def is_parked(ops: Ops, reference: str) -> bool:
    run = ops.run(run_id(reference))
    return run is not None and run.state is not None and run.state.name == "Awaiting consent"


def test_the_badge_names_what_is_waited_for(ops: Ops, parked: str) -> None:
    wait_until(lambda: is_parked(ops, parked), what="parking")
    run = ops.run(run_id(parked))
    assert run is not None
    assert run.state is not None
    assert run.state.is_scheduled()
    assert {"orthopedics", "P2"} <= set(run.tags) or {"orthopedics", "P3"} <= set(run.tags)


def test_a_run_cancelled_in_the_dashboard_holds_its_case_and_a_retry_goes_on(ops: Ops, parked: str) -> None:
    wait_until(lambda: is_parked(ops, parked) and ops.counts_agree(), what="parking")
    ops.cancel(run_id(parked))
    assert not ops.counts_agree()
    assert ops.reconcile().get("cancelled_in_prefect") == 1
    assert ops.counts_agree()

    case = carrying.case_of(parked)
    assert (case.status, case.hold_cause) == (CaseStatus.ON_HOLD, HoldCause.RUN_CANCELLED)
    assert "Prefect" in case.hold_reason
    assert "cancelled_in_prefect" not in ops.reconcile()  # told once

    ops.retry(run_id(parked))
    awaits(parked, CaseStatus.AWAITING_CONSENT)


def test_a_cancelled_case_is_resumed_by_the_coordinator_too(ops: Ops, parked: str) -> None:
    wait_until(lambda: is_parked(ops, parked), what="parking")
    ops.cancel(run_id(parked))
    ops.reconcile()
    before = run_id(parked)
    resume(parked, "coordinator")
    awaits(parked, CaseStatus.AWAITING_CONSENT)
    wait_until(lambda: is_parked(ops, parked), what="parking again")
    assert run_id(parked) == before  # still the one run of this case


def test_a_deleted_run_is_made_anew(ops: Ops, parked: str) -> None:
    wait_until(lambda: is_parked(ops, parked) and ops.counts_agree(), what="parking")
    before = run_id(parked)
    ops.delete(before)
    assert not ops.counts_agree()
    assert ops.reconcile().get("run_rebuilt") == 1
    assert run_id(parked) != before
    wait_until(lambda: is_parked(ops, parked), what="parking of the new run")


def test_a_second_run_started_by_hand_changes_nothing(ops: Ops, parked: str) -> None:
    wait_until(lambda: is_parked(ops, parked), what="parking")
    own = run_id(parked)
    second = ops.do(lambda client: create_run(client, parked, "orthopedics", [], attempt=99)).id

    def ended() -> bool:
        run = ops.run(second)
        return run is not None and run.state is not None and run.state.is_final()

    wait_until(ended, what="the end of the second run")
    assert run_id(parked) == own
    assert is_parked(ops, parked)
