"""What a patient asks for by law is answered within its month: by whom, how, and where that is seen."""

from datetime import UTC, datetime, timedelta

import pytest

from models import RightsRequest
from models.rights_request import Right, RightAnswer
from models.user_status import Role
from secunda.actions import rights
from secunda.errors import BadInputError, ConflictError, NotFoundError
from secunda.rights import months_after
from tests.integration.conftest import Launch
from tests.integration.test_replaying import differing
from tests.integration.walk import Walk
from tests.integration.web.browsing import Browser, signed_in
from tests.integration.web.visiting import as_patient, case_id

ANA = "user:ana@example.org"
WHY = "The law keeps medical records for five years."


def asked(launched: Launch, right: Right = Right.ERASURE) -> Walk:
    walk = launched()
    rights.request_right(walk.reference, right, "patient")
    return walk


def row(walk: Walk) -> RightsRequest:
    (only,) = walk.rows(RightsRequest)
    assert isinstance(only, RightsRequest)
    return only


def patient_reads(walk: Walk) -> Browser:
    browser = as_patient(walk)
    browser.open(f"/patient/{case_id(walk)}/rights")
    return browser


@pytest.mark.parametrize(
    ("asked_on", "months", "due_on"),
    [((2026, 3, 10), 1, (2026, 4, 10)), ((2027, 1, 31), 1, (2027, 2, 28)), ((2026, 11, 30), 3, (2027, 2, 28))],
)
def test_a_month_ends_on_the_same_day_or_the_month_s_last(
    asked_on: tuple[int, int, int], months: int, due_on: tuple[int, int, int]
) -> None:
    assert months_after(datetime(*asked_on, 9, tzinfo=UTC), months) == datetime(*due_on, 9, tzinfo=UTC)


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.MEDICAL_DIRECTOR])
def test_staff_refuse_with_a_reason_and_the_patient_reads_it(launched: Launch, role: Role) -> None:
    walk = asked(launched)
    browser = signed_in(role)
    page = f"/cases/{walk.reference}"
    browser.open(page)
    assert "Erasure of the data" in browser.text and "4 weeks left" in browser.text
    browser.send(f"{page}/answer-right", {"answer": "refused", "reason": " "})
    assert browser.answer.status_code == 422 and "A reason is owed" in browser.text
    browser.open(page)
    browser.send(f"{page}/answer-right", {"answer": "refused", "reason": WHY})
    assert "answered on" in browser.text and WHY in browser.text
    assert f"{page}/answer-right" not in {form.action for form in browser.page.forms}
    (event,) = walk.events("right_answered")
    assert (event.actor, event.data["right"], event.data["answer"]) == (ANA, "erasure", "refused")
    assert "was answered about erasure of the data: refused" in browser.text
    assert [message.recipient for message in walk.said("rights_reply")] == ["patient"]
    told = patient_reads(walk).text
    assert "cannot be granted" in told and WHY in told and "go to court" in told
    assert differing(walk) == []


def test_what_is_granted_needs_no_reason_and_can_be_asked_for_again(launched: Launch) -> None:
    walk = asked(launched, Right.ACCESS)
    for _ in range(2):
        rights.answer_right(walk.reference, Right.ACCESS, RightAnswer.GRANTED, ANA)
    assert len(walk.events("right_answered")) == len(walk.said("rights_reply")) == 1
    with pytest.raises(ConflictError, match="answered already"):
        rights.answer_right(walk.reference, Right.ACCESS, RightAnswer.PARTLY, ANA, "the rest is lost")
    patient = patient_reads(walk)
    assert "is granted." in patient.text and "go to court" not in patient.text
    patient.send(f"/patient/{case_id(walk)}/rights", {"right": "access"})
    assert len(walk.events("right_requested")) == 2
    assert "You are answered by" in patient.text
    assert differing(walk) == []


