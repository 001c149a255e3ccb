"""A case through the real system: PostgreSQL, Prefect server, warm worker, PDF."""

import asyncio

import pypdf
import pytest
from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import FlowRun
from prefect.settings import PREFECT_API_URL, temporary_settings
from sqlmodel import select

from models import Case, Report
from models.status import CaseStatus, Outcome
from pathways.vocabulary import Specialty
from secunda.adapters import storage
from secunda.db import transaction
from tests.functional import carrying
from tests.functional.conftest import System

pytestmark = [pytest.mark.system, pytest.mark.xdist_group("test_whole_case")]


def run_of(system: System, case: Case) -> FlowRun:
    async def read() -> FlowRun:
        async with get_client() as client:
            assert case.flow_run_id is not None
            return await client.read_flow_run(case.flow_run_id)

    with temporary_settings({PREFECT_API_URL: system.api_url}):
        return asyncio.run(read())


SPECIALTIES = (Specialty.ONCOLOGY, Specialty.CARDIOLOGY, Specialty.ORTHOPEDICS, Specialty.RARE_DISEASE)


@pytest.fixture(scope="module")
def carried(lasting_system: System) -> dict[Specialty, str]:
    """A case of each specialty, from its bundle to the end, all at once."""
    carrying.import_example_experts()
    references = {specialty: carrying.launch_example(specialty) for specialty in SPECIALTIES}
    scripts = {reference: carrying.script(specialty) for specialty, reference in references.items()}
    carrying.carry(scripts, lambda: carrying.all_closed(scripts), seconds=400)
    return references


@pytest.mark.parametrize("specialty", SPECIALTIES)
def test_a_case_goes_from_its_bundle_to_the_report(
    lasting_system: System, carried: dict[Specialty, str], specialty: Specialty
) -> None:
    reference = carried[specialty]
    case = carrying.case_of(reference)
    assert (case.status, case.outcome) == (CaseStatus.CLOSED, Outcome.DELIVERED)
    carrying.assert_chain_and_messages(reference)
    with transaction() as session:
        report = session.exec(select(Report).where(Report.case_id == case.id)).one()
    with storage.open_document(report.sha256) as file:
        text = "".join(page.extract_text() for page in pypdf.PdfReader(file).pages)
    assert reference in text
    assert "draft pathway" in text.lower()


@pytest.mark.parametrize("specialty", SPECIALTIES)
def test_one_run_carries_a_case_through_all_its_waits(
    lasting_system: System, carried: dict[Specialty, str], specialty: Specialty
) -> None:
    run = run_of(lasting_system, carrying.case_of(carried[specialty]))
    assert run.state is not None
    assert run.state.is_completed()
    assert run.run_count >= 3  # requested, then woken at least for consent or papers and for opinions
    assert specialty.value in run.tags
    assert run.name == carried[specialty]
