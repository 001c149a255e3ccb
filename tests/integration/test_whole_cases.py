"""Whole cases, with messages sent and ops' overview written: every pathway in two languages, and real records."""

from pathlib import Path

import pypdf
import pytest

import tasks.render
from models import Case, Document
from models.status import CaseStatus, MessageStatus, Outcome
from pathways.vocabulary import Specialty
from secunda import events
from secunda.actions.experts import import_experts
from secunda.actions.launch import Request, launch
from secunda.adapters import storage
from secunda.db import transaction
from secunda.reporting.render import render
from secunda.standing import differences
from tests.conftest import CHECKOUT, TEST_DATA
from tests.integration.surroundings import launch_case
from tests.integration.walk import Walk
from tests.integration.walking import Walker

SYNTHEA = sorted((TEST_DATA / "synthea-r4").glob("*.json")) if TEST_DATA.is_dir() else []


@pytest.fixture
def staffed(walker: Walker) -> Walker:
    """The shipped directory of experts, and messages that leave."""
    walker.settles = True
    import_experts(CHECKOUT / "examples" / "experts.csv")
    return walker


def begin(walker: Walker, reference: str) -> Walk:
    walk = Walk(walker, reference)
    walker.settle(reference)
    return walk


def assert_sound(walk: Walk) -> None:
    """Delivered, everything said, and every table as the events say."""
    assert (walk.status, walk.case.outcome) == (CaseStatus.CLOSED, Outcome.DELIVERED)
    assert {one.recipient for one in walk.said("report_ready")} == {"requester", "patient"}
    unsent = [one.event for one in walk.said() if one.status not in (MessageStatus.SENT, MessageStatus.CANCELLED)]
    assert unsent == []
    with transaction() as session:
        case = session.get_one(Case, walk.case.id)
        assert events.verify(session, case) is None
        assert differences(session, case) == []


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("specialty", Specialty)
def test_every_pathway_goes_from_request_to_report(staffed: Walker, specialty: Specialty, language: str) -> None:
    walk = begin(staffed, launch_case(specialty, language=language))
    walk.goes_to_its_end()
    assert_sound(walk)
    assert [report.language for report in walk.reports] == [language]


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_report_is_a_pdf_in_the_cases_language(
    staffed: Walker, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    monkeypatch.setattr(tasks.render, "print_report", render)
    walk = begin(staffed, launch_case(Specialty.CHRONIC_DISEASE, language=language))
    walk.consents()
    walk.waives("laboratory", "Waived for this test")
    walk.goes_to_its_end()
    assert_sound(walk)
    with storage.open_document(walk.reports[0].sha256) as file:
        text = " ".join(page.extract_text() for page in pypdf.PdfReader(file).pages)
    assert walk.reference in text
    assert "Waived for this test" in " ".join(text.split())
    assert {"en": "draft pathway", "es": "borrador"}[language] in text.lower()


@pytest.mark.skipif(not SYNTHEA, reason=f"no test data at {TEST_DATA}: set SECUNDA_TEST_DATA")
@pytest.mark.parametrize("path", SYNTHEA, ids=lambda path: path.name.split("_")[0])
def test_a_synthea_record_is_carried_to_its_report(staffed: Walker, path: Path) -> None:
    request = Request(requester="Hospital", requester_email="requester@example.org", language="es")
    launched = launch(path.read_bytes(), request, "coordinator")
    walk = begin(staffed, launched.reference)
    received = [document for document in walk.rows(Document) if document.sha256]
    assert len(received) == launched.documents > 0
    walk.goes_to_its_end()
    assert (walk.status, walk.case.outcome) == (CaseStatus.CLOSED, Outcome.DELIVERED)
    with transaction() as session:
        assert differences(session, session.get_one(Case, walk.case.id)) == []
