"""The access matrix: every role, every page of every room, with the own case, a foreign one and one that is not there.

The routes are read from the application: a new one is in it at once.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from fastapi.routing import APIRoute

from models.user_status import Role
from pathways.vocabulary import Specialty
from secunda.actions.attach import attach
from secunda.api import limits
from secunda.documents import Said
from secunda.permissions import Permission, may
from secunda.recipients import RecipientKind
from secunda.web.by_link import ByLink
from secunda.web.session import Allowed, OpenToAll
from tests.integration.conftest import Launch
from tests.integration.walk import Walk
from tests.integration.web.attacks import changes, routes
from tests.integration.web.browsing import Browser, signed_in
from tests.integration.web.test_forged_requests import FILLED
from tests.integration.web.visiting import as_expert, as_patient, case_id, follow, link, reader

OWN, FOREIGN = "mutua-norte", "otra-mutua"
IDENTITY, CONTENT, EXPERTS = "identity of the patient", "what the papers and questions say", "names of the experts"
#: What a word of a case tells → one of the permissions that show it.
SECRETS: dict[str, tuple[Permission, ...]] = {
    IDENTITY: (Permission.SEE_DOCUMENTS,),
    CONTENT: (Permission.SEE_DOCUMENTS,),
    EXPERTS: (Permission.SEE_PANEL, Permission.SEE_OVERVIEW),  # the overview tells their load
}
PAYER = {Role.PAYER_VIEWER: OWN}


@dataclass(frozen=True)
class Place:
    """A case to look at: how addresses name it, and the words that only some may read."""

    walk: Walk | None
    words: dict[str, str]

    def fills(self) -> dict[str, str]:
        if self.walk is None:
            return FILLED
        return FILLED | {"reference": self.walk.reference, "subject": str(case_id(self.walk))}


@pytest.fixture(autouse=True)
def nobody_tried_yet() -> None:
    limits.forget()


@pytest.fixture
def places(launched: Launch) -> dict[str, Place]:
    """Two payers' cases that went far enough to have something of everything, and none."""
    found = {}
    for payer in (OWN, FOREIGN):
        mark = f"Marca{payer.replace('-', '').title()}"
        walk = launched(Specialty.CARDIOLOGY, payer=payer, questions=[f"Question of {mark}"])
        attach(walk.reference, BytesIO(f"Letter of {mark}".encode()), "requester", Said(title=f"Title of {mark}"))
        walk.goes_to_the_readers()
        found[payer] = Place(walk, {IDENTITY: "Marcador", CONTENT: mark, EXPERTS: "Cardiac_Surgeon"})
    return found | {"unknown": Place(None, {})}


def permission_of(route: APIRoute) -> Any:
    """What guards a page."""
    found = [one.call for one in _dependencies(route.dependant) if isinstance(one.call, Allowed | ByLink | OpenToAll)]
    assert len(found) == 1, route.path
    return found[0]


def _dependencies(dependant: Any) -> Iterator[Any]:
    for one in dependant.dependencies:
        yield one
        yield from _dependencies(one)


def plain(answer: Any, *names: str) -> str:
    """The answer without what differs between any two pages: tokens, and the address that was asked for."""
    text = re.sub(r'(csrf_token" value="|X-CSRF-Token&#34;: &#34;)[0-9a-f]+', r"\1", answer.text)
    text = re.sub(r'(X-CSRF-Token": ?")[0-9a-f]+', r"\1", text)
    for name in names:
        text = text.replace(name, "·")
    return text


def opened(browser: Browser, route: APIRoute, place: Place) -> Any:
    return browser.http.get(route.path_format.format_map(place.fills()), follow_redirects=False)


def leaks(answer: Any, role: Role, place: Place) -> list[str]:
    """The words of the case that this role must not read."""
    hidden = [what for what, shown in SECRETS.items() if not any(may(role, one) for one in shown)]
    return [what for what in hidden if what in place.words and place.words[what] in answer.text]


@pytest.mark.parametrize("role", list(Role))
def test_a_role_opens_what_its_row_says_and_reads_nothing_else(role: Role, places: dict[str, Place]) -> None:
    browser = signed_in(role, f"{role.value}@example.org", PAYER.get(role, ""))
    wrong: list[str] = []
    read: set[str] = set()
    for method, route in routes():
        guard = permission_of(route)
        if method != "GET":
            continue
        for name, place in places.items():
            answer = opened(browser, route, place)
            read |= {what for what, word in place.words.items() if word in answer.text}
            if isinstance(guard, Allowed):
                expected = may(role, guard.permission)
                if expected == (answer.status_code == 403):
                    wrong.append(f"{route.path} of {name}: {answer.status_code}")
            elif isinstance(guard, ByLink) and answer.status_code != 403:
                wrong.append(f"{route.path} of {name} without a link: {answer.status_code}")
            wrong += [f"{route.path} of {name} tells the {what}" for what in leaks(answer, role, place)]
    assert wrong == []
    assert read == {what for what, shown in SECRETS.items() if any(may(role, one) for one in shown)}


