"""A run that was woken just before the clock was set back would sleep until it has caught up."""

from datetime import UTC, datetime, timedelta

import pytest
from prefect.states import Scheduled
from sqlmodel import col, update

from models import Case
from models.status import CASE_BADGES, CaseStatus
from pathways.vocabulary import Specialty
from secunda import parking
from secunda.db import transaction
from secunda.waker import wake_marked
from tests.functional import carrying
from tests.functional.conftest import System
from tests.functional.test_dashboard import Ops

pytestmark = [pytest.mark.system, pytest.mark.xdist_group("test_clock_set_back")]
DAY = timedelta(days=1)


@pytest.fixture
def case(system: System) -> Case:
    """A case whose run exists and that no worker has taken up."""
    reference = carrying.launch_example(Specialty.ORTHOPEDICS)
    Ops(system).do(wake_marked)
    return carrying.case_of(reference)


def scheduled_in(ops: Ops, case: Case, name: str, ahead: timedelta) -> None:
    state = Scheduled(name=name, scheduled_time=datetime.now(UTC) + ahead)
    ops.do(lambda client: client.set_flow_run_state(case.flow_run_id, state, force=True))  # type: ignore[arg-type]


def is_due(ops: Ops, case: Case) -> bool:
    assert case.flow_run_id is not None
    run = ops.run(case.flow_run_id)
    assert run is not None and run.state is not None and run.state.state_details.scheduled_time is not None
    return run.state.state_details.scheduled_time <= datetime.now(UTC)


@pytest.mark.parametrize("name", [parking.AWAKE, CASE_BADGES[CaseStatus.REQUESTED], "Awaiting retry"])
def test_a_run_that_should_be_awake_is_woken_again(system: System, case: Case, name: str) -> None:
    ops = Ops(system)
    scheduled_in(ops, case, name, DAY)
    assert ops.reconcile() == {"clock_set_back": 1}
    assert is_due(ops, case)
    assert ops.reconcile() == {"fine": 1}


def test_a_run_that_waits_for_people_is_left_to_wait(system: System, case: Case) -> None:
    ops = Ops(system)
    scheduled_in(ops, case, CASE_BADGES[CaseStatus.AWAITING_CONSENT], DAY)
    scheduled_in(ops, case, CASE_BADGES[CaseStatus.AWAITING_CONSENT], 400 * DAY)
    assert ops.reconcile() == {"fine": 1}
    assert not is_due(ops, case)


def test_the_lease_of_a_dead_worker_does_not_outlive_the_clock(system: System, case: Case) -> None:
    with transaction() as session:
        session.exec(update(Case).where(col(Case.id) == case.id).values(lease_until=datetime.now(UTC) + 365 * DAY))
    Ops(system).reconcile()
    until = carrying.case_of(case.reference).lease_until
    assert until is not None
    assert until < datetime.now(UTC) + timedelta(minutes=1)
