"""Consent comes first and can be taken back; papers meet what is asked for, or are done without, with a reason."""

import threading
from collections.abc import Iterator
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from models import Consent, Document
from models.status import CaseStatus, HoldCause, Outcome, RequirementStatus, Step
from pathways.vocabulary import Specialty
from secunda import documents
from secunda.actions import consent
from secunda.db import transaction
from secunda.documents import Said
from secunda.errors import BadInputError, ConflictError, NotFoundError
from tests.conftest import use_settings
from tests.factories import NOW
from tests.integration.conftest import Launch
from tests.integration.walk import Walk, printed

DAY = timedelta(days=1)
SURGEON = "cardiac_surgeon"


# Consent


def test_nothing_is_asked_for_before_the_patient_consents(launched: Launch) -> None:
    walk = launched()
    walk.sends("ecg")
    assert walk.status is CaseStatus.AWAITING_CONSENT
    assert walk.requirements == {}
    walk.consents()
    assert walk.status is CaseStatus.AWAITING_DOCUMENTS
    assert walk.requirements["ecg"].status is RequirementStatus.RECEIVED
    assert walk.requirements["consent"].decided_by == "patient"


def test_the_signed_form_is_the_consent(launched: Launch) -> None:
    walk = launched()
    walk.sends("consent")
    assert walk.case.has_finished(Step.CONSENT)
    assert walk.rows(Consent)[0].document_id == walk.documents[0].id


def test_a_consent_to_something_else_is_not_enough(launched: Launch) -> None:
    walk = launched(Specialty.RARE_DISEASE)
    walk.consents(purpose="registry")
    assert walk.status is CaseStatus.AWAITING_CONSENT
    walk.does(consent.withdraw_consent, walk.reference, "patient", purpose="registry")
    assert walk.status is CaseStatus.AWAITING_CONSENT
    walk.consents()
    assert walk.status is not CaseStatus.AWAITING_CONSENT


@pytest.mark.parametrize(
    "reach",
    [Walk.consents, Walk.goes_to_the_panel, Walk.goes_to_the_readers, Walk.holds],
    ids=lambda reach: reach.__name__,
)
def test_taking_the_consent_back_ends_the_case(launched: Launch, reach: object) -> None:
    walk = launched()
    walk.consents()
    reach(walk)  # type: ignore[operator]
    experts = {f"expert:{walk.expert(role)}" for role in walk.panel}
    walk.takes_consent_back()
    assert (walk.status, walk.case.outcome) == (CaseStatus.CLOSED, Outcome.WITHDRAWN)
    assert walk.panel == {}
    assert {one.recipient for one in walk.said("offer_withdrawn")} == experts
    assert {one.recipient for one in walk.said("case_withdrawn")} == {"requester", "patient"}


def test_a_consent_that_runs_out_holds_the_case_until_it_is_renewed(launched: Launch) -> None:
    walk = launched(flags=["procedure_planned"])  # P2: hours, not working days
    walk.consents(expires_at=NOW + DAY)
    walk.sends_everything()
    walk.accepts()
    due = walk.panel[SURGEON].opinion_due_at
    walk.walker.pass_time(days=5)
    case = walk.case
    assert (case.status, case.hold_cause) == (CaseStatus.ON_HOLD, HoldCause.CONSENT_EXPIRED)
    assert walk.events("held")[0].at == NOW + DAY
    assert [one.recipient for one in walk.said("case_stuck")] == ["coordinator"]
    walk.consents()
    assert walk.status is CaseStatus.AWAITING_OPINIONS
    assert walk.panel[SURGEON].opinion_due_at == due + 4 * DAY
    walk.goes_to_its_end()
    assert walk.case.outcome is Outcome.DELIVERED


def test_a_consent_that_has_run_out_already_does_not_begin_a_case(launched: Launch) -> None:
    walk = launched(flags=["procedure_planned"])  # P2: hours, not working days
    walk.consents(expires_at=NOW - DAY)
    assert walk.status is CaseStatus.AWAITING_CONSENT


# Papers


def test_a_paper_that_is_too_old_does_not_meet_what_is_asked_for(launched: Launch) -> None:
    walk = launched()
    walk.consents()
    walk.sends("ecg", dated=NOW.date() - 181 * DAY)
    assert walk.requirements["ecg"].status is RequirementStatus.PENDING
    walk.sends("ecg", dated=NOW.date() - 180 * DAY)
    assert walk.requirements["ecg"].status is RequirementStatus.RECEIVED
    assert walk.requirements["ecg"].document_id == walk.documents[-1].id


