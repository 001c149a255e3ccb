"""The expert's day, without JavaScript and with what htmx sends."""

import pytest

from models import Opinion
from models.status import AssignmentStatus, OpinionStatus
from pathways.vocabulary import Specialty
from secunda.actions.correction import ask_for_correction
from tests.integration.conftest import Launch
from tests.integration.walk import Walk
from tests.integration.web.browsing import Browser
from tests.integration.web.visiting import as_expert

DONE = AssignmentStatus.COMPLETED


def a_role(walk: Walk) -> str:
    return sorted(walk.panel)[0]


def test_an_offer_is_taken_with_the_attestation_or_declined_with_a_reason(launched: Launch) -> None:
    walk = launched(Specialty.CARDIOLOGY)
    walk.goes_to_the_panel()
    first, second = sorted(walk.panel)[:2]
    home = f"/expert/{walk.panel[first].id}"
    browser = as_expert(walk, first)
    assert "no conflict of interest" in browser.text and "Marcador" not in browser.text
    browser.send(f"{home}/accept")
    assert browser.answer.status_code == 422
    browser.send(f"{home}/accept", {"attested": "yes"})
    assert walk.panel[first].status is AssignmentStatus.ACCEPTED and walk.panel[first].no_conflict_attested

    other, seat = as_expert(walk, second), walk.panel[second].id
    other.send(f"/expert/{seat}/decline", {"why": "not my field", "note": "ask a surgeon"})
    assert "nothing left to do" in other.text
    ended = next(event for event in walk.events("assignment_ended"))
    assert ended.data["reason"] == "not my field: ask a surgeon"


@pytest.mark.parametrize("specialty", [Specialty.ONCOLOGY, Specialty.CARDIOLOGY, Specialty.RADIOLOGY])
def test_the_form_holds_everything_that_an_opinion_holds(launched: Launch, specialty: Specialty) -> None:
    """What an expert wrote elsewhere comes back from the form as it was."""
    walk = launched(specialty)
    walk.goes_to_the_readers()
    role = a_role(walk)
    walk.writes(role)
    saved = walk.events("opinion_saved")
    browser = as_expert(walk, role)
    path = f"/expert/{walk.panel[role].id}/opinion"
    browser.open(path)
    browser.send(path)
    assert browser.answer.status_code == 200
    assert [event.data for event in walk.events("opinion_saved")] == [event.data for event in saved]


def test_two_windows_do_not_overwrite_each_other_and_nothing_is_lost(launched: Launch) -> None:
    walk = launched()
    walk.goes_to_the_readers()
    role = a_role(walk)
    path = f"/expert/{walk.panel[role].id}/opinion"
    browser = as_expert(walk, role)
    browser.open(path)
    first = _fields(browser)
    browser.open(path)
    second = _fields(browser)
    assert "Saved." in _autosaved(browser, path, first | {"diagnosis": "One"})
    assert "Saved." in _autosaved(browser, path, first | {"diagnosis": "One, and on"})  # its answer was lost
    assert "another window" in _autosaved(browser, path, second | {"diagnosis": "Two"})
    answer = browser.http.post(path, data=second | {"diagnosis": "Two"})
    assert answer.status_code == 409 and ">Two</textarea>" in answer.text
    assert [opinion.content["diagnosis"] for opinion in walk.opinions] == ["One, and on"]
    browser.answer = answer
    browser.send(path)
    assert [opinion.content["diagnosis"] for opinion in walk.opinions] == ["Two"]


def test_what_blocks_signing_leads_to_its_field_and_what_is_complete_is_signed(launched: Launch) -> None:
    walk = launched(Specialty.CARDIOLOGY)
    walk.goes_to_the_readers()
    role = a_role(walk)
    home = f"/expert/{walk.panel[role].id}"
    browser = as_expert(walk, role)
    browser.open(f"{home}/opinion")
    ids = set(browser.page.xpath("//@id"))
    links = [link.partition("#")[2] for link in browser.page.xpath("//ul[contains(@class, 'gaps')]//a/@href")]
    assert len(links) > 5 and set(links) <= ids
    browser.send(f"{home}/opinion", {"onward": "sign"})
    assert browser.path == f"{home}/sign" and "still block" in browser.text
    walk.writes(role)
    browser.open(f"{home}/sign")
    browser.send(f"{home}/sign")
    assert browser.answer.status_code == 422
    browser.send(f"{home}/sign", {"attested": "yes"})
    assert "is signed" in browser.text and walk.panel[role].status is DONE
    assert browser.open(f"{home}/opinion").status_code == 404


