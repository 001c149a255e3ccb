"""Access tokens: short-lived JWTs (RFC 9068) for one audience, signed with a key that only this installation has."""

from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

from secunda import clock
from secunda.clients.scopes import meant
from secunda.sealing import derived_key
from secunda.settings import settings

ALGORITHM = "HS256"  # who signs is who verifies
TYPE = "at+jwt"


@dataclass(frozen=True)
class AccessToken:
    """What a valid token says."""

    client_id: str
    credential_key: UUID
    scopes: frozenset[str]
    expires_at: int  # seconds since 1970


def issuer() -> str:
    return settings().public_url.rstrip("/")


def audience() -> str:
    """The one resource that tokens are for (RFC 8707)."""
    return f"{issuer()}/api/v1"


def issue(client_id: str, credential_key: UUID, scope: str, jti: str) -> str:
    """A token from now on, for `api_token_seconds`."""
    now = int(clock.wall().timestamp())
    claims = {
        "iss": issuer(),
        "aud": audience(),
        "sub": client_id,
        "client_id": client_id,
        "credential": str(credential_key),
        "scope": scope,
        "iat": now,
        "exp": now + settings().api_token_seconds,
        "jti": jti,
    }
    return jwt.encode({"alg": ALGORITHM, "typ": TYPE}, claims, _key(), algorithms=[ALGORITHM])


def read(token: str) -> AccessToken | None:
    """None for a token that is not ours, altered, expired, of another type or for another audience."""
    try:
        found = _verified(token, derived_key("access-token"), issuer(), audience())
    except (JoseError, ValueError, KeyError, TypeError, AttributeError):
        return None
    return found if clock.wall().timestamp() < found.expires_at else None


@lru_cache(maxsize=1024)
def _verified(token: str, secret: bytes, issued_by: str, meant_for: str) -> AccessToken:
    """What the token says; it is remembered when it was found good, never when it was not.

    Raises what joserfc does, and ValueError for another type.
    """
    found = jwt.decode(token, _key_of(secret), algorithms=[ALGORITHM])
    if str(found.header.get("typ", "")).lower() != TYPE:
        raise ValueError(TYPE)
    _claims(issued_by, meant_for).validate(found.claims)
    return AccessToken(
        str(found.claims["client_id"]),
        UUID(found.claims["credential"]),
        frozenset(meant(str(found.claims["scope"]))),
        int(found.claims["exp"]),
    )


def _key() -> OctKey:
    return _key_of(derived_key("access-token"))


@lru_cache(maxsize=2)
def _key_of(secret: bytes) -> OctKey:
    return OctKey.import_key(secret)


def _claims(issued_by: str, meant_for: str) -> jwt.JWTClaimsRegistry:
    return jwt.JWTClaimsRegistry(
        now=int(clock.wall().timestamp()),
        leeway=0,
        iss={"essential": True, "value": issued_by},
        aud={"essential": True, "value": meant_for},
        exp={"essential": True},
        client_id={"essential": True},
        credential={"essential": True},
    )
