"""Who may come in: tokens, keys, assertions; and who may not any more."""

import base64
import hmac
import json
import time
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey, OKPKey, RSAKey
from sqlmodel import col, select

from models import ApiClient, ApiCredential
from models.door_status import CredentialKind
from secunda import clock
from secunda.api import tokens
from secunda.api.oauth_server import ALGORITHMS
from secunda.clients import registering
from secunda.clients.scopes import SCOPES
from secunda.db import transaction
from secunda.sealing import derived_key
from secunda.settings import settings
from tests.integration.door.conftest import Insurer, Joins, set_to

ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


def sign_in(insurer: Insurer, secret: str = "", **form: str) -> httpx.Response:
    said = {"grant_type": "client_credentials", **form}
    return insurer.http.post("/oauth/token", data=said, auth=(insurer.client_id, secret or insurer.secret))


def token_of(insurer: Insurer, **form: str) -> str:
    answer = sign_in(insurer, **form)
    assert answer.status_code == 200, answer.text
    token: str = answer.json()["access_token"]
    return token


def told(answer: httpx.Response) -> tuple[int, str, str]:
    """What a caller can tell one refusal from another by."""
    return answer.status_code, answer.text, answer.headers["www-authenticate"]


def with_token(insurer: Insurer, token: str, path: str = "/api/v1/reviews") -> httpx.Response:
    return insurer.http.get(path, headers={"Authorization": f"Bearer {token}"})


def forged(insurer: Insurer, key: Any = None, header: Any = None, **claims: Any) -> str:
    """A token as we write them, but for what is said here."""
    with transaction() as session:
        credential = session.exec(select(ApiCredential).where(ApiCredential.kind == CredentialKind.CLIENT_SECRET)).one()
    now = int(time.time())
    said = {
        "iss": tokens.issuer(),
        "aud": tokens.audience(),
        "sub": insurer.client_id,
        "client_id": insurer.client_id,
        "credential": str(credential.id),
        "scope": " ".join(SCOPES),
        "iat": now,
        "exp": now + 300,
        **claims,
    }
    said = {name: value for name, value in said.items() if value is not None}
    written = {"alg": "HS256", "typ": "at+jwt"} | (header or {})
    return jwt.encode(written, said, key or OctKey.import_key(derived_key("access-token")), algorithms=["HS256"])


def test_a_secret_gives_a_token_that_opens_the_door(insurer: Insurer) -> None:
    answer = sign_in(insurer)
    said = answer.json()
    assert (said["token_type"], said["expires_in"]) == ("Bearer", settings().api_token_seconds)
    assert answer.headers["cache-control"] == "no-store"
    assert with_token(insurer, said["access_token"]).status_code == 200


def test_the_secret_may_stand_in_the_form(insurer: Insurer) -> None:
    form = {"grant_type": "client_credentials", "client_id": insurer.client_id, "client_secret": insurer.secret}
    assert insurer.http.post("/oauth/token", data=form).status_code == 200


@pytest.mark.parametrize("secret", ["wrong", "secunda_secret_x", "\N{SNOWMAN}"])
def test_a_wrong_secret_gives_nothing(insurer: Insurer, secret: str) -> None:
    answer = sign_in(insurer, secret)
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


@pytest.mark.parametrize("way", ["header", "form"])
def test_an_unknown_client_is_answered_like_a_wrong_secret(insurer: Insurer, way: str) -> None:
    def ask(client_id: str) -> httpx.Response:
        form = {"grant_type": "client_credentials"}
        if way == "header":
            return insurer.http.post("/oauth/token", data=form, auth=(client_id, "wrong"))
        return insurer.http.post("/oauth/token", data=form | {"client_id": client_id, "client_secret": "wrong"})

    wrong, unknown = ask(insurer.client_id), ask("no-such-client")
    with transaction() as session:
        registering.revoke_client(session, registering.client_by_id(session, insurer.client_id))
    assert told(wrong) == told(unknown) == told(ask(insurer.client_id))
    assert (wrong.status_code, wrong.json()["error"]) == (401, "invalid_client")


def test_a_key_that_never_was_is_answered_like_one_that_was_revoked(insurer: Insurer) -> None:
    def ask(key: str) -> tuple[int, list[dict[str, str]], str]:
        answer = insurer.get("reviews", headers={"X-API-Key": key})
        return answer.status_code, answer.json()["errors"], answer.headers["www-authenticate"]

    never = ask("secunda_key_00000000_" + "x" * 43)
    with transaction() as session:
        registering.revoke_client(session, registering.client_by_id(session, insurer.client_id))
    assert never == ask(insurer.api_key)


