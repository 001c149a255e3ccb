"""An installation that tests break, and what they ask of it and of its Prefect."""

import asyncio
import json
import subprocess
import sys
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

import pytest
from prefect.client.orchestration import PrefectClient, get_client
from prefect.client.schemas.objects import FlowRun, State
from prefect.settings import PREFECT_API_URL, temporary_settings
from sqlmodel import col, func, select, update

from models import Case, Event, Incident
from models.status import IncidentKind
from pathways.vocabulary import Specialty
from secunda import clock, outbox
from secunda.db import transaction
from secunda.outbox import Courier
from tests.chaos import verdict
from tests.chaos.figures import wrong_runs
from tests.chaos.installation import Installation
from tests.chaos.sweep import all_settled
from tests.conftest import CHECKOUT
from tests.functional import carrying
from tests.functional.conftest import wait_until

T = TypeVar("T")
PATIENCE = 300.0  # wall seconds, where nothing is said about time


def launch(request: pytest.FixtureRequest, number: int) -> list[str]:
    name = request.node.name
    return [carrying.launch_example(Specialty.ORTHOPEDICS, requester=f"{name} {each}") for each in range(number)]


def ask(running: Installation, what: Callable[[PrefectClient], Awaitable[T]]) -> T:
    async def now() -> T:
        async with get_client() as client:
            return await what(client)

    with temporary_settings({PREFECT_API_URL: running.api_url}):
        return asyncio.run(now())


def run_of(running: Installation, reference: str) -> FlowRun:
    return ask(running, lambda client: client.read_flow_run(run_id(reference)))


def run_id(reference: str) -> UUID:
    found = carrying.case_of(reference).flow_run_id
    assert found is not None
    return found


def await_parked(running: Installation, references: list[str], what: str = "Awaiting consent") -> None:
    def is_parked(reference: str) -> bool:
        case = carrying.case_of(reference)
        if case.flow_run_id is None or case.lease_until is not None:
            return False
        state = run_of(running, reference).state
        return state is not None and (state.is_scheduled(), state.name) == (True, what)

    for reference in references:
        wait_until(lambda reference=reference: is_parked(reference), seconds=PATIENCE, what=f"parking: {what}")


def finish(references: list[str]) -> None:
    scripts = {one: carrying.script() for one in references}
    carrying.carry(scripts, lambda: all_settled(references), PATIENCE, every=0.4)


def assert_whole(running: Installation, references: list[str]) -> None:
    """As if nothing had happened; what a dead worker had claimed to send is asked about before its minute is over."""
    outbox.deliver_due(courier=Courier(wall=lambda: clock.wall() + timedelta(minutes=2)))
    with transaction() as session:
        cases = session.exec(select(Case).where(col(Case.reference).in_(references))).all()
        wrongs = [wrong for case in cases for wrong in verdict.wrongs(session, case)]
    wrongs += wrong_runs(running, list(cases))
    assert not wrongs, wrongs


def events(references: list[str]) -> dict[str, int]:
    """How many each has."""
    return {reference: carrying.case_of(reference).event_count for reference in references}


def events_but_of_messages(references: list[str]) -> dict[str, int]:
    """What a worker had claimed to send when it fell silent ends when it wakes, or with its minute."""
    with transaction() as session:
        query = select(Case.reference, func.count()).join(Event, col(Event.case_id) == col(Case.id))
        mine = query.where(col(Case.reference).in_(references), col(Event.kind).not_like("message_%"))
        return dict(session.exec(mine.group_by(col(Case.reference))).all())


def tokens(references: list[str]) -> dict[str, int]:
    """How often each was taken up."""
    return {reference: carrying.case_of(reference).lease_token for reference in references}


def incidents(kind: IncidentKind) -> list[Incident]:
    with transaction() as session:
        return list(session.exec(select(Incident).where(Incident.kind == kind)))


def change(reference: str, **values: Any) -> None:
    with transaction() as session:
        session.exec(update(Case).where(col(Case.reference) == reference).values(**values))


def put(running: Installation, reference: str, state: State[None]) -> None:
    """Put its run into a state that nobody stands behind, as a worker does that dies in it."""
    ask(running, lambda client: client.set_flow_run_state(run_id(reference), state, force=True))


def secunda(running: Installation, *words: str) -> dict[str, int]:
    command = [str(Path(sys.executable).parent / "secunda"), *words]
    done = subprocess.run(command, env=running.environment, cwd=CHECKOUT, capture_output=True, text=True, check=True)
    found: dict[str, int] = json.loads(done.stdout)
    return found
