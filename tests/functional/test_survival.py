"""A case survives kill -9 of worker, Prefect server and PostgreSQL, at a wait and inside a step."""

import random
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlmodel import select

from models import Case, Event, Message
from models.status import CaseStatus, Outcome
from pathways.vocabulary import Specialty
from secunda import db, migrating
from secunda.db import transaction
from secunda.postgres import EmbeddedPostgres
from tests.conftest import use_settings
from tests.functional import carrying
from tests.functional.conftest import System, wait_until

pytestmark = pytest.mark.system


class Fragile(System):
    """A system with a PostgreSQL of its own, which can be killed too."""

    def __init__(self, folder: Path, server: EmbeddedPostgres) -> None:
        super().__init__(folder, server.url("secunda"), server.url("prefect", driver="postgresql+asyncpg"))
        self.server = server

    def start_postgres(self) -> None:
        with (self.folder / "postgresql.log").open("ab") as log:
            self.processes["postgres"] = subprocess.Popen(
                self.server.command(), user=self.server.user, stdout=log, stderr=log
            )
        wait_until(self.server.ready, what="PostgreSQL's start")


@pytest.fixture
def fragile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fast_clock: None) -> Iterator[Fragile]:
    folder = Path(tempfile.mkdtemp(prefix="secunda-kill-"))
    server = EmbeddedPostgres(folder / "pg")
    server.initialise()
    use_settings(monkeypatch, environment="test", home=tmp_path, database_url=server.url("secunda"), lease_seconds=4)
    system = Fragile(tmp_path, server)
    system.environment["SECUNDA_LEASE_SECONDS"] = "4"
    try:
        system.start_postgres()
        server.create_database("secunda")
        server.create_database("prefect")
        migrating.upgrade(server.url("secunda"))
        system.start_server()
        system.deploy()
        yield system
    finally:
        db.engine().dispose()
        system.stop()
        shutil.rmtree(folder, ignore_errors=True)


def status(reference: str) -> CaseStatus:
    with transaction() as session:
        return session.exec(select(Case).where(Case.reference == reference)).one().status


def test_a_case_survives_kills_at_a_wait(fragile: Fragile) -> None:
    carrying.import_example_experts()
    fragile.start_worker()
    reference = carrying.launch_example(Specialty.ORTHOPEDICS)
    wait_until(lambda: status(reference) is CaseStatus.AWAITING_CONSENT, what="the wait for consent")

    fragile.kill("worker")
    fragile.kill("server")
    fragile.kill("postgres")
    db.engine().dispose()
    time.sleep(1)
    fragile.start_postgres()
    fragile.start_server()
    fragile.start_worker()

    carrying.carry({reference: carrying.script()}, lambda: carrying.all_closed([reference]), seconds=300)
    assert_whole(reference)


def after(seconds: float) -> Callable[[], bool]:
    end = time.monotonic() + seconds
    return lambda: time.monotonic() > end


def test_a_case_survives_kills_inside_its_steps(fragile: Fragile) -> None:
    """The worker is killed again and again, whatever it is doing; then the server; the case still finishes once."""
    carrying.import_example_experts()
    reference = carrying.launch_example(Specialty.ORTHOPEDICS)
    dice = random.Random(20261122)
    scripts = {reference: carrying.script()}
    for _ in range(5):
        fragile.start_worker()
        carrying.carry(scripts, after(dice.uniform(3, 5)))
        fragile.kill("worker")
    fragile.kill("server")
    fragile.start_server()
    fragile.start_worker()
    carrying.carry(scripts, lambda: carrying.all_closed([reference]), seconds=300)
    assert_whole(reference)


def assert_whole(reference: str) -> None:
    """Delivered once, the chain intact, no step twice, each message once."""
    carrying.assert_chain_and_messages(reference)
    with transaction() as session:
        case = session.exec(select(Case).where(Case.reference == reference)).one()
        assert case.outcome is Outcome.DELIVERED
        kinds = [event.kind for event in session.exec(select(Event).where(Event.case_id == case.id))]
        assert kinds.count("adjudicated") == kinds.count("report_rendered") == kinds.count("closed") == 1
        finished = [
            event.data["step"]
            for event in session.exec(select(Event).where(Event.case_id == case.id, Event.kind == "step_finished"))
        ]
        assert len(finished) == len(set(finished)) == 9
        sent = [
            (event.data["event"], event.data["recipient"], event.data["message"])
            for event in session.exec(select(Event).where(Event.case_id == case.id, Event.kind == "message_sent"))
        ]
        assert len(sent) == len(set(sent))
        messages = session.exec(select(Message).where(Message.case_id == case.id)).all()
        keys = [(one.event, one.recipient, one.occasion) for one in messages]
        assert len(keys) == len(set(keys))
