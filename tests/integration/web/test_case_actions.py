"""Everything that the case page lets people do: offered where it is possible, refused plainly where not, never done
twice, and an event in the name of whoever did it."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from models import Document, Message
from models.rights_request import Right
from models.status import AssignmentStatus, CaseStatus, MessageStatus, RequirementStatus
from models.user_status import Role
from pathways.opinion import Stance
from pathways.overlay import StopReason
from pathways.vocabulary import Specialty
from secunda.actions import attach, clocks, rights
from secunda.db import transaction
from secunda.documents import Said as Filed
from secunda.web.patient.purposes import PURPOSES
from tests.integration.conftest import Launch
from tests.integration.test_identity import a_study_of
from tests.integration.walk import AGREES, DISSENTS, Walk
from tests.integration.web.attacks import changes
from tests.integration.web.browsing import Browser, signed_in
from tests.integration.web.test_case_page import token

ANA = "user:ana@example.org"
SURGEON, CARDIOLOGIST = "cardiac_surgeon", "clinical_cardiologist"


def at_the_panel(case: Walk) -> None:
    case.goes_to_the_panel()


def with_a_signature(case: Walk) -> None:
    case.goes_to_the_readers()
    case.signs(SURGEON)


def disputed(case: Walk) -> None:
    case.goes_to_the_readers()
    for role, votes in zip(sorted(case.panel), (AGREES, DISSENTS, {"stance": Stance.UNCERTAIN}), strict=True):
        case.signs(role, **votes)


def delivered(case: Walk) -> None:
    case.goes_to_its_end()


def asks_for_erasure(case: Walk) -> None:
    rights.request_right(case.reference, Right.ERASURE, "patient")


def stopped(case: Walk) -> None:
    case.consents()
    clocks.stop_clocks(case.reference, StopReason.TEST_PENDING, "coordinator", "biopsy")


def doubted(case: Walk) -> None:
    attach.attach(case.reference, a_study_of("DOE^OTHER"), "requester", Filed(loinc="18745-0"))


def in_doubt(case: Walk) -> dict[str, Any]:
    return {"number": next(document.number for document in case.rows(Document) if document.names_somebody_else)}


def undelivered(case: Walk) -> None:
    with transaction() as session:
        session.get_one(Message, case.said("consent_requested")[0].id).status = MessageStatus.FAILED


def seat(case: Walk) -> dict[str, Any]:
    return {"seat": str(case.panel[SURGEON].id)}


DECISION = {"stance": "supported", "diagnosis": "confirmed", "treatment": "clarified", "reason": "All were heard."}
Said = Callable[[Walk], dict[str, Any]]
#: action → how far the case must be, what its form says, and the event that comes of it
ACTIONS: dict[str, tuple[Callable[[Walk], None], Said, str]] = {
    "consent": (
        lambda case: None,
        lambda case: {"purpose": "second_opinion", "reason": "signed form"},
        "consent_given",
    ),
    "withdraw-consent": (
        Walk.consents,
        lambda case: {"purpose": "second_opinion", "reason": "by telephone"},
        "consent_withdrawn",
    ),
    "waive": (
        Walk.consents,
        lambda case: {"key": "ecg", "reason": "contraindicated", "agreed_by": "Dr Soler"},
        "requirement_waived",
    ),
    "limit": (Walk.consents, lambda case: {"key": "stress_test", "reason": "lost"}, "requirement_limited"),
    "confirm": (doubted, lambda case: in_doubt(case) | {"reason": "phoned"}, "patient_confirmed"),
    "resend": (
        undelivered,
        lambda case: {"message": str(case.said("consent_requested")[0].id), "reason": "The number was corrected."},
        "message_resent",
    ),
    "accept": (at_the_panel, lambda case: seat(case) | {"attested": "yes"}, "offer_accepted"),
    "decline": (at_the_panel, lambda case: seat(case) | {"reason": "at a congress"}, "assignment_ended"),
    "reassign": (at_the_panel, lambda case: seat(case) | {"reason": "does not answer"}, "assignment_ended"),
    "correct": (with_a_signature, lambda case: seat(case) | {"reason": "wrong side"}, "correction_requested"),
    "board": (disputed, lambda case: DECISION, "board_decided"),
    "amend": (delivered, lambda case: {"reason": "A dose was misread."}, "amendment_requested"),
    "stop-clock": (Walk.consents, lambda case: {"why": "test_pending", "reason": "biopsy"}, "clocks_stopped"),
    "start-clock": (stopped, lambda case: {"why": "test_pending"}, "clocks_started"),
    "extend-clock": (at_the_panel, lambda case: {"key": "report", "reason": "a rare tumour"}, "clock_extended"),
    "flag": (Walk.consents, lambda case: {"key": "left_main_disease"}, "flags_set"),
    "hold": (Walk.consents, lambda case: {"reason": "the patient travels"}, "held"),
    "resume": (Walk.holds, lambda case: {}, "resumed"),
    "withdraw": (Walk.consents, lambda case: {"reason": "treated elsewhere"}, "ended_early"),
    "urgency": (at_the_panel, lambda case: {"urgency": "P1", "reason": "phoned"}, "urgency_overridden"),
    "answer-right": (
        asks_for_erasure,
        lambda case: {"right": "erasure", "answer": "refused", "reason": "kept by law"},
        "right_answered",
    ),
    "extend-right": (
        asks_for_erasure,
        lambda case: {"right": "erasure", "reason": "many papers"},
        "right_extended",
    ),
    "remind": (Walk.consents, lambda case: {}, "reminded"),
}


def ready(launched: Launch, action: str) -> Walk:
    case = launched(jurisdiction="es-ga") if action == "extend-clock" else launched()
    ACTIONS[action][0](case)
    return case


def page_of(browser: Browser, case: Walk, action: str) -> str:
    address = f"/cases/{case.reference}"
    browser.open(f"{address}/board" if action == "board" else address)
    return f"{address}/{action}"


@pytest.mark.parametrize("action", ACTIONS)
def test_it_is_done_once_however_often_it_is_sent_and_says_who_did_it(launched: Launch, action: str) -> None:
    case = ready(launched, action)
    _, said, event = ACTIONS[action]
    fields, browser = said(case), signed_in()
    before = len(case.events(event))
    address = page_of(browser, case, action)
    once = browser.http.post(address, data=fields | {"csrf_token": token(browser)}, follow_redirects=False)
    assert once.status_code == 303, once.text
    done = case.events(event)
    assert len(done) == before + 1 and done[-1].actor == ANA
    again = browser.http.post(address, data=fields | {"csrf_token": token(browser)}, follow_redirects=False)
    assert again.status_code in (303, 404, 409), again.text
    assert len(case.events(event)) == before + 1
    if again.status_code != 303:
        assert "alert" in again.text and "Traceback" not in again.text


#: What has tests of its own: files (test_documents.py).
ELSEWHERE = {"documents"}


def test_every_change_that_the_case_page_offers_is_in_the_table() -> None:
    prefix = "/cases/{reference}/"
    posts = {route.path.removeprefix(prefix) for route in changes() if route.path.startswith(prefix)}
    assert posts - ELSEWHERE == ACTIONS.keys()


WITHOUT_A_REASON = {"accept", "flag", "remind", "resume", "start-clock"}
OWED = sorted(ACTIONS.keys() - WITHOUT_A_REASON)


@pytest.mark.parametrize("action", OWED)
def test_without_its_reason_nothing_happens(launched: Launch, action: str) -> None:
    case = ready(launched, action)
    _, said, event = ACTIONS[action]
    fields, browser = said(case) | {"reason": " "}, signed_in()
    before = len(case.events(event))
    address = page_of(browser, case, action)
    answer = browser.http.post(address, data=fields | {"csrf_token": token(browser)})
    assert answer.status_code == 422 and "A reason is owed" in answer.text
    assert len(case.events(event)) == before


def test_a_closed_case_offers_nothing_but_an_amendment(launched: Launch) -> None:
    case = launched()
    case.goes_to_its_end()
    browser = signed_in()
    browser.open(f"/cases/{case.reference}")
    offered = {form.action.rsplit("/", 1)[1] for form in browser.page.forms if form.action.startswith("/cases/")}
    assert offered == {"amend"}
    browser.send(f"/cases/{case.reference}/amend", {"reason": "A dose was misread."})
    assert case.status is CaseStatus.AWAITING_CORRECTION
    browser.open(f"/cases/{case.reference}")
    assert not browser.page.xpath("//form[contains(@action, '/amend')]")


def test_what_the_state_does_not_allow_is_not_offered(launched: Launch) -> None:
    case = launched()
    browser = signed_in()

    def offered() -> set[str]:
        browser.open(f"/cases/{case.reference}")
        return {str(form.action).rsplit("/", 1)[1] for form in browser.page.forms} - {"sign-out", "language"}

    assert {"remind", "consent", "stop-clock", "hold"} <= offered()
    assert not {"correct", "accept", "amend", "extend-clock", "start-clock", "resume"} & offered()
    case.goes_to_the_panel()
    assert {"accept", "decline", "reassign", "withdraw-consent"} <= offered()
    case.accepts()
    case.signs(SURGEON)
    assert "correct" in offered() and "accept" not in offered()
    case.holds()
    assert not {"correct", "remind", "hold"} & offered() and "resume" in offered()


def test_to_waive_what_is_required_a_physician_is_named_or_is_the_one_who_waives(launched: Launch) -> None:
    case = launched()
    case.consents()
    browser, address = signed_in(), f"/cases/{case.reference}"
    browser.open(address)
    said = {"key": "ecg", "reason": "contraindicated"}
    refused = browser.http.post(f"{address}/waive", data=said | {"csrf_token": token(browser)})
    assert refused.status_code == 422 and "Name the physician" in refused.text
    browser.open(address)
    browser.send(f"{address}/waive", said | {"agreed_by": "Dr Soler"})
    assert "The physician who agreed: Dr Soler." in browser.text and "calls it required" in browser.text
    director = signed_in(Role.MEDICAL_DIRECTOR, "dora@example.org")
    director.open(address)
    director.send(f"{address}/waive", {"key": "echocardiogram", "reason": "the scan is enough"})
    assert case.requirements["echocardiogram"].status is RequirementStatus.WAIVED


def test_papers_are_attached_to_an_open_case_and_each_file_says_what_became_of_it(launched: Launch) -> None:
    case = launched()
    case.consents()
    browser, address = signed_in(), f"/cases/{case.reference}"
    browser.open(address)
    note = ("note.txt", b"First opinion: watch and wait.", "text/plain")
    said = {"loinc": "11488-4", "dated": "2026-02-01", "source": "Hospital"}
    browser.send(f"{address}/documents", said, files={"files": note})
    assert browser.answer.status_code == 200 and "added=1" in str(browser.answer.url), browser.text
    assert "The documents were added" in browser.text
    [document] = case.documents
    assert (document.loinc, document.documented_on, document.source) == ("11488-4", date(2026, 2, 1), "Hospital")
    assert document.received_from == ANA and case.events("document_received")[-1].actor == ANA
    bad = ("bad.exe", b"MZ\x90\x00" + bytes(200), "application/octet-stream")
    browser.send(f"{address}/documents", said, files=[("files", note), ("files", bad)])
    assert "The case has it already" in browser.text and "The file is a Windows program." in browser.text
    assert len(case.documents) == 1
    browser.open(address)
    part = browser.http.post(
        f"{address}/documents",
        data={"csrf_token": token(browser)},
        files={"files": bad},
        headers={"HX-Request": "true"},
    )
    assert part.status_code == 200 and "<html" not in part.text and "refused" in part.text


def test_a_consent_is_noted_each_purpose_apart(launched: Launch) -> None:
    case = launched(Specialty.RARE_DISEASE)
    browser, address = signed_in(), f"/cases/{case.reference}"
    browser.open(address)
    for purpose in PURPOSES:
        browser.send(
            f"{address}/consent",
            {"purpose": purpose.key, "reason": "signed form, folder 7", "until": "2031-12-31"},
        )
        browser.open(address)
    assert len(case.events("consent_given")) == len(PURPOSES)
    assert "folder 7" in browser.text and "Photographs of you" in browser.text
    unknown = browser.http.post(
        f"{address}/consent", data={"purpose": "everything", "reason": "x", "csrf_token": token(browser)}
    )
    assert unknown.status_code == 422 and len(case.events("consent_given")) == len(PURPOSES)


def test_the_board_sees_what_each_reader_came_to_and_its_decision_moves_the_case(launched: Launch) -> None:
    case = launched()
    early = signed_in(Role.MEDICAL_DIRECTOR, "dora@example.org")
    assert early.open(f"/cases/{case.reference}/board").status_code == 409
    disputed(case)
    browser, address = signed_in(), f"/cases/{case.reference}"
    browser.open(address)
    assert browser.page.xpath(f"//a[@href='{address}/board']")
    browser.open(f"{address}/board")
    assert "Not supported" in browser.text and "Supported" in browser.text
    assert case.events("read")[-1].data["what"] == "opinion"
    browser.send(f"{address}/board", DECISION)
    case.walker.settle(case.reference)
    assert case.status is not CaseStatus.AWAITING_ADJUDICATION


def test_who_corrects_an_opinion_for_an_amendment_is_of_the_same_case(launched: Launch) -> None:
    case, other = launched(), launched()
    case.goes_to_its_end()
    other.goes_to_the_panel()
    browser, address = signed_in(), f"/cases/{case.reference}"
    browser.open(address)
    foreign = {"reason": "x", "seats": str(other.panel[SURGEON].id), "csrf_token": token(browser)}
    assert browser.http.post(f"{address}/amend", data=foreign).status_code == 404
    assert case.status is CaseStatus.CLOSED
    own = case.panel[SURGEON].id
    browser.send(f"{address}/amend", {"reason": "wrong side", "seats": str(own)})
    case.walker.settle(case.reference)
    assert case.panel[SURGEON].status is AssignmentStatus.IN_PROGRESS
