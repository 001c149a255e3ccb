"""Runs that nobody executes and nobody would: parked for a time before the clock was set back, left by dead workers."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from prefect.client.schemas.objects import State, StateType
from prefect.states import Pending, Running, Scheduled
from sqlmodel import col, update

from models import Case
from models.status import CASE_BADGES, CaseStatus
from pathways.vocabulary import Specialty
from secunda import lost_executions, parking
from secunda.db import transaction
from secunda.lost_executions import bring_back_held
from secunda.settings import settings
from secunda.waker import wake_marked
from tests.functional import carrying
from tests.functional.conftest import System, wait_until
from tests.functional.test_dashboard import Ops

pytestmark = [pytest.mark.system, pytest.mark.xdist_group("test_nobody_executes")]
DAY = timedelta(days=1)


@pytest.fixture
def ops(idle_system: System) -> Ops:
    return Ops(idle_system)


@pytest.fixture
def case(ops: Ops, request: pytest.FixtureRequest) -> Case:
    """A case whose run exists and that no worker has taken up."""
    reference = carrying.launch_example(Specialty.ORTHOPEDICS, requester=request.node.name)
    ops.do(wake_marked)
    return carrying.case_of(reference)


def put(ops: Ops, case: Case, state: State[None]) -> None:
    ops.do(lambda client: client.set_flow_run_state(case.flow_run_id, state, force=True))  # type: ignore[arg-type]


def scheduled_in(ahead: timedelta, name: str) -> State[None]:
    return Scheduled(name=name, scheduled_time=datetime.now(UTC) + ahead)


def state_of(ops: Ops, case: Case) -> State[object]:
    assert case.flow_run_id is not None
    run = ops.run(case.flow_run_id)
    assert run is not None
    assert run.state is not None
    return run.state


def is_due(ops: Ops, case: Case) -> bool:
    state = state_of(ops, case)
    time = state.state_details.scheduled_time
    return state.type is StateType.SCHEDULED and time is not None and time <= datetime.now(UTC)


@pytest.mark.parametrize("name", [parking.AWAKE, CASE_BADGES[CaseStatus.REQUESTED], "Awaiting retry"])
def test_a_run_that_should_be_awake_is_woken_again(ops: Ops, case: Case, name: str) -> None:
    put(ops, case, scheduled_in(DAY, name))
    assert ops.reconcile()["clock_set_back"] == 1
    assert is_due(ops, case)
    assert "clock_set_back" not in ops.reconcile()


def test_a_run_that_waits_for_people_is_left_to_wait(ops: Ops, case: Case) -> None:
    put(ops, case, scheduled_in(400 * DAY, CASE_BADGES[CaseStatus.AWAITING_CONSENT]))
    assert "clock_set_back" not in ops.reconcile()
    assert not is_due(ops, case)


def test_the_lease_of_a_dead_worker_does_not_outlive_the_clock(ops: Ops, case: Case) -> None:
    with transaction() as session:
        session.exec(update(Case).where(col(Case.id) == case.id).values(lease_until=datetime.now(UTC) + 365 * DAY))
    ops.reconcile()
    until = carrying.case_of(case.reference).lease_until
    assert until is not None
    assert until < datetime.now(UTC) + timedelta(minutes=1)


def bring_back(ops: Ops, case: Case) -> set[UUID]:
    return ops.do(lambda client: bring_back_held(client, [case]))


@pytest.mark.parametrize("left_in", [Pending, Running])
def test_whoever_takes_the_case_of_a_dead_worker_gets_its_run_too(
    ops: Ops, case: Case, left_in: type[State], monkeypatch: pytest.MonkeyPatch
) -> None:
    impatient = settings().model_copy(update={"lease_seconds": 1})  # whoever is silent for longer is dead
    monkeypatch.setattr(lost_executions, "settings", lambda: impatient)
    put(ops, case, left_in())
    wait_until(lambda: bring_back(ops, case), what="the run's bringing back")
    assert is_due(ops, case)
    assert bring_back(ops, case) == set()


@pytest.mark.parametrize("begun", [Pending, Running])
def test_a_run_that_somebody_begins_just_now_is_left_to_them(ops: Ops, case: Case, begun: type[State]) -> None:
    put(ops, case, begun())
    assert bring_back(ops, case) == set()
    assert state_of(ops, case).type is begun().type
