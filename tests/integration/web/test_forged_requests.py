"""Nothing is changed by a request that our own page did not make; nothing is framed; nobody is led away."""

from urllib.parse import urljoin, urlsplit
from uuid import uuid4

import pytest
from fastapi.routing import APIRoute
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import select

from models import UserSession
from models.user_status import Role
from secunda.api import limits
from secunda.db import transaction
from secunda.settings import settings
from secunda.web.security import is_local
from tests.conftest import use_settings
from tests.integration.surroundings import launch_case
from tests.integration.web.attacks import changes, routes
from tests.integration.web.browsing import PASSWORD, Browser, an_account, code_of, signed_in

pytestmark = pytest.mark.usefixtures("store")
#: What any address of ours is filled with; a route with another word fails here until it is added.
FILLED = {
    "reference": "SO-AAAA-AAAA",
    "session_id": str(uuid4()),
    "subject": str(uuid4()),
    "token": "x",
    "kind": "patient",
    "id": "0" * 32,
    "number": "1",
    "frame": "1",
    "version": "1",
    "specialty": "cardiology",
    "hash": "0" * 12,
    "table": "stages",
    "rest": "x",
}


@pytest.fixture(autouse=True)
def nobody_tried_yet() -> None:
    limits.forget()


@pytest.fixture
def ana() -> Browser:
    return signed_in()


def address_of(route: APIRoute) -> str:
    return route.path_format.format_map(FILLED)


def token_of(browser: Browser, address: str) -> str:
    browser.open(address)
    return str(browser.page.xpath("//input[@name='csrf_token']/@value")[0])


def test_no_change_without_the_token_of_this_session(ana: Browser) -> None:
    """Every route that changes anything: no token, another session's token, and the right one from another site."""
    mine, others = token_of(ana, "/account"), token_of(signed_in(email="berta@example.org"), "/account")
    visitors = token_of(Browser(), "/sign-in")
    assert len({mine, others, visitors}) == 3
    checked = 0
    for route in changes():
        address = address_of(route)
        for said, site in (
            ({}, ""),
            ({"csrf_token": others}, ""),
            ({"csrf_token": visitors}, ""),
            ({"csrf_token": mine}, "cross-site"),
        ):
            headers = {"sec-fetch-site": site} if site else {}
            answer = ana.http.post(address, data=said, headers=headers, follow_redirects=False)
            assert answer.status_code == 403 and "This form is too old, or was not ours." in answer.text, (
                address,
                said,
            )
            checked += 1
    assert checked > 200
    assert ana.open("/account").status_code == 200


def test_the_token_may_come_in_a_header_as_htmx_sends_it_but_not_in_the_address(ana: Browser) -> None:
    mine = token_of(ana, "/account")
    assert ana.http.post(f"/cases/views/remove?csrf_token={mine}", data={"name": "x"}).status_code == 403
    answer = ana.http.post("/cases/views/remove", data={"name": "x"}, headers={"X-CSRF-Token": mine})
    assert answer.status_code == 200


def test_no_page_is_framed_by_anybody_else() -> None:
    """Every address, for somebody who is signed in and for nobody: what is found, refused and not there."""
    reference = launch_case()
    for browser in (signed_in(Role.MEDICAL_DIRECTOR), Browser()):
        for method, route in routes():
            if method != "GET":
                continue
            address = address_of(route).replace(FILLED["reference"], reference)
            answer = browser.http.get(address, follow_redirects=False)
            policy = answer.headers["content-security-policy"]
            assert "frame-ancestors 'none'" in policy or "frame-ancestors 'self'" in policy, address
            assert answer.headers["x-frame-options"] in ("DENY", "SAMEORIGIN"), address
            if "text/html" in answer.headers.get("content-type", ""):
                assert "frame-ancestors 'none'" in policy and "unsafe" not in policy, address
                assert answer.headers["x-frame-options"] == "DENY", address
            assert answer.headers["x-content-type-options"] == "nosniff", address
            assert answer.headers["referrer-policy"] in ("same-origin", "no-referrer"), address


TRAPS = (
    "https://evil.example",
    "https:evil.example",
    "https:/evil.example",
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "\\/evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "\t//evil.example",
    " //evil.example",
    "javascript:alert(1)",
    "data:text/html,x",
    "evil.example",
    "@evil.example",
    ".evil.example",
    "/%2f/evil.example/%2e%2e",
    "",
)


