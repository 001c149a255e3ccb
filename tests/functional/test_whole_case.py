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

pytestmark = pytest.mark.system


def run_of(system: System, case: Case) -> FlowRun:
    async def read() -> FlowRun:
        async with get_client() as client:
            assert case.flow_run_id is not None
            return await client.read_flow_run(case.flow_run_id)

    with temporary_settings({PREFECT_API_URL: system.api_url}):
        return asyncio.run(read())


@pytest.mark.parametrize(
    "specialty", [Specialty.ONCOLOGY, Specialty.CARDIOLOGY, Specialty.ORTHOPEDICS, Specialty.RARE_DISEASE]
)
def test_a_case_goes_from_its_bundle_to_the_report(fast_clock: None, system: System, specialty: Specialty) -> None:
    carrying.import_example_experts()
    system.start_worker()
    reference = carrying.launch_example(specialty)
    carrying.carry({reference: carrying.script(specialty)}, lambda: carrying.all_closed([reference]))

    case = carrying.case_of(reference)
    assert (case.status, case.outcome) == (CaseStatus.CLOSED, Outcome.DELIVERED)
    carrying.assert_chain_and_messages(reference)
    with transaction() as session:
        report = session.exec(select(Report).where(Report.case_id == case.id)).one()
    with storage.open_document(report.sha256) as file:
        text = "".join(page.extract_text() for page in pypdf.PdfReader(file).pages)
    assert reference in text
    assert "draft pathway" in text.lower()

    run = run_of(system, case)
    assert run.state is not None
    assert run.state.is_completed()
    assert run.run_count > 3  # one run carried the case through all its waits
    assert specialty.value in run.tags
    assert run.name == reference
