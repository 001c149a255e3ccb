"""OpenID Connect against a small provider that is not ours: a real server with real keys."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlparse

import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey

from models.user_status import Role
from secunda import clock
from secunda.accounts import elsewhere, managing
from secunda.api import limits
from secunda.db import transaction
from tests.conftest import use_settings
from tests.integration.web.browsing import Browser

KEY = RSAKey.generate_key(2048, {"kid": "one"})


class Provider(ThreadingHTTPServer):
    """Signs what `said` says, for whoever asks with the code; `asked` is what it was asked for last."""

    said: dict[str, Any]
    asked: dict[str, str]

    @property
    def issuer(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class Desk(BaseHTTPRequestHandler):
    server: Provider

    def do_GET(self) -> None:
        issuer = self.server.issuer
        if self.path == "/keys":
            return self._answer({"keys": [KEY.as_dict(private=False)]})
        return self._answer(
            {
                "issuer": issuer,
                "authorization_endpoint": f"{issuer}/authorise",
                "token_endpoint": f"{issuer}/token",
                "jwks_uri": f"{issuer}/keys",
            }
        )

    def do_POST(self) -> None:
        form = parse_qs(self.rfile.read(int(self.headers["content-length"])).decode())
        self.server.asked = {name: values[0] for name, values in form.items()}
        now = int(clock.wall().timestamp())
        claims = {"iss": self.server.issuer, "aud": "secunda", "sub": "1", "iat": now, "exp": now + 300}
        token = jwt.encode({"alg": "RS256", "kid": "one"}, claims | self.server.said, KEY)
        self._answer({"access_token": "x", "token_type": "Bearer", "id_token": token})

    def _answer(self, body: dict[str, Any]) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(body).encode())

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet."""


@pytest.fixture
def provider(store: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Provider]:
    server = Provider(("127.0.0.1", 0), Desk)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    use_settings(monkeypatch, oidc_issuer=server.issuer, oidc_client_id="secunda", oidc_client_secret="s" * 20)
    elsewhere.forget()
    limits.forget()
    with transaction() as session:
        managing.add_user(session, "ana@example.org", "Ana", Role.AUDITOR, elsewhere=True)
    server.said = {"email": "Ana@Example.org", "email_verified": True}
    yield server
    server.shutdown()
    elsewhere.forget()


def journey(provider: Provider, browser: Browser, **said: Any) -> Any:
    """To the provider and back; returns the answer to coming back."""
    answer = browser.http.get("/sign-in/elsewhere?next=/account", follow_redirects=False)
    query = {name: values[0] for name, values in parse_qs(urlparse(answer.headers["location"]).query).items()}
    assert query["code_challenge_method"] == "S256" and query["redirect_uri"].endswith("/sign-in/elsewhere/back")
    provider.said = {**provider.said, "nonce": query["nonce"], **said}
    browser.answer = browser.http.get(f"/sign-in/elsewhere/back?code=abc&state={query['state']}")
    return browser.answer


def test_somebody_with_an_account_here_comes_back_signed_in(provider: Provider) -> None:
    browser = Browser()
    journey(provider, browser)
    assert browser.path == "/account" and "ana@example.org" in browser.text
    assert len(provider.asked["code_verifier"]) >= 43


@pytest.mark.parametrize(
    "said",
    [
        {"email": "stranger@example.org"},
        {"email_verified": False},
        {"nonce": "of another sign-in"},
        {"aud": "another application"},
        {"iss": "https://another.example"},
        {"exp": 1},
    ],
    ids=lambda said: next(iter(said)),
)
def test_what_the_provider_says_has_to_be_right_in_every_part(provider: Provider, said: dict[str, Any]) -> None:
    browser = Browser()
    assert journey(provider, browser, **said).status_code in (422, 503)
    browser.open("/account")
    assert browser.path.startswith("/sign-in")


def test_coming_back_without_having_left_from_here_is_refused(provider: Provider) -> None:
    browser = Browser()
    assert browser.open("/sign-in/elsewhere/back?code=abc&state=xyz").status_code == 503
    other = Browser()
    journey(provider, other)
    assert browser.open(str(other.answer.history[0].url)).status_code == 503
