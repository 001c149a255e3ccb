"""An archive of a running system, restored on an empty machine with an empty Prefect: its cases go on there."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pypdf
import pytest
from prefect.client.orchestration import get_client
from prefect.settings import PREFECT_API_URL, temporary_settings
from sqlmodel import select

from models import Report
from models.status import CaseStatus, Outcome
from pathways.vocabulary import Specialty
from secunda import db, migrating, parking
from secunda.adapters import storage
from secunda.backup import backup, restore
from secunda.db import transaction
from secunda.postgres import EmbeddedPostgres
from secunda.reconciling import reconcile_once
from secunda.settings import settings
from tests.conftest import use_settings
from tests.functional import carrying
from tests.functional.conftest import System, a_system

pytestmark = [pytest.mark.system, pytest.mark.xdist_group("test_restored")]


@pytest.fixture
def machine(
    postgres: EmbeddedPostgres,
    prefect_template: str,
    fast_clock: None,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Callable[[str], AbstractContextManager[System]]]:
    """Makes machines: each with a home, a domain store without tables and a Prefect that knows no run."""
    made: list[str] = []

    @contextmanager
    def make(name: str) -> Iterator[System]:
        home = tmp_path_factory.mktemp(name)
        made.append(name)
        postgres.create_database(name)
        use_settings(monkeypatch, environment="test", home=home, database_url=postgres.url(name))
        with a_system(postgres, home, postgres.url(name), prefect_template) as system:
            monkeypatch.setenv("PREFECT_API_URL", system.api_url)
            yield system
        db.engine().dispose()

    yield make
    db.engine.cache_clear()
    settings.cache_clear()
    for name in made:
        postgres.drop_database(name)


def test_a_case_that_waited_goes_on_to_its_report_on_another_machine(
    machine: Callable[[str], AbstractContextManager[System]], tmp_path: Path
) -> None:
    with machine("first_machine") as first:
        migrating.upgrade(settings().database_url)
        carrying.import_example_experts()
        first.start_worker()
        reference = carrying.launch_example(Specialty.ORTHOPEDICS)
        script = {reference: carrying.script()}
        carrying.carry(script, lambda: carrying.case_of(reference).status is CaseStatus.AWAITING_DOCUMENTS)
        saved = backup(tmp_path / "all.zip", settings())
        assert saved.manifest.open_cases == 1

    with machine("second_machine") as second:
        restore(saved.path, settings())
        before = carrying.case_of(reference)
        with temporary_settings({PREFECT_API_URL: second.api_url}):
            assert asyncio.run(_exists(before.flow_run_id)) is False
            assert asyncio.run(reconcile_once()).get("run_rebuilt") == 1
        second.start_worker()
        carrying.carry(script, lambda: carrying.all_closed([reference]))
        after = carrying.case_of(reference)
        assert (after.outcome, after.run_attempt) == (Outcome.DELIVERED, before.run_attempt + 1)
        assert after.flow_run_id != before.flow_run_id
        carrying.assert_chain_and_messages(reference)
        with transaction() as session:
            report = session.exec(select(Report).where(Report.case_id == after.id)).one()
        assert storage.verify(report.sha256)
        with storage.open_document(report.sha256) as file:
            assert reference in pypdf.PdfReader(file).pages[0].extract_text()


async def _exists(run_id: object) -> bool:
    async with get_client() as client:
        return await parking.read(client, run_id) is not None  # type: ignore[arg-type]