def test_a_blind_reader_is_not_given_the_first_opinion_before_signing(launched: Launch) -> None:
    walk = launched(Specialty.RADIOLOGY)
    walk.goes_to_the_readers()
    role = next(role for role, seat in sorted(walk.panel.items()) if seat.blind_first)
    home = f"/expert/{walk.panel[role].id}"
    browser = as_expert(walk, role)
    hidden = [one for one in walk.documents if f"/documents/{one.number}" not in browser.answer.text]
    assert hidden
    for one in hidden:
        assert browser.open(f"{home}/documents/{one.number}").status_code == 404
    assert browser.open(f"{home}/preview").status_code == 409
    walk.writes(role)
    browser.open(f"{home}/sign")
    browser.send(f"{home}/sign", {"attested": "yes"})
    assert [opinion.status for opinion in walk.rows(Opinion)] == [OpinionStatus.PROVISIONAL]
    answers = [browser.open(f"{home}/documents/{one.number}") for one in hidden]
    assert all(answer.status_code == 200 for answer in answers)
    read = {event.data["number"] for event in walk.events("read") if event.data["what"] == "document"}
    assert read == {one.number for one in hidden}


def test_a_place_that_was_taken_is_given_back_with_a_reason_and_offered_to_another(launched: Launch) -> None:
    walk = launched(Specialty.CARDIOLOGY)
    walk.goes_to_the_readers()
    role = a_role(walk)
    before, home = walk.panel[role].id, f"/expert/{walk.panel[role].id}"
    browser = as_expert(walk, role)
    browser.send(f"{home}/hand-back")
    assert browser.answer.status_code == 422
    browser.open(home)
    browser.send(f"{home}/hand-back", {"why": "another reason", "note": "I have fallen ill"})
    walk.walker.settle(walk.reference)
    assert "nothing left to do" in browser.text
    assert walk.events("assignment_ended")[-1].data["reason"] == "another reason: I have fallen ill"
    assert walk.panel[role].id != before and walk.said("expert_replaced", "coordinator")


def test_what_is_to_be_corrected_is_told_and_signed_again(launched: Launch) -> None:
    walk = launched(Specialty.CARDIOLOGY)
    walk.goes_to_the_readers()
    role = a_role(walk)
    walk.signs(role)
    walk.does(ask_for_correction, walk.panel[role].id, "user:ana@example.org", "The dose is per kilogram.")
    browser, home = as_expert(walk, role), f"/expert/{walk.panel[role].id}"
    assert "The dose is per kilogram." in browser.text and "Correct the opinion" in browser.text
    assert not [form for form in browser.page.forms if form.action.endswith("/hand-back")]
    browser.open(f"{home}/opinion")
    assert "The dose is per kilogram." in browser.text
    browser.send(f"{home}/opinion", {"onward": "sign", "diagnosis": "Stable angina, corrected"})
    browser.send(f"{home}/sign", {"attested": "yes"})
    assert walk.panel[role].status is DONE
    assert [one.version for one in walk.opinions] == [1, 2]


def _fields(browser: Browser) -> dict[str, str]:
    form = next(one for one in browser.page.forms if one.action.endswith("/opinion"))
    return {name: value for name, value in form.fields.items() if value is not None}


def _autosaved(browser: Browser, path: str, fields: dict[str, str]) -> str:
    answer = browser.http.post(f"{path}/draft", data=fields, headers={"HX-Request": "true"})
    assert answer.status_code == 200, answer.text
    return str(answer.text)