def test_an_api_key_is_no_secret_and_a_secret_is_no_api_key(insurer: Insurer) -> None:
    assert sign_in(insurer, insurer.api_key).status_code == 401
    assert insurer.get("reviews", headers={"X-API-Key": insurer.secret}).status_code == 401


def test_a_forged_token_like_ours_opens_the_door_so_that_the_others_mean_something(insurer: Insurer) -> None:
    assert with_token(insurer, forged(insurer)).status_code == 200


@pytest.mark.parametrize(
    "change",
    [
        {"exp": int(time.time()) - 1},
        {"exp": None},
        {"aud": "https://elsewhere.example.org/api/v1"},
        {"aud": None},
        {"iss": "https://elsewhere.example.org"},
        {"client_id": None},
        {"credential": None},
        {"credential": "00000000-0000-0000-0000-000000000000"},
        {"credential": "no uuid"},
        {"scope": None},
        {"header": {"typ": "JWT"}},
        {"key": OctKey.import_key(b"another key of thirty-two bytes!")},
    ],
)
def test_a_token_that_is_not_for_us_and_now_is_refused(insurer: Insurer, change: dict[str, Any]) -> None:
    answer = with_token(insurer, forged(insurer, **change))
    assert answer.status_code == 401
    assert 'error="invalid_token"' in answer.headers["www-authenticate"]


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "e30.e30.", "eyJhbGciOiJub25lIn0.e30.", "x" * 5000])
def test_what_is_no_token_is_refused(insurer: Insurer, token: str) -> None:
    assert with_token(insurer, token).status_code == 401


def test_an_unsigned_token_is_refused(insurer: Insurer) -> None:
    _, body, _ = forged(insurer).split(".")
    assert with_token(insurer, f"eyJhbGciOiJub25lIiwidHlwIjoiYXQrand0In0.{body}.").status_code == 401


def test_a_token_has_the_scopes_that_were_asked_and_no_more(insurer: Insurer) -> None:
    token = token_of(insurer, scope="mandates:read")
    assert with_token(insurer, token, "/api/v1/mandates").status_code == 200
    answer = with_token(insurer, token)
    assert answer.status_code == 403
    assert 'scope="reviews:read"' in answer.headers["www-authenticate"]


def test_a_scope_beyond_the_clients_is_refused(joins: Joins) -> None:
    insurer = joins(scopes=["reviews:read"])
    answer = sign_in(insurer, scope="reviews:read reports:read")
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_scope")
    assert sign_in(insurer, scope="no:such").json()["error"] == "invalid_scope"
    assert sign_in(insurer).json()["scope"] == "reviews:read"


def test_a_fhir_client_asks_in_its_own_words(insurer: Insurer) -> None:
    assert with_token(insurer, token_of(insurer, scope="system/*.read")).status_code == 200


def test_a_scope_that_was_taken_away_is_gone_from_tokens_at_once(insurer: Insurer) -> None:
    token = token_of(insurer)
    with transaction() as session:
        session.exec(select(ApiClient)).one().scopes = ["mandates:read"]
    assert with_token(insurer, token).status_code == 403


def test_another_resource_is_refused(insurer: Insurer) -> None:
    assert sign_in(insurer, resource=tokens.audience()).status_code == 200
    assert sign_in(insurer, resource="https://elsewhere.example.org").json()["error"] == "invalid_target"


@pytest.mark.parametrize("form", [{}, {"grant_type": "password"}, {"grant_type": ""}])
def test_another_grant_is_refused(insurer: Insurer, form: dict[str, str]) -> None:
    answer = insurer.http.post("/oauth/token", data=form, auth=(insurer.client_id, insurer.secret))
    assert answer.status_code in (400, 415)


def test_a_revoked_credential_ends_its_tokens_too(insurer: Insurer) -> None:
    token = token_of(insurer)
    with transaction() as session:
        client = registering.client_by_id(session, insurer.client_id)
        for one in registering.credentials_of(session, client):
            registering.revoke(session, client, one.id)
    assert with_token(insurer, token).status_code == 401
    assert insurer.get("reviews").status_code == 401
    assert sign_in(insurer).status_code == 401


def test_a_revoked_client_is_nobody(insurer: Insurer) -> None:
    token = token_of(insurer)
    with transaction() as session:
        registering.revoke_client(session, registering.client_by_id(session, insurer.client_id))
    assert {with_token(insurer, token).status_code, insurer.get("reviews").status_code} == {401}
    assert sign_in(insurer).status_code == 401