def test_nobody_reads_anything_without_signing_in(places: dict[str, Place]) -> None:
    browser, wrong = Browser(), []
    for method, route in routes():
        guard = permission_of(route)
        if method != "GET" or isinstance(guard, OpenToAll):
            continue
        for name, place in places.items():
            answer = opened(browser, route, place)
            if isinstance(guard, Allowed):
                is_right = answer.status_code == 303 and answer.headers["location"].startswith("/sign-in?next=/")
            else:
                is_right = answer.status_code == 403
            if not is_right or any(word in answer.text for word in place.words.values()):
                wrong.append(f"{route.path} of {name}: {answer.status_code}")
    assert wrong == []


def test_another_payer_s_case_answers_as_one_that_is_not_there(places: dict[str, Place]) -> None:
    """Byte by byte, apart from tokens and the reference that was asked for."""
    browser = signed_in(Role.PAYER_VIEWER, "vera@example.org", OWN)
    browser.http.headers["accept-encoding"] = "identity"  # compressed, every answer is longer by a random number
    foreign, unknown = places[FOREIGN], places["unknown"]
    compared = 0
    for method, route in routes():
        if method != "GET" or "{reference}" not in route.path:
            continue
        found, missing = opened(browser, route, foreign), opened(browser, route, unknown)
        assert found.status_code == missing.status_code in (403, 404), route.path
        names = (foreign.fills()["reference"], unknown.fills()["reference"])
        assert plain(found, *names) == plain(missing, *names), route.path
        assert _headers(found) == _headers(missing), route.path
        compared += 1
    assert compared > 4
    assert (
        opened(browser, next(r for _, r in routes() if r.path == "/cases/{reference}"), places[OWN]).status_code == 200
    )


def _headers(answer: Any) -> dict[str, str]:
    return {name: value for name, value in answer.headers.items() if name != "x-request-id"}


@pytest.mark.parametrize("role", [Role.OPS, Role.AUDITOR, Role.PAYER_VIEWER])
def test_who_may_not_change_anything_changes_nothing(role: Role, places: dict[str, Place]) -> None:
    """Every form of the pages, sent with a good token."""
    browser = signed_in(role, f"{role.value}@example.org", PAYER.get(role, ""))
    browser.open("/account")
    token = str(browser.page.xpath("//input[@name='csrf_token']/@value")[0])
    place = places[OWN]
    assert place.walk is not None
    before, refused = len(place.walk.events()), 0
    for route in changes():
        guard = permission_of(route)
        if isinstance(guard, OpenToAll) or (isinstance(guard, Allowed) and may(role, guard.permission)):
            continue
        said = {"csrf_token": token, "reason": "x", "key": "ecg", "seat": str(uuid4()), "purpose": "second_opinion"}
        answer = browser.http.post(route.path_format.format_map(place.fills()), data=said, follow_redirects=False)
        assert answer.status_code == 403, (route.path, answer.status_code)
        refused += 1
    assert refused > 40 and len(place.walk.events()) == before


def test_a_visitor_by_link_opens_their_own_subject_and_no_page_of_anybody_with_an_account(
    places: dict[str, Place],
) -> None:
    mine, theirs = places[OWN], places[FOREIGN]
    assert mine.walk is not None and theirs.walk is not None
    role = sorted(mine.walk.panel)[0]
    requester = follow(reader(), link(RecipientKind.REQUESTER, case_id(mine.walk)), case_id(mine.walk))
    visitors = {"expert": as_expert(mine.walk, role), "patient": as_patient(mine.walk), "requester": requester}
    wrong = []
    for who, browser in visitors.items():
        for method, route in routes():
            guard = permission_of(route)
            if method != "GET" or isinstance(guard, OpenToAll):
                continue
            for name, place in places.items():
                if isinstance(guard, ByLink) and route.path.startswith(f"/{who}/") and place is mine:
                    continue  # their own
                answer = opened(browser, route, place)
                word = place.words.get(CONTENT, "no word")
                if answer.status_code not in (303, 403) or word in answer.text:
                    wrong.append(f"{who}: {route.path} of {name}: {answer.status_code}")
    assert wrong == []
