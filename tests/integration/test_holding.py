"""What a hold does to the dates of a case."""

from datetime import UTC, date, datetime, timedelta

from models import Case
from models.status import CaseStatus, HoldCause, Step
from pathways import loader
from pathways.facts import ClinicalRecord, PatientDemographics
from secunda import cases, holding
from secunda.case_context import CaseContext, as_json
from secunda.db import transaction
from secunda.pinning import pin
from secunda.report_clock import report_due
from tests.factories import a_case

FRIDAY = datetime(2026, 3, 6, 16, tzinfo=UTC)
MONDAY = datetime(2026, 3, 9, 8, tzinfo=UTC)


def _case_in_progress() -> Case:
    """Triaged as P2 (five working days) on Thursday."""
    from models import CaseRecord

    thursday = FRIDAY - timedelta(days=1)
    with transaction() as session:
        pinned = pin(session, loader.load("cardiology"), thursday)
        case = a_case(session, specialty="cardiology", pathway_hash=pinned, jurisdiction="es-ct", urgency="P2")
        record = ClinicalRecord(patient=PatientDemographics(birth_date=date(1960, 1, 1)))
        session.add(CaseRecord(case_id=case.id, content=as_json(record), source_sha256="", received_at=thursday))
        case.file_complete_at, case.status = thursday, CaseStatus.AWAITING_OPINIONS
        case.waiting_since = thursday
        case.finished_steps = [Step.CONSENT.value, Step.GATHER.value, Step.TRIAGE.value]
        case.report_due_at = report_due(CaseContext(session, case, thursday)).due_at
        session.flush()
    return case


def _held(reference: str, since: datetime, until: datetime) -> Case:
    with transaction() as session:
        case = cases.lock_by_reference(session, reference)
        holding.hold(session, case, HoldCause.COORDINATOR, "the patient travels", "test", since)
    with transaction() as session:
        case = cases.lock_by_reference(session, reference)
        holding.resume(session, case, "test", until)
    return case


def test_a_weekend_on_hold_does_not_move_a_clock_of_working_days(database: str) -> None:
    before = _case_in_progress()
    saturday, sunday = FRIDAY + timedelta(days=1), FRIDAY + timedelta(days=2)
    after = _held(before.reference, saturday, sunday)
    assert after.report_due_at == before.report_due_at


def test_working_days_on_hold_move_it_and_it_agrees_with_its_clocks(database: str) -> None:
    before = _case_in_progress()
    after = _held(before.reference, FRIDAY, MONDAY + timedelta(days=1))
    assert before.report_due_at is not None
    assert after.report_due_at is not None
    assert after.report_due_at > before.report_due_at
    with transaction() as session:
        context = CaseContext(session, cases.by_reference(session, before.reference), MONDAY + timedelta(days=1))
        assert report_due(context).due_at == after.report_due_at


def test_other_waits_move_by_the_time_that_passed(database: str) -> None:
    before = _case_in_progress()
    after = _held(before.reference, FRIDAY, MONDAY)
    assert before.waiting_since is not None
    assert after.waiting_since == before.waiting_since + (MONDAY - FRIDAY)
