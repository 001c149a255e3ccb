"""Signing in with an account of elsewhere: OpenID Connect 1.0, authorization code with PKCE (RFC 7636), by authlib.

The provider only says who somebody is; what they may do stands in their account here, which has to be there.
"""

import secrets
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import httpx
from authlib.integrations.httpx_client import OAuth2Client
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from sqlmodel import Session, select

from models import User
from secunda import clock
from secunda.errors import BadInputError, SecundaError
from secunda.settings import settings

SECONDS: Final = 10
LEEWAY: Final = 60  # seconds that the provider's clock may differ
ALGORITHMS: Final = ["RS256", "ES256", "PS256", "EdDSA"]
SCOPE: Final = "openid email profile"


class ElsewhereError(SecundaError):
    """The provider does not answer, or what it says cannot be trusted."""

    code = "sign_in_elsewhere"


@dataclass(frozen=True)
class Journey:
    """What is remembered while somebody is at the provider. `address` is where they are sent."""

    address: str
    state: str
    nonce: str
    verifier: str


def depart() -> Journey:
    """Begin. Raises ElsewhereError when the provider does not answer."""
    state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
    with _client() as client:
        address, _ = client.create_authorization_url(
            _provider()["authorization_endpoint"], state=state, nonce=nonce, code_verifier=verifier
        )
    return Journey(address, state, nonce, verifier)


def arrive(code: str, verifier: str, nonce: str) -> str:
    """The e-mail address that the provider vouches for. Raises ElsewhereError where anything is not as it must be."""
    try:
        with _client() as client:
            answer = client.fetch_token(_provider()["token_endpoint"], code=code, code_verifier=verifier)
        claims = _claims(str(answer.get("id_token", "")))
    except (httpx.HTTPError, JoseError, ValueError, KeyError) as problem:
        raise ElsewhereError("Signing in elsewhere did not work.", "Try again, or sign in here.") from problem
    if claims.get("nonce") != nonce or not claims.get("email") or claims.get("email_verified") is not True:
        raise ElsewhereError("Signing in elsewhere did not work.", "Its account needs a verified e-mail address.")
    return str(claims["email"]).strip().lower()


def account_of(session: Session, email: str) -> User:
    """Raises BadInputError where nobody here has that address, or the account is closed."""
    user = session.exec(select(User).where(User.email == email)).first()
    if user is None or not user.is_active:
        raise BadInputError("Nobody here has this address.", "Ask whoever administers the accounts.")
    user.last_signed_in_at = clock.wall()
    return user


def redirect_address() -> str:
    """What the provider has to know."""
    return f"{settings().public_url.rstrip('/')}/sign-in/elsewhere/back"


def _client() -> OAuth2Client:
    using = settings()
    return OAuth2Client(
        using.oidc_client_id,
        using.oidc_client_secret.get_secret_value(),
        scope=SCOPE,
        redirect_uri=redirect_address(),
        code_challenge_method="S256",
        timeout=SECONDS,
    )


@lru_cache(maxsize=1)
def _provider() -> dict[str, Any]:
    """OpenID Connect Discovery 1.0; the issuer must be the one that was asked."""
    issuer = settings().oidc_issuer.rstrip("/")
    try:
        found: dict[str, Any] = httpx.get(f"{issuer}/.well-known/openid-configuration", timeout=SECONDS).json()
    except (httpx.HTTPError, ValueError) as problem:
        raise ElsewhereError("The other sign-in does not answer.", "Sign in here, or try later.") from problem
    if str(found.get("issuer", "")).rstrip("/") != issuer:
        raise ElsewhereError("The other sign-in is not the one that is set.", "Check SECUNDA_OIDC_ISSUER.")
    return found


def forget() -> None:
    """Ask the provider anew, for tests."""
    _provider.cache_clear()


def _claims(token: str) -> dict[str, Any]:
    keys = KeySet.import_key_set(httpx.get(_provider()["jwks_uri"], timeout=SECONDS).json())
    decoded = jwt.decode(token, keys, algorithms=ALGORITHMS)
    required = jwt.JWTClaimsRegistry(
        now=int(clock.wall().timestamp()),
        leeway=LEEWAY,
        iss={"essential": True, "value": _provider()["issuer"]},
        aud={"essential": True, "value": settings().oidc_client_id},
        exp={"essential": True},
    )
    required.validate(decoded.claims)
    return dict(decoded.claims)
