"""Signing in by the pages, on the real application and a real database."""

import pyotp
import pytest
from sqlmodel import select

from models import User, UserSession
from models.user_status import Role
from secunda.accounts import managing
from secunda.accounts.second_factor import secret_of
from secunda.api import limits
from secunda.db import transaction
from tests.integration.web.browsing import PASSWORD, Browser, an_account, code_of, signed_in

pytestmark = pytest.mark.usefixtures("store")


@pytest.fixture(autouse=True)
def nobody_tried_yet() -> None:
    limits.forget()


def test_a_new_account_signs_in_enrols_and_chooses_its_own_password() -> None:
    with transaction() as session:
        made = managing.add_user(session, "Ana@Example.org", "Ana", Role.AUDITOR)
    browser = Browser()
    browser.open("/sign-in")
    browser.send("/sign-in", {"email": "ana@example.org", "password": made.password})
    assert browser.path == "/sign-in/enrol"
    browser.send("/sign-in/enrol", {"code": code_of("ana@example.org")})
    codes = browser.page.xpath("//ul[contains(@class, 'secret')]/li/text()")
    assert len(codes) == 10
    browser.open("/account")
    assert browser.path == "/sign-in/password"
    browser.send("/sign-in/password", {"password": "short"})
    assert "fewer than 12 characters" in browser.text
    browser.send("/sign-in/password", {"password": PASSWORD})
    browser.open("/account")
    assert browser.answer.status_code == 200 and "10 codes are left" in browser.text

    elsewhere = Browser()
    elsewhere.open("/sign-in")
    elsewhere.send("/sign-in", {"email": "ana@example.org", "password": PASSWORD})
    elsewhere.send("/sign-in/code", {"code": codes[0]})
    assert elsewhere.answer.status_code == 200
    elsewhere.open("/account")
    assert "9 codes are left" in elsewhere.text


def test_a_password_alone_opens_nothing() -> None:
    with transaction() as session:
        email = an_account(session)
    browser = Browser()
    browser.open("/sign-in")
    browser.send("/sign-in", {"email": email, "password": PASSWORD})
    browser.open("/account")
    assert browser.path == "/sign-in/code"


def test_a_wrong_password_and_an_unknown_address_are_told_alike() -> None:
    with transaction() as session:
        email = an_account(session)
    answers = []
    for address in (email, "nobody@example.org"):
        browser = Browser()
        browser.open("/sign-in")
        browser.send("/sign-in", {"email": address, "password": "wrong wrong wrong"})
        answers.append(browser.text.replace(address, ""))
    assert answers[0] == answers[1] and "is not right" in answers[0]


def test_failures_make_it_slower_and_the_right_password_waits_too() -> None:
    with transaction() as session:
        email = an_account(session)
    browser = Browser()
    for _ in range(5):
        browser.open("/sign-in")
        browser.send("/sign-in", {"email": email, "password": "wrong wrong wrong"})
    browser.send("/sign-in", {"email": email, "password": PASSWORD})
    assert browser.answer.status_code == 422 and "too many attempts" in browser.text
    assert browser.open("/account").status_code == 200 and browser.path.startswith("/sign-in")


def test_a_locked_account_is_told_like_an_unknown_address() -> None:
    with transaction() as session:
        email = an_account(session)
    answers = []
    for address in (email, "nobody@example.org"):
        browser = Browser()
        for _ in range(6):
            browser.open("/sign-in")
            browser.send("/sign-in", {"email": address, "password": "wrong wrong wrong"})
        answers.append((browser.answer.status_code, browser.text.replace(address, "")))
    assert answers[0] == answers[1]


def test_a_code_is_good_once() -> None:
    browser = signed_in()
    with transaction() as session:
        user = session.exec(select(User)).one()
        shown = pyotp.TOTP(secret_of(user)).generate_otp(user.totp_last_step)
    other = Browser()
    other.open("/sign-in")
    other.send("/sign-in", {"email": "ana@example.org", "password": PASSWORD})
    other.send("/sign-in/code", {"code": shown})
    assert other.answer.status_code == 422
    assert browser.open("/account").status_code == 200


def test_a_form_without_its_token_or_from_another_site_changes_nothing() -> None:
    browser = signed_in()
    assert browser.http.post("/account/sessions/revoke-others", data={}).status_code == 403
    browser.open("/account")
    forged = browser.send("/account/recovery-codes", headers={"sec-fetch-site": "cross-site"})
    assert forged.status_code == 403


def test_a_revoked_session_and_a_closed_account_are_out_at_once() -> None:
    browser = signed_in()
    with transaction() as session:
        managing.disable(session, "ana@example.org")
    browser.open("/account")
    assert browser.path.startswith("/sign-in?next=")
    with transaction() as session:
        assert all(one.revoked_at for one in session.exec(select(UserSession)))


def test_signing_in_leads_back_to_the_page_but_never_away_from_here() -> None:
    browser = Browser()
    browser.open("/account")
    assert browser.path == "/sign-in?next=/account"
    for trap in ("https://evil.example", "//evil.example", "/\\evil.example"):
        browser.open("/sign-in?next=" + trap)
        assert browser.page.xpath("//form[@action='/sign-in']/input[@name='next']/@value") == ["/"]


def test_pages_say_what_browsers_may_not_do() -> None:
    answer = Browser().open("/sign-in")
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy and "unsafe" not in policy
    assert "script-src 'self'" in policy and "<script>" not in answer.text and "style=" not in answer.text
    assert answer.headers["x-frame-options"] == "DENY"


def test_a_page_speaks_the_reader_s_language() -> None:
    browser = Browser("ca;q=0.9, en;q=0.1")
    assert browser.open("/sign-in").headers["content-language"] == "ca"
    browser.send("/language", {"language": "de", "back": "/sign-in"})
    assert browser.answer.headers["content-language"] == "de"


def test_keys_without_ctrl_are_turned_off_and_on_again() -> None:
    browser = signed_in()
    browser.open("/account")
    for chosen in ("off", "on"):
        browser.send("/account/keys")
        assert browser.page.xpath("//body/@data-keys") == [chosen]
