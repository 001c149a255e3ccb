"""The public page behind the QR code: what it tells of a report, and of a file that somebody hands in."""

import re

import pytest
from fastapi.testclient import TestClient

import tasks.render
from models import Patient, Report
from pathways.vocabulary import Language, Specialty
from secunda.actions import amendment
from secunda.adapters import storage
from secunda.api import checking, upload_form
from secunda.checking import check_address
from secunda.db import transaction
from secunda.report_sealing import seal_report
from secunda.reporting.render import render
from secunda.verifying.verdict import Finding, Standing
from tests.integration.application import application
from tests.integration.conftest import Launch
from tests.integration.walk import Walk

ENGLISH = {"Accept-Language": "en"}


@pytest.fixture
def client(store: str) -> TestClient:
    return TestClient(application(), raise_server_exceptions=False)


@pytest.fixture
def delivered(launched: Launch) -> Walk:
    walk = launched(Specialty.CHRONIC_DISEASE)
    walk.goes_to_its_end()
    return walk


def path_of(report: Report) -> str:
    address = check_address(report.token)
    return address[address.index("/v/") :]


def hand_in(client: TestClient, path: str, content: bytes) -> tuple[int, str]:
    answer = client.post(path, files={"report": ("report.pdf", content, "application/pdf")}, headers=ENGLISH)
    title = re.search(r'role="status">\s*<h2>(.*?)</h2>', answer.text)
    return answer.status_code, title[1] if title else ""


def test_the_address_tells_version_signers_digest_and_whether_it_is_current(
    client: TestClient, delivered: Walk
) -> None:
    (report,) = delivered.reports
    page = client.get(path_of(report), headers=ENGLISH)
    assert page.status_code == 200
    assert f"Report {delivered.reference}, version 1." in page.text
    assert "It is the current version." in page.text
    assert report.sha256 in page.text.replace(" ", "")
    for one in report.signed_by:
        assert one["name"] in page.text

    delivered.does(amendment.amend, delivered.reference, "coordinator", "The address was wrong.")
    assert "Version 2 has replaced it" in client.get(path_of(report), headers=ENGLISH).text
    assert "It is the current version." in client.get(path_of(delivered.reports[1]), headers=ENGLISH).text


def test_the_page_names_no_patient(client: TestClient, delivered: Walk) -> None:
    with transaction() as session:
        patient = session.get_one(Patient, delivered.case.patient_id)
    page = client.get(path_of(delivered.reports[0])).text
    assert patient.family_name and patient.family_name not in page
    assert patient.given_name not in page


def test_an_address_that_was_not_issued_is_said_so(client: TestClient) -> None:
    page = client.get("/v/Zm9vYmFyYmF6cXV4MTIzNA", headers=ENGLISH)
    assert page.status_code == 404
    assert "No report has this address" in page.text


def test_a_file_is_told_genuine_altered_or_unreadable(
    client: TestClient, launched: Launch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks.render, "print_report", render)
    monkeypatch.setattr(tasks.render, "seal_report", seal_report)
    walk = launched(Specialty.CHRONIC_DISEASE)
    walk.goes_to_its_end()
    (report,) = walk.reports
    with storage.open_document(report.sha256) as file:
        genuine = file.read()
    comment = genuine.index(b"%", 1) + 1  # the second line marks the file as binary: no reader looks at its bytes
    altered = genuine[:comment] + b"\x80" + genuine[comment + 1 :]
    assert altered != genuine
    assert hand_in(client, path_of(report), genuine) == (200, "Genuine and current")
    assert hand_in(client, "/v", altered) == (200, "Altered")
    assert hand_in(client, "/v", b"nothing of the kind") == (422, "It cannot be read")


def test_a_form_without_a_file_or_with_too_much_is_refused_in_words(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert hand_in(client, "/v", b"") == (422, "The file is missing")
    assert client.post("/v", content=b"%PDF", headers=ENGLISH).status_code == 422
    monkeypatch.setattr(checking, "LARGEST", 1000)
    assert hand_in(client, "/v", b"x" * (upload_form.OVERHEAD + 2000)) == (422, "Too large")


def test_the_page_needs_nothing_that_its_policy_forbids(client: TestClient) -> None:
    answer = client.get("/v")
    policy = answer.headers["content-security-policy"]
    assert "form-action 'self'" in policy
    assert "default-src 'none'" in policy and "unsafe" not in policy
    assert not any(mark in answer.text for mark in ("<script>", "<style", "style=", "http://", "https://"))


@pytest.mark.parametrize("language", Language)
def test_every_language_says_everything(client: TestClient, language: Language) -> None:
    def shape(texts: object) -> object:
        return {key: shape(value) for key, value in texts.items()} if isinstance(texts, dict) else ""

    texts = checking.words()[language.value]
    assert shape(texts) == shape(checking.words()["en"])
    verdicts = {*Finding, *Standing} - {Finding.INTACT}
    assert {one.value for one in verdicts} <= texts["verdict"].keys()
    page = client.get("/v", headers={"Accept-Language": language.value})
    assert f'<html lang="{language.value}">' in page.text
    assert texts["check"]["button"] in page.text