def test_a_reason_is_kept_whole_or_refused(launched: Launch) -> None:
    walk = asked(launched)
    with pytest.raises(BadInputError, match="longer than 1,000"):
        rights.answer_right(walk.reference, Right.ERASURE, RightAnswer.REFUSED, ANA, "x" * 1001)
    with pytest.raises(BadInputError, match="longer than 1,000"):
        rights.extend_right(walk.reference, Right.ERASURE, ANA, "x" * 1001)
    assert row(walk).answered_at is None and not row(walk).extension
    lines = ["a" * 99] * 10  # with the ends of its lines 999, as a form counts; sent with two characters each, 1,008
    rights.answer_right(walk.reference, Right.ERASURE, RightAnswer.REFUSED, ANA, "\r\n".join(lines))
    assert row(walk).reason == "\n".join(lines)


def test_more_time_is_taken_once_within_the_month_and_told_to_the_patient(launched: Launch) -> None:
    walk = asked(launched)
    browser, page = signed_in(), f"/cases/{walk.reference}"
    before = row(walk).due_at
    browser.open(page)
    browser.send(f"{page}/extend-right", {"reason": "There are many papers."})
    assert row(walk).due_at == months_after(row(walk).asked_at, 3) > before
    assert f"{page}/extend-right" not in {form.action for form in browser.page.forms}
    assert "There are many papers." in patient_reads(walk).text
    with pytest.raises(ConflictError, match="the law gives it once"):
        rights.extend_right(walk.reference, Right.ERASURE, ANA, "Still many.")
    assert len(walk.said("rights_reply")) == 1
    assert differing(walk) == []


def test_more_time_is_not_taken_after_the_month(launched: Launch) -> None:
    walk = asked(launched)
    walk.walker.time.at += timedelta(days=40)
    with pytest.raises(ConflictError, match="first month is over"):
        rights.extend_right(walk.reference, Right.ERASURE, ANA, "I forgot.")
    browser = signed_in()
    browser.open(f"/cases/{walk.reference}")
    assert f"/cases/{walk.reference}/extend-right" not in {form.action for form in browser.page.forms}
    assert "late" in browser.text


def test_a_request_that_runs_late_needs_somebody_now_also_of_a_closed_case(launched: Launch) -> None:
    walk, quiet = asked(launched), launched(requester="Another hospital")
    browser = signed_in(email="before@example.org")

    def listed() -> str:
        assert browser.open("/cases").url.path == "/cases"
        found = browser.page.xpath("//*[@id='late-rights']")
        return str(found[0].text_content()) if found else ""

    assert listed() == ""
    walk.walker.time.at += timedelta(days=26)
    browser = signed_in()
    assert walk.reference in listed() and quiet.reference not in listed()
    table = browser.page.get_element_by_id("case-table").text_content()
    assert walk.reference in table
    walk.withdraws()
    assert walk.reference in listed()
    browser.open(f"/cases/{walk.reference}")
    browser.send(f"/cases/{walk.reference}/answer-right", {"answer": "granted"})
    assert listed() == ""


def test_a_reader_without_casework_answers_nothing_and_a_payer_does_not_see_it(launched: Launch) -> None:
    walk = asked(launched)
    auditor = signed_in(Role.AUDITOR, "iu@example.org")
    auditor.open(f"/cases/{walk.reference}")
    assert "Erasure of the data" in auditor.text
    assert not [form for form in auditor.page.forms if "right" in form.action]
    assert "late-rights" not in auditor.open("/cases").text


def test_what_was_not_asked_for_is_not_answered(launched: Launch) -> None:
    walk = asked(launched)
    with pytest.raises(NotFoundError):
        rights.answer_right(walk.reference, Right.ACCESS, RightAnswer.GRANTED, ANA)
    with pytest.raises(BadInputError):
        rights.answer_right(walk.reference, Right.ERASURE, RightAnswer.PARTLY, ANA)
    assert walk.events("right_answered") == []
