"""What somebody wrote is shown as it was written, wherever it is shown, and never runs: HTML, scripts, templates."""

from io import BytesIO
from typing import Any

import pytest
from sqlmodel import select

from models import Expert
from models.user_status import Role
from pathways.vocabulary import Specialty
from secunda.actions.attach import attach
from secunda.actions.person_requests import cannot_be_obtained
from secunda.actions.questions import ask
from secunda.api import limits
from secunda.db import transaction
from secunda.documents import Said
from secunda.settings import settings
from tests.integration.conftest import Launch
from tests.integration.surroundings import bundle
from tests.integration.walk import Walk
from tests.integration.web.attacks import PAYLOADS, TEMPLATE, WHOLE, broken_out
from tests.integration.web.browsing import Browser, signed_in
from tests.integration.web.visiting import as_expert, as_patient, case_id

SHORT = PAYLOADS[0]


@pytest.fixture(autouse=True)
def nobody_tried_yet() -> None:
    limits.forget()


@pytest.fixture
def planted(launched: Launch) -> Walk:
    """A case in which everybody wrote code wherever they may write."""
    walk = launched(
        Specialty.CARDIOLOGY,
        requester=WHOLE[:110],
        first_institution=WHOLE[:110],
        operating_site=WHOLE[:110],
        questions=[*PAYLOADS],
    )
    with transaction() as session:
        for expert in session.exec(select(Expert)):
            expert.name, expert.institution = f"{expert.code} {SHORT}", f"{PAYLOADS[4]} {expert.code}"
    walk.consents()
    for number, payload in enumerate(PAYLOADS):
        said = Said(title=payload, source=payload)
        attach(walk.reference, BytesIO(f"Letter {number}".encode()), "requester", said)
    ask(walk.reference, SHORT, "patient")
    cannot_be_obtained(walk.reference, walk.missing[0], "patient", WHOLE)
    walk.limits(walk.missing[-1], WHOLE)
    walk.goes_to_the_panel()
    role = sorted(walk.panel)[0]
    walk.declines(role, WHOLE)
    walk.loses_the_place(sorted(walk.panel)[-1], WHOLE)
    walk.accepts()
    walk.writes(role, diagnosis=WHOLE, history=WHOLE, clinical_impact=WHOLE, plain_summary=WHOLE)
    walk.holds(WHOLE)
    return walk


def shown(browser: Browser, address: str) -> Any:
    answer = browser.open(address)
    assert answer.status_code == 200, (address, answer.status_code)
    assert broken_out(browser) == [], address
    return answer


def test_the_console_shows_it_as_text(planted: Walk) -> None:
    for role in (Role.COORDINATOR, Role.AUDITOR):
        browser = signed_in(role, f"{role.value}@example.org")
        for address in (
            f"/cases/{planted.reference}",
            f"/cases/{planted.reference}?all=true",
            "/cases?part=open",
            "/overview",
        ):
            shown(browser, address)
        shown(browser, f"/cases/{planted.reference}?all=true")
        assert SHORT in browser.text and TEMPLATE in browser.text
    browser = signed_in(Role.COORDINATOR, "berta@example.org")
    for document in planted.documents[: len(PAYLOADS)]:
        shown(browser, f"/cases/{planted.reference}/documents/{document.number}")
    browser.open("/cases?part=open")
    for payload in PAYLOADS:
        browser.send("/cases/views", {"name": payload[:60]})
        shown(browser, "/cases?part=open")
    for place in ("search", "payer", "part", "status", "sort", "after"):
        browser.answer = browser.http.get("/cases", params={place: WHOLE})
        assert broken_out(browser) == [], place


def test_the_expert_reads_it_as_text(planted: Walk) -> None:
    planted.resumes()
    for role, seat in sorted(planted.panel.items())[:1]:  # what one reads, all read
        browser = as_expert(planted, role)
        assert broken_out(browser) == []
        shown(browser, f"/expert/{seat.id}/opinion")
        for document in planted.documents[:3]:
            browser.open(f"/expert/{seat.id}/documents/{document.number}")
            assert broken_out(browser) == []


def test_patient_and_requester_read_it_as_text(planted: Walk) -> None:
    planted.resumes()
    browser = as_patient(planted)
    subject = case_id(planted)
    assert broken_out(browser) == []
    for page in ("", "/documents", "/questions", "/consent", "/who-looked", "/rights"):
        shown(browser, f"/patient/{subject}{page}")
    browser.open(f"/patient/{subject}/documents")
    for payload in PAYLOADS:
        browser.send(f"/patient/{subject}/documents", {}, files={"files": (payload, b"MZ\x90\x00" + bytes(99))})
        assert broken_out(browser) == [], payload


def test_a_draft_shows_what_was_handed_in_as_text(store: str) -> None:
    browser = signed_in()
    browser.open("/launch")
    name = [{"given": [SHORT], "family": WHOLE[:120]}]
    sent = [("files", (payload.replace("/", ""), payload.encode(), "text/plain")) for payload in PAYLOADS]
    sent.append(("files", ("b.json", bundle("C18.7", name=name), "application/json")))
    browser.send("/launch", {}, files=sent)
    assert browser.answer.status_code == 200 and broken_out(browser) == []
    assert "&lt;script id=" in browser.answer.text
    fields = ("requester", "payer", "questions", "family_name", "diagnoses", "why_not_eligible", "first_institution")
    browser.send(browser.path, dict.fromkeys(fields, WHOLE))
    assert broken_out(browser) == [] and TEMPLATE in browser.answer.text
    assert not list(settings().home.rglob("*planted*")), "a file's name became a path"


def test_addresses_lead_to_no_other_file_of_the_machine(planted: Walk) -> None:
    browser = signed_in()
    up = (
        "..%2f..%2f..%2fetc%2fpasswd",
        "%2e%2e/%2e%2e/etc/passwd",
        "..%5c..%5cetc",
        "1%00",
        "-1",
        "1e9",
        "99999999999999999999",
    )
    for part in up:
        for address in (
            f"/cases/{planted.reference}/documents/{part}/file",
            f"/cases/{planted.reference}/documents/1/frames/{part}",
            f"/cases/{planted.reference}/report/{part}",
            f"/launch/{part}",
            f"/pathways/{part}",
            f"/pathways/cardiology/compare/{part}",
            f"/overview/{part}.csv",
            f"/static/0123456789abcdef/{part}",
            f"/d/{part}",
        ):
            answer = browser.open(address)
            assert answer.status_code in (404, 405, 422), (address, answer.status_code)
            assert "root:" not in answer.text and "Traceback" not in answer.text


def test_what_no_row_can_hold_is_refused_and_not_an_accident(planted: Walk) -> None:
    browser = signed_in()
    planted.resumes()
    browser.open(f"/cases/{planted.reference}")
    before = len(planted.events())
    for fields in ({"reason": "nothing\x00"}, {"reason": "x" * 1001}):
        said = {"csrf_token": str(browser.page.xpath("//input[@name='csrf_token']/@value")[0])}
        answer = browser.http.post(f"/cases/{planted.reference}/hold", data=said | fields)
        assert answer.status_code == 422, fields
    assert len(planted.events()) == before