def test_after_a_rotation_both_keys_count_for_a_while(insurer: Insurer) -> None:
    listed = insurer.get("credentials").json()["items"]
    key = next(one for one in listed if one["kind"] == "api_key")
    made = insurer.post(f"credentials/{key['id']}/rotate").json()
    assert insurer.get("reviews").status_code == 200
    assert insurer.get("reviews", headers={"X-API-Key": made["secret"]}).status_code == 200
    with transaction() as session:
        old = session.exec(select(ApiCredential).where(col(ApiCredential.prefix) == key["prefix"])).one()
        assert old.expires_at is not None
        assert old.expires_at - clock.wall() < registering.OVERLAP
        old.expires_at = clock.wall() - timedelta(seconds=1)
    assert insurer.get("reviews").status_code == 401
    assert insurer.get("reviews", headers={"X-API-Key": made["secret"]}).status_code == 200


def test_a_secret_is_in_no_table_and_in_no_list(insurer: Insurer) -> None:
    said = insurer.get("credentials").text
    with transaction() as session:
        kept = str([row.model_dump() for row in session.exec(select(ApiCredential))])
    for secret in (insurer.secret, insurer.api_key):
        assert secret not in said + kept
        assert secret.split("_", 3)[3] not in said + kept  # the random part, in which "_" may stand as well


def test_two_credentials_at_once_are_refused(insurer: Insurer) -> None:
    assert insurer.get("reviews", headers={"Authorization": f"Bearer {token_of(insurer)}"}).status_code == 401


def signed_with(content: bytes, claims: dict[str, Any]) -> str:
    """An HS256 assertion whose shared secret is a public key, written by hand: no library of ours would."""
    parts = [json.dumps(one).encode() for one in ({"alg": "HS256", "typ": "JWT"}, claims)]
    said = b".".join(base64.urlsafe_b64encode(one).rstrip(b"=") for one in parts)
    signature = hmac.digest(content, said, "sha256")
    return (said + b"." + base64.urlsafe_b64encode(signature).rstrip(b"=")).decode()