def test_the_film_is_asked_for_when_the_catheterisation_has_come(launched: Launch) -> None:
    walk = launched()
    walk.consents()
    assert "catheterisation_cine" not in walk.requirements
    assert len(walk.said("documents_requested", to="requester")) == 1
    walk.walker.pass_time(hours=1)
    walk.sends("stress_test", loinc="18745-0")
    assert "catheterisation_cine" in walk.missing
    again = walk.said("documents_requested", to="requester")
    assert [one.parameters["count"] for one in again[1:]] == [len(walk.missing)]
    for key in walk.missing:
        walk.sends(key)
    assert walk.requirements["catheterisation_cine"].status is RequirementStatus.RECEIVED
    assert walk.case.has_finished(Step.GATHER)
    assert len(walk.said("documents_requested", to="requester")) == 2  # what comes is no reason to ask again


def test_a_report_is_no_film(launched: Launch) -> None:
    walk = launched()
    walk.consents()
    walk.sends("stress_test", loinc="18745-0")
    walk.sends("ecg", loinc="18745-0")
    assert "catheterisation_cine" in walk.missing


def test_a_waived_paper_is_not_waited_for_and_the_report_says_why(launched: Launch) -> None:
    walk = launched()
    walk.consents()
    walk.waives("echocardiogram", "the patient had one abroad last week; its values are in the note")
    row = walk.requirements["echocardiogram"]
    assert (row.status, row.decided_by) == (RequirementStatus.WAIVED, "coordinator")
    walk.goes_to_its_end()
    assert "its values are in the note" in printed(walk)
    assert '"limited":false' in printed(walk)


def test_a_paper_that_cannot_be_obtained_limits_the_report(launched: Launch) -> None:
    walk = launched()
    walk.consents()
    walk.limits("echocardiogram", "the archive burned down")
    walk.goes_to_its_end()
    assert "the archive burned down" in printed(walk)
    assert '"limited":true' in printed(walk)


def test_a_paper_that_comes_after_all_is_not_called_missing(launched: Launch) -> None:
    walk = launched()
    walk.consents()
    walk.limits("echocardiogram", "the archive burned down")
    walk.goes_to_the_panel()
    walk.sends("echocardiogram")
    assert walk.requirements["echocardiogram"].status is RequirementStatus.RECEIVED
    walk.goes_to_its_end()
    assert "the archive burned down" not in printed(walk)


def test_what_is_mandatory_is_neither_waived_nor_limited(launched: Launch) -> None:
    walk = launched()
    for settle in (walk.waives, walk.limits):
        with pytest.raises(ConflictError, match="mandatory"):
            settle("consent")
    assert walk.status is CaseStatus.AWAITING_CONSENT


def test_settling_needs_a_reason_a_known_key_and_an_open_requirement(launched: Launch) -> None:
    walk = launched()
    walk.consents()
    before = len(walk.events())
    with pytest.raises(BadInputError, match="reason"):
        walk.waives("ecg", " ")
    with pytest.raises(NotFoundError, match="ecg, "):
        walk.waives("horoscope")
    assert len(walk.events()) == before
    walk.sends("ecg")
    with pytest.raises(ConflictError, match="received already"):
        walk.waives("ecg")


@pytest.fixture
def archive(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A server that gives the same ECG under every address."""

    class Archive(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/plain")
            self.end_headers()
            self.wfile.write(b"Sinus rhythm.")

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Archive)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    use_settings(monkeypatch, fetch_allowed_hosts='["127.0.0.1"]')
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_two_pointers_to_one_file_are_one_document(launched: Launch, archive: str) -> None:
    walk = launched()
    with transaction() as session:
        case = session.merge(walk.case)
        for number in (1, 2):
            said = Said(loinc="11524-6", documented_on=date(2026, 2, 1), source_url=f"{archive}/{number}")
            documents.add_pointer(session, case, said, "test", NOW)
    walk.consents()
    assert walk.requirements["ecg"].status is RequirementStatus.RECEIVED
    held = [document for document in walk.rows(Document) if document.sha256]
    assert len(held) == 1
    assert len(walk.events("document_received")) == 1
    assert walk.status is CaseStatus.AWAITING_DOCUMENTS
    assert [document.same_as for document in walk.documents] == [None]
    assert [document.same_as for document in walk.rows(Document) if not document.sha256] == [held[0].number]
    assert walk.events("document_refused") == []  # it is here, under its other number


def test_what_cannot_be_fetched_is_told_once_and_not_tried_again(launched: Launch, archive: str) -> None:
    walk = launched()
    with transaction() as session:
        said = Said(loinc="11524-6", source_url="http://archive.invalid/ecg")
        documents.add_pointer(session, session.merge(walk.case), said, "test", NOW)
    walk.consents()
    walk.walker.pass_time(days=1)
    (document,) = walk.rows(Document)
    assert document.sha256 is None and document.refusal
    assert [event.data["number"] for event in walk.events("document_refused")] == [document.number]
