"""After the report: signing that fails, amendments, and what somebody who checks a version is told."""

import json
from pathlib import Path

import pytest
from sqlmodel import Session

import tasks.render
from models import Amendment
from models.status import CaseStatus, HoldCause, Outcome
from pathways.vocabulary import Specialty
from secunda.actions import amendment
from secunda.adapters import storage
from secunda.adapters.signing.trust import trusted_roots
from secunda.db import transaction
from secunda.errors import BadInputError, ConflictError, NotFoundError
from secunda.report_sealing import seal_report
from secunda.reporting.render import render
from secunda.settings import settings
from secunda.standing import differences
from secunda.verifying.examine import examine
from secunda.verifying.issued import check_issued, issued_by_token
from secunda.verifying.verdict import CheckedReport, Examination, Finding, Standing
from tests.conftest import use_settings
from tests.integration.conftest import Launch
from tests.integration.walk import Walk, printed
from tests.integration.walking import leave_unsigned

PANEL = "internist"  # who speaks for the panel


@pytest.fixture
def delivered(launched: Launch) -> Walk:
    walk = launched(Specialty.CHRONIC_DISEASE)
    walk.goes_to_its_end()
    assert (walk.status, walk.case.outcome) == (CaseStatus.CLOSED, Outcome.DELIVERED)
    return walk


def check(sha256: str) -> CheckedReport:
    with transaction() as session:
        return check_issued(session, Examination(finding=Finding.INTACT, sha256=sha256))


def test_an_amendment_is_a_new_version_that_names_the_old_one_and_what_changed(delivered: Walk) -> None:
    seat = delivered.panel[PANEL].id
    assert delivered.does(amendment.amend, delivered.reference, "coordinator", "A dose was misread.", [seat]) == 1
    assert delivered.status is CaseStatus.AWAITING_OPINIONS
    delivered.signs(PANEL, limits="Only the papers of this year were seen.")
    delivered.goes_to_its_end()

    first, second = delivered.reports
    said = json.loads(printed(delivered))["amendment"]
    assert said["replaces_version"] == 1
    assert (said["replaces_sha256"], said["reason"]) == (first.sha256, "A dose was misread.")
    assert "limits" in said["changed"]
    assert "questions" not in said["changed"]
    assert storage.verify(first.sha256), "the old version is kept as it was"
    assert first.token != second.token
    assert [one.occasion for one in delivered.said("report_ready", to="requester")] == ["report:1", "report:2"]
    with transaction() as session:
        assert differences(session, delivered.case) == []


def test_a_replaced_version_is_told_from_the_current_one_and_from_one_that_was_never_issued(delivered: Walk) -> None:
    delivered.does(amendment.amend, delivered.reference, "coordinator", "The address was wrong.")
    first, second = delivered.reports
    assert (check(first.sha256).standing, check(first.sha256).newest_version) == (Standing.SUPERSEDED, 2)
    assert check(second.sha256).standing is Standing.CURRENT
    assert check("0" * 64).standing is Standing.NOT_ISSUED
    assert [check(one).exit_status for one in (second.sha256, first.sha256, "0" * 64)] == [0, 3, 1]
    with transaction() as session:
        assert issued_by_token(session, first.token).standing is Standing.SUPERSEDED
        with pytest.raises(NotFoundError):
            issued_by_token(session, "nothing")


def test_asking_for_the_same_amendment_twice_is_one(delivered: Walk, monkeypatch: pytest.MonkeyPatch) -> None:
    amendment.amend(delivered.reference, "coordinator", "The address was wrong.")
    amendment.amend(delivered.reference, "coordinator", "The address was wrong.")
    delivered.walker.settle(delivered.reference)
    assert [one.replaces_version for one in delivered.rows(Amendment)] == [1]
    assert [one.version for one in delivered.reports] == [1, 2]


def test_only_a_delivered_report_is_amended_and_with_a_reason(launched: Launch) -> None:
    walk = launched(Specialty.CHRONIC_DISEASE)
    with pytest.raises(BadInputError, match="A reason is owed"):
        amendment.amend(walk.reference, "coordinator", " ")
    with pytest.raises(ConflictError, match="not delivered yet"):
        amendment.amend(walk.reference, "coordinator", "too early")
    walk.withdraws()
    with pytest.raises(ConflictError, match="without a report"):
        amendment.amend(walk.reference, "coordinator", "too late")


def test_a_report_that_cannot_be_signed_puts_the_case_on_hold_until_somebody_has_mended_it(
    launched: Launch, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(tasks.render, "seal_report", seal_report)
    use_settings(monkeypatch, signing_folder=tmp_path / "keys")
    walk = launched(Specialty.CHRONIC_DISEASE)
    walk.goes_to_the_readers()
    walk.signs()
    if walk.status is CaseStatus.AWAITING_ADJUDICATION:
        walk.board_decides()
    assert (walk.status, walk.case.hold_cause) == (CaseStatus.ON_HOLD, HoldCause.SIGNING_FAILED)
    assert "There is no certificate for" in walk.case.hold_reason
    assert walk.reports == []
    assert len(walk.said("case_stuck")) == 1

    monkeypatch.setattr(tasks.render, "seal_report", leave_unsigned)
    walk.resumes()
    walk.goes_to_its_end()
    assert [one.version for one in walk.reports] == [1]


def test_a_real_report_is_checked_by_its_own_bytes_and_by_what_was_issued(
    launched: Launch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks.render, "print_report", render)
    monkeypatch.setattr(tasks.render, "seal_report", seal_report)
    walk = launched(Specialty.CHRONIC_DISEASE)
    walk.goes_to_its_end()
    (report,) = walk.reports
    with storage.open_document(report.sha256) as file:
        found = examine(file.read(), trusted_roots(settings()), demo_trusted=True)
    assert (found.finding, found.problem) == (Finding.INTACT, "")
    assert (found.reference, found.version) == (walk.reference, 1)
    assert [one.name for one in found.signatures] == [f"{one['name']} (DEMO)" for one in report.signed_by]
    with transaction() as session:
        _check_the_bundle(session, walk, report.bundle_sha256)
        assert check_issued(session, found).standing is Standing.CURRENT


def _check_the_bundle(session: Session, walk: Walk, sha256: str) -> None:
    """The FHIR document is kept beside the PDF for whoever serves it."""
    with storage.open_document(sha256) as file:
        bundle = json.load(file)
    assert bundle["entry"][0]["resource"]["identifier"]["value"] == f"{walk.reference}/1"