class TestASignedAssertion:
    """private_key_jwt (RFC 7523): nobody shares a secret."""

    @pytest.fixture(params=["ES256", "RS256"])
    def key(self, request: pytest.FixtureRequest, insurer: Insurer) -> Any:
        return self.registered(insurer, request.param)

    def registered(self, insurer: Insurer, algorithm: str) -> Any:
        """A key of the kind that signs so."""
        curves = {"ES256": "P-256", "ES384": "P-384", "ES512": "P-521"}
        key: Any = ECKey.generate_key(curves[algorithm]) if algorithm in curves else RSAKey.generate_key(2048)
        key = OKPKey.generate_key("Ed25519") if algorithm.startswith("Ed") else key
        body = {"kind": "public_key", "jwk": key.as_dict(private=False)}
        assert insurer.post("credentials", body).status_code == 201
        return key

    def send(self, insurer: Insurer, key: Any, algorithm: str = "", **claims: Any) -> httpx.Response:
        now = int(time.time())
        said = {
            "iss": insurer.client_id,
            "sub": insurer.client_id,
            "aud": tokens.issuer() + "/oauth/token",
            "exp": now + 120,
            "jti": str(uuid4()),
            **claims,
        }
        said = {name: value for name, value in said.items() if value is not None}
        if isinstance(key, bytes):
            assertion = signed_with(key, said)
        else:
            name = algorithm or ("ES256" if isinstance(key, ECKey) else "RS256")
            assertion = jwt.encode({"alg": name}, said, key, algorithms=[name])
        form = {"client_assertion_type": ASSERTION, "client_assertion": assertion, "grant_type": "client_credentials"}
        return insurer.http.post("/oauth/token", data=form)

    def test_gives_a_token(self, insurer: Insurer, key: Any) -> None:
        answer = self.send(insurer, key)
        assert answer.status_code == 200, answer.text
        assert with_token(insurer, answer.json()["access_token"]).status_code == 200

    @pytest.mark.parametrize("algorithm", ALGORITHMS)
    def test_may_be_signed_with_whatever_is_advertised(self, insurer: Insurer, algorithm: str) -> None:
        """Among it what SMART App Launch asks of a server: RS384 and ES384."""
        key = self.registered(insurer, algorithm)
        assert self.send(insurer, key, algorithm).status_code == 200
        told = insurer.get("/.well-known/oauth-authorization-server").json()
        assert algorithm in told["token_endpoint_auth_signing_alg_values_supported"]

    def test_that_lasts_too_long_is_told_so(self, insurer: Insurer, key: Any) -> None:
        answer = self.send(insurer, key, exp=int(time.time()) + 86400)
        assert "300 seconds at most" in answer.json()["error_description"]

    def test_counts_once(self, insurer: Insurer, key: Any) -> None:
        assert [self.send(insurer, key, jti="one").status_code for _ in range(2)] == [200, 401]

    @pytest.mark.parametrize(
        "claims",
        [
            {"aud": "https://elsewhere.example.org"},
            {"exp": int(time.time()) - 120},
            {"exp": int(time.time()) + 86400},
            {"jti": None},
            {"jti": 7},
            {"iss": "somebody-else"},
            {"sub": "somebody-else"},
            {"sub": ["a"]},
        ],
    )
    def test_that_is_not_right_gives_nothing(self, insurer: Insurer, key: Any, claims: dict[str, Any]) -> None:
        answer = self.send(insurer, key, **claims)
        assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")

    def test_of_another_key_gives_nothing(self, insurer: Insurer, key: Any) -> None:
        other = ECKey.generate_key("P-256") if isinstance(key, ECKey) else RSAKey.generate_key(2048)
        assert told(self.send(insurer, other)) == told(sign_in(insurer, "wrong"))

    def test_made_with_a_secret_from_the_public_key_gives_nothing(self, insurer: Insurer, key: Any) -> None:
        assert self.send(insurer, key.as_pem(private=False)).status_code == 401

    def test_of_an_unknown_client_is_answered_like_that_of_another_key(self, insurer: Insurer, key: Any) -> None:
        unknown = self.send(insurer, key, iss="no-such-client", sub="no-such-client")
        assert told(unknown) == told(sign_in(insurer, "wrong"))

    def test_of_a_client_that_gave_no_key_is_answered_the_same(self, joins: Joins) -> None:
        insurer = joins()
        assert told(self.send(insurer, ECKey.generate_key("P-256"))) == told(sign_in(insurer, "wrong"))

    def test_may_be_signed_with_the_old_key_until_it_is_revoked(self, insurer: Insurer, key: Any) -> None:
        self.registered(insurer, "RS256")
        self.registered(insurer, "ES256")
        answer = self.send(insurer, key)
        assert answer.status_code == 200, answer.text
        oldest = [one for one in insurer.get("credentials").json()["items"] if one["kind"] == "public_key"][-1]
        assert insurer.send("DELETE", f"credentials/{oldest['id']}").status_code == 204
        assert with_token(insurer, answer.json()["access_token"]).status_code == 401
        assert told(self.send(insurer, key)) == told(sign_in(insurer, "wrong"))


@pytest.mark.parametrize(
    "jwk",
    [
        None,
        {},
        {"kty": "oct", "k": "c2VjcmV0"},
        {"kty": "EC"},
        {"kty": "RSA", "n": "AQAB", "e": "AQAB"},
        ECKey.generate_key("P-256").as_dict(private=True),
    ],
    ids=["none", "empty", "secret", "half", "short", "private"],
)
def test_what_is_no_public_key_is_not_taken(insurer: Insurer, jwk: Any) -> None:
    answer = insurer.post("credentials", {"kind": "public_key", "jwk": jwk})
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "#/jwk")


def test_too_many_calls_are_told_when_to_go_on(insurer: Insurer, monkeypatch: pytest.MonkeyPatch) -> None:
    set_to(monkeypatch, api_requests_per_minute=3)
    answers = [insurer.get("pathways") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert [answer.headers["ratelimit"].split(";")[1] for answer in answers] == ["r=2", "r=1", "r=0", "r=0"]
    assert 1 <= int(answers[-1].headers["retry-after"]) <= 60


def test_guessing_secrets_is_slow(insurer: Insurer) -> None:
    answers = [sign_in(insurer, f"guess-{number}").status_code for number in range(62)]
    assert (answers[0], answers[-1]) == (401, 429)


def test_the_metadata_says_where_to_sign_in(insurer: Insurer) -> None:
    resource = insurer.http.get("/.well-known/oauth-protected-resource").json()
    server = insurer.http.get("/.well-known/oauth-authorization-server").json()
    assert resource["resource"] == tokens.audience()
    assert server["issuer"] in resource["authorization_servers"]
    assert "private_key_jwt" in server["token_endpoint_auth_methods_supported"]