def as_browsers_do(address: str, base: str = "https://secunda.example/sign-in") -> str:
    """Which host it leads to (WHATWG URL: tabs and line breaks are dropped, a backslash is a slash)."""
    cleaned = address.strip("".join(map(chr, range(33)))).translate(dict.fromkeys(map(ord, "\t\r\n")))
    return urlsplit(urljoin(base, cleaned.replace("\\", "/"))).netloc


@given(st.text(alphabet="/\\:@.?#%\t\r\n ehtpsvil2fc5", max_size=24))
def test_an_address_that_counts_as_ours_leads_nowhere_else(address: str) -> None:
    if is_local(address):
        assert as_browsers_do(address) == "secunda.example"


@pytest.mark.parametrize("trap", TRAPS[::5])  # signing in takes its time; what they have in common is above
def test_signing_in_leads_nowhere_else(trap: str) -> None:
    with transaction() as session:
        an_account(session)
    browser = Browser()
    browser.http.get("/sign-in", params={"next": trap})
    browser.open("/sign-in")
    said = {"email": "ana@example.org", "password": PASSWORD, "next": trap, "csrf_token": token_of(browser, "/sign-in")}
    first = browser.http.post("/sign-in", data=said, follow_redirects=False)
    assert as_browsers_do(first.headers["location"]) == "secunda.example"
    browser.answer = browser.http.get(first.headers["location"])
    code = {"code": code_of("ana@example.org"), "next": trap}
    hidden = str(browser.page.xpath("//input[@name='csrf_token']/@value")[0])
    last = browser.http.post("/sign-in/code", data=code | {"csrf_token": hidden}, follow_redirects=False)
    assert last.status_code == 303 and as_browsers_do(last.headers["location"]) == "secunda.example"


@pytest.mark.parametrize("trap", TRAPS)
def test_choosing_a_language_leads_nowhere_else(trap: str) -> None:
    browser = Browser()
    said = {"language": "de", "back": trap, "csrf_token": token_of(browser, "/sign-in")}
    answer = browser.http.post("/language", data=said, follow_redirects=False)
    assert answer.status_code == 303 and as_browsers_do(answer.headers["location"]) == "secunda.example"


def test_a_session_has_another_name_after_each_step_of_signing_in() -> None:
    """A cookie that somebody else planted, or saw before the code was shown, is worth nothing afterwards."""
    with transaction() as session:
        an_account(session)
    browser = Browser()
    browser.http.cookies.set("secunda-session", "planted", domain="testserver.local")
    browser.http.cookies.set("secunda-visit", "planted", domain="testserver.local")
    names = ["planted"]
    browser.open("/sign-in")
    browser.send("/sign-in", {"email": "ana@example.org", "password": PASSWORD})
    names.append(browser.http.cookies["secunda-session"])
    browser.send("/sign-in/code", {"code": code_of("ana@example.org")})
    names.append(browser.http.cookies["secunda-session"])
    assert len(set(names)) == 3
    for old in names[:2]:
        thief = Browser()
        thief.http.cookies.set("secunda-session", old)
        thief.open("/account")
        assert thief.path == "/sign-in?next=/account"
    with transaction() as session:
        assert len(session.exec(select(UserSession)).all()) == 1
    browser.open("/account")
    browser.send("/sign-out")
    assert browser.open("/account").history


def test_cookies_go_over_https_to_this_host_alone_and_scripts_do_not_see_them(monkeypatch: pytest.MonkeyPatch) -> None:
    use_settings(
        monkeypatch,
        environment="test",
        home=settings().home,
        database_url=settings().database_url,
        public_url="https://secunda.example",
    )
    with transaction() as session:
        an_account(session)
    browser = Browser()
    browser.http.base_url = "https://secunda.example"  # type: ignore[assignment]
    given_: dict[str, str] = {}
    answers = [browser.open("/sign-in")]
    answers.append(browser.send("/sign-in", {"email": "ana@example.org", "password": PASSWORD}))
    answers.append(browser.send("/sign-in/code", {"code": code_of("ana@example.org")}))
    browser.open("/account")
    answers.append(browser.send("/language", {"language": "en"}))
    for answer in (one for each in answers for one in (*each.history, each)):
        for line in answer.headers.get_list("set-cookie"):
            given_[line.split("=", 1)[0]] = line.lower()
    assert {"__Host-secunda-session", "__Host-secunda-visit"} <= set(given_)
    for name, line in given_.items():
        assert name.startswith("__Host-"), name
        assert {"secure", "path=/"} <= {part.strip() for part in line.split(";")}, line
        assert "domain=" not in line and "samesite=lax" in line, line
        if name != "__Host-secunda-language":
            assert "httponly" in line, line
