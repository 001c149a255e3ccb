"""Launching from the pages: what is understood before, what is corrected, and what then is a case."""

import json
from pathlib import Path

import pytest
from sqlmodel import select

from models import Case, Document
from models.user_status import Role
from secunda.db import transaction
from secunda.settings import settings
from tests.integration.surroundings import bundle
from tests.integration.web.browsing import Browser, signed_in

pytestmark = pytest.mark.usefixtures("store")


def cases() -> list[Case]:
    with transaction() as session:
        return list(session.exec(select(Case)))


def handed_in(*files: tuple[str, bytes]) -> Browser:
    browser = signed_in()
    browser.open("/launch")
    browser.send("/launch", files=[("files", (name, content)) for name, content in files])
    assert browser.answer.status_code == 200, browser.text
    return browser


def test_the_codes_suggest_the_pathway_and_nothing_is_launched_before_it_is_said() -> None:
    browser = handed_in(("patient.json", bundle("I25.1")), ("note.txt", b"First opinion: watch and wait.\n"))
    assert "Núria Marcador Prova" in browser.text and "fits because of ICD-10 I25.1" in browser.text
    assert "P3 routine" in browser.text and "documents are missing" in browser.text
    assert cases() == []
    browser.send(
        browser.path, {"requester": "Clínica A", "questions": "Is surgery needed?", "loinc:note.txt": "11488-4"}
    )
    browser.send(f"{browser.path}/launch")
    assert browser.answer.status_code == 200, browser.text
    case = cases()[0]
    assert browser.path == f"/cases/{case.reference}" and case.specialty == "cardiology"
    assert case.requester == "Clínica A" and "Is surgery needed?" in browser.text
    with transaction() as session:
        assert session.exec(select(Document.loinc)).one() == "11488-4"
    assert not list((settings().home / "drafts").glob("*"))


def test_without_a_bundle_the_patient_is_typed() -> None:
    browser = handed_in()
    browser.send(
        browser.path,
        {
            "family_name": "Vidal",
            "given_name": "Montserrat",
            "birth_date": "1961-05-04",
            "diagnoses": "c18.7",
            "requester": "Clínica A",
            "questions": "Which drug?",
        },
    )
    assert "fits because of ICD-10 C18.7" in browser.text
    browser.send(f"{browser.path}/launch")
    assert cases()[0].specialty == "oncology" and "Montserrat Vidal" in browser.text


def test_a_clinical_document_names_the_patient_and_the_diagnoses(test_data: Path) -> None:
    found = sorted((test_data / "ccda").rglob("*.xml"))
    browser = handed_in((found[0].name, found[0].read_bytes()))
    assert browser.page.xpath("//input[@name='family_name']/@value")[0] != ""


def test_what_is_wrong_is_told_beside_the_form_and_nothing_is_lost() -> None:
    browser = handed_in(("a.json", bundle("I25.1")), ("virus.exe", b"MZ\x90\x00" + bytes(200)))
    draft = browser.path
    assert "Programs are never accepted" in browser.text
    browser.send(draft, {"specialty": "oncology", "requester": "Kept", "procedure_on": "31.12.2026"})
    assert "is no date" in browser.text
    browser.send(draft, {"procedure_on": ""})
    assert "belongs to" in browser.text
    browser.send(f"{draft}/launch")
    assert browser.answer.status_code == 422 and cases() == []
    assert browser.page.xpath("//input[@name='requester']/@value") == ["Kept"]
    browser.send(draft, {"why_not_eligible": "asked by the medical director"})
    browser.send(f"{draft}/launch")
    assert "was launched" in browser.text and "virus.exe" in browser.text and len(cases()) == 1


def test_a_draft_is_its_owner_s_alone_and_names_of_files_lead_nowhere() -> None:
    browser = handed_in(("../../../etc/passwd", json.dumps({"resourceType": "Bundle"}).encode()))
    assert not list(settings().home.glob("passwd")) and "passwd" in browser.text
    draft = browser.path
    other = signed_in(email="berta@example.org")
    assert other.open(draft).status_code == 404
    for id in ("../x", "%2e%2e", "0" * 32):
        assert other.open(f"/launch/{id}").status_code == 404
    assert signed_in(Role.AUDITOR, "eva@example.org").open("/launch").status_code == 403
