"""A browser without JavaScript: it keeps cookies, reads pages, and sends the forms that it finds on them."""

import re
from collections.abc import Mapping
from typing import Any

import pyotp
from fastapi.testclient import TestClient
from lxml import html
from sqlmodel import Session

from models.user_status import Role
from secunda import clock
from secunda.accounts.managing import add_user, user_by_email
from secunda.accounts.passwords import hashed
from secunda.accounts.second_factor import STEP, new_secret, secret_of
from secunda.db import transaction
from tests.integration.application import application

PASSWORD = "correct horse battery staple"


class Browser:
    """`page` is what was loaded last, as a tree; `text` its words."""

    def __init__(self, language: str = "en") -> None:
        self.http = TestClient(application(), base_url="http://testserver", headers={"accept-language": language})
        self.answer: Any = None

    def open(self, address: str, **headers: str) -> Any:
        self.answer = self.http.get(address, headers=headers)
        return self.answer

    def send(self, action: str, fields: Mapping[str, Any] | None = None, **more: Any) -> Any:
        """Send the form of the page that goes to `action`, with its hidden fields and these."""
        page = self.page
        form = next((one for one in page.forms if one.action == action), None)
        for button in page.xpath("//button[@form and @formaction]") if form is None else ():
            if button.get("formaction") == action:
                form = page.get_element_by_id(button.get("form"))
        assert form is not None, f"no form to {action} on {self.answer.url}"
        kept: dict[str, Any] = {}
        for name, value in form.form_values():  # what a browser would send
            kept.setdefault(name, []).append(value)
        self.answer = self.http.post(action, data=kept | dict(fields or {}), **more)
        return self.answer

    @property
    def page(self) -> Any:
        return html.document_fromstring(self.answer.text)

    @property
    def text(self) -> str:
        return re.sub(r"\s+", " ", self.page.body.text_content())

    @property
    def path(self) -> str:
        return str(self.answer.url.raw_path.decode())


def an_account(session: Session, role: Role = Role.COORDINATOR, email: str = "ana@example.org", payer: str = "") -> str:
    """An account that went through its first sign-in; returns the address."""
    add_user(session, email, "Ana Puig", role, payer=payer)
    session.flush()
    user = user_by_email(session, email)
    user.password_hash, user.password_is_temporary = hashed(PASSWORD), False
    new_secret(user)
    user.totp_confirmed_at = clock.wall()
    return email


def code_of(email: str, steps: int = 0) -> str:
    """What the authenticator application shows now, or some steps from now."""
    with transaction() as session:
        secret = secret_of(user_by_email(session, email))
    return pyotp.TOTP(secret).generate_otp(int(clock.wall().timestamp()) // STEP + steps)


def signed_in(role: Role = Role.COORDINATOR, email: str = "ana@example.org", payer: str = "") -> Browser:
    """A browser in which an account of that role is signed in; the account is made where it is not there."""
    with transaction() as session:
        an_account(session, role, email, payer)
    browser = Browser()
    browser.open("/sign-in")
    browser.send("/sign-in", {"email": email, "password": PASSWORD})
    browser.send("/sign-in/code", {"code": code_of(email)})
    assert browser.answer.status_code < 400, browser.text
    return browser
