"""The link and the code: once, for one browser, into one case."""

from datetime import timedelta
from typing import Any

import pytest
from fastapi.routing import APIRoute

from models.status import CaseStatus
from secunda import clock
from secunda.api import limits
from secunda.links import VALID_FOR, LinkTarget, link_to
from secunda.recipients import RecipientKind
from secunda.web.by_link_routers import BY_LINK
from tests.integration.conftest import Launch
from tests.integration.web.visiting import as_expert, as_patient, case_id, follow, link, newest_code, reader

ROOMS = ("/expert/", "/patient/", "/requester/")


@pytest.fixture(autouse=True)
def nobody_tried_yet() -> None:
    limits.forget()


def test_a_link_opens_once_and_offers_a_new_one_afterwards(launched: Launch) -> None:
    walk = launched()
    subject = case_id(walk)
    path = link(RecipientKind.PATIENT, subject)
    mine = follow(reader(), path, subject)
    assert mine.path == f"/patient/{subject}" and walk.reference in mine.text
    assert mine.open(path).url.path == f"/patient/{subject}"  # whoever is in goes on

    other = reader()
    assert other.open(path).status_code == 410 and "used already" in other.text
    other.send(f"/link/patient/{subject}/new")
    assert "on its way" in other.text
    assert [message.recipient for message in walk.said("new_link")] == ["patient"]


def test_an_expired_link_says_so_and_a_damaged_one_leads_nowhere(launched: Launch) -> None:
    walk = launched()
    old = link_to(LinkTarget(RecipientKind.PATIENT, case_id(walk)), clock.wall() - VALID_FOR - timedelta(days=1))
    browser = reader()
    assert browser.open("/d/" + old.rsplit("/", 1)[1]).status_code == 410 and "expired" in browser.text
    assert browser.open("/d/" + old.rsplit("/", 1)[1].replace(".", "..")).status_code == 404


@pytest.mark.parametrize(("channel", "other"), [("email", "sms"), ("sms", "email")])
def test_the_code_goes_another_way_than_its_link(launched: Launch, channel: str, other: str) -> None:
    walk = launched()
    token = link_to(LinkTarget(RecipientKind.PATIENT, case_id(walk), channel)).rsplit("/", 1)[1]
    browser = reader()
    browser.open(f"/d/{token}")
    browser.send(f"/d/{token}/code")
    assert [message.channel for message in walk.said("access_code")] == [other]
    assert ("number that ends in …01" if other == "sms" else "n…@example.org") in browser.text


def test_whoever_has_one_address_gets_link_and_code_there(launched: Launch) -> None:
    walk = launched()
    subject = case_id(walk)
    follow(reader(), link(RecipientKind.REQUESTER, subject), subject)
    assert [message.channel for message in walk.said("access_code")] == ["email"]


def test_a_code_is_tried_five_times_and_no_more(launched: Launch) -> None:
    subject = case_id(launched())
    path = link(RecipientKind.PATIENT, subject)
    browser = reader()
    browser.open(path)
    browser.send(f"{path}/code")
    right = newest_code(subject)
    for _ in range(5):
        browser.send(f"{path}/open", {"code": "x" + right})
        assert browser.answer.status_code == 422
    browser.send(f"{path}/open", {"code": right})
    assert browser.answer.status_code == 422 and "not good any more" in browser.text


def test_a_code_is_good_in_the_browser_that_asked_for_it_only(launched: Launch) -> None:
    subject = case_id(launched())
    path = link(RecipientKind.PATIENT, subject)
    asked = reader()
    asked.open(path)
    asked.send(f"{path}/code")
    thief = reader()
    thief.open(f"{path}/code")
    thief.send(f"{path}/open", {"code": newest_code(subject)})
    assert thief.answer.status_code == 422


def test_links_open_nothing_else(launched: Launch) -> None:
    """Every page of every other case, assignment and kind of visitor, for one who is in."""
    mine, theirs = launched(), launched()
    for walk in (mine, theirs):
        walk.goes_to_the_panel()
    role, others = sorted(mine.panel)[0], sorted(theirs.panel)[0]
    foreign = {case_id(mine), case_id(theirs), theirs.panel[others].id, *(seat.id for seat in mine.panel.values())}
    for browser, own in ((as_expert(mine, role), mine.panel[role].id), (as_patient(mine), case_id(mine))):
        room = browser.path.split("/")[1]
        for path, subject in ((path, subject) for path in addresses() for subject in foreign):
            if (path.split("/")[1], subject) == (room, own):
                continue
            answer = browser.open(path.format(subject=subject, number=1, frame=1))
            assert answer.status_code == 403, answer.url
            assert mine.reference not in browser.text and theirs.reference not in browser.text


def test_nobody_changes_anything_from_elsewhere(launched: Launch) -> None:
    walk = launched()
    browser = as_patient(walk)
    subject = case_id(walk)
    forged = browser.http.post(f"/patient/{subject}/consent/give", data={"purpose": "second_opinion", "read": "yes"})
    assert forged.status_code == 403 and walk.status is CaseStatus.AWAITING_CONSENT


def test_the_page_says_what_browsers_may_not_do_and_its_cookies_are_out_of_reach(launched: Launch) -> None:
    walk = launched()
    subject = case_id(walk)
    path = link(RecipientKind.PATIENT, subject)
    browser = reader()
    browser.open(path)
    browser.send(f"{path}/code")
    set_cookie = browser.answer.history[0].headers["set-cookie"].lower()
    assert "httponly" in set_cookie and "samesite=lax" in set_cookie
    policy = browser.answer.headers["content-security-policy"]
    assert "unsafe" not in policy and "frame-ancestors 'none'" in policy
    assert "style=" not in browser.answer.text


def test_whoever_closes_the_page_is_out(launched: Launch) -> None:
    walk = launched()
    browser = as_patient(walk)
    browser.send(f"/patient/{case_id(walk)}/leave")
    assert browser.open(f"/patient/{case_id(walk)}").status_code == 403


def addresses() -> list[str]:
    """Every page behind a link that is asked for by GET."""
    routes: list[Any] = [route for router in BY_LINK for route in router.routes if isinstance(route, APIRoute)]
    found = [route.path for route in routes if "GET" in route.methods and route.path.startswith(ROOMS)]
    assert len(found) > 10
    return found
