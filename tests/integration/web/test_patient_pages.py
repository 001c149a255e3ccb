"""The patient's day, without JavaScript."""

from io import BytesIO

from PIL import Image

from models import Consent
from models.status import CaseStatus, Outcome
from pathways.vocabulary import Specialty
from tests.integration.conftest import Launch
from tests.integration.web.visiting import as_expert, as_patient, case_id


def a_photograph() -> bytes:
    file = BytesIO()
    Image.new("RGB", (8, 8), "white").save(file, "PNG")
    return file.getvalue()


def test_consent_is_given_each_purpose_apart_and_taken_back_as_easily(launched: Launch) -> None:
    walk = launched()
    browser = as_patient(walk)
    home = f"/patient/{case_id(walk)}"
    assert "We need your consent" in browser.text
    browser.open(f"{home}/consent")
    browser.send(f"{home}/consent/give", {"read": "yes"})
    walk.walker.settle(walk.reference)
    assert walk.status is not CaseStatus.AWAITING_CONSENT
    assert [row.purpose for row in walk.rows(Consent)] == ["second_opinion"]

    browser.open(f"{home}/consent")
    browser.send(f"{home}/consent/give", {"read": "yes", "purpose": "quality"})
    browser.send(f"{home}/consent/withdraw", {"purpose": "quality"})
    assert walk.status is not CaseStatus.CLOSED
    browser.send(f"{home}/consent/withdraw", {"purpose": "second_opinion"})
    walk.walker.settle(walk.reference)
    assert walk.case.outcome is Outcome.WITHDRAWN


def test_files_are_taken_in_one_by_one_and_a_bad_one_says_why(launched: Launch) -> None:
    walk = launched()
    walk.consents()
    browser = as_patient(walk)
    path = f"/patient/{case_id(walk)}/documents"
    browser.open(path)
    files = [("files", ("foto.png", a_photograph(), "image/png")), ("files", ("leer.pdf", b"", "application/pdf"))]
    browser.send(path, files=files)
    assert browser.answer.status_code == 422
    assert "It has arrived" in browser.text
    assert "“leer.pdf” was not taken" in browser.text and "The file is empty." in browser.text
    browser.send(path, files=files[:1])
    assert "We had it already" in browser.text


def test_a_question_of_one_s_own_reaches_the_experts(launched: Launch) -> None:
    walk = launched()
    browser = as_patient(walk)
    path = f"/patient/{case_id(walk)}/questions"
    browser.open(path)
    browser.send(path, {"text": "May I <b>fly</b>?"})
    assert "May I <b>fly</b>?" in browser.text and "<b>fly" not in browser.answer.text
    walk.goes_to_the_readers()
    role = sorted(walk.panel)[0]
    assert "May I <b>fly</b>?" in as_expert(walk, role).text
    walk.signs(role)
    assert "no question can be added" in (browser.open(path), browser.text)[1]


def test_the_patient_sees_who_looked_and_asks_for_rights(launched: Launch) -> None:
    walk = launched(Specialty.CARDIOLOGY)
    walk.goes_to_the_readers()
    role = sorted(walk.panel)[0]
    as_expert(walk, role)
    browser = as_patient(walk)
    home = f"/patient/{case_id(walk)}"
    browser.open(f"{home}/who-looked")
    assert "An expert of your case" in browser.text and "You" in browser.text
    browser.open(f"{home}/rights")
    for _ in range(2):
        browser.send(f"{home}/rights", {"right": "erasure"}) if browser.page.forms else None
        browser.open(f"{home}/rights")
    assert len(walk.events("right_requested")) == 1
    assert [message.recipient for message in walk.said("person_asks")] == ["coordinator"]


def test_the_report_is_there_once_it_was_delivered(launched: Launch) -> None:
    walk = launched()
    browser = as_patient(walk)
    home = f"/patient/{case_id(walk)}"
    assert browser.open(f"{home}/report").status_code == 404
    walk.goes_to_its_end()
    answer = as_patient(walk).open(f"{home}/report")
    assert answer.status_code == 200 and answer.headers["content-disposition"].startswith("attachment")
    reads = [event.data for event in walk.events("read") if event.data["what"] == "report"]
    assert [read["version"] for read in reads] == [1]
