"""Public keys of clients that sign their own assertions (RFC 7517, RFC 7523)."""

from typing import Any

from joserfc import jwk
from joserfc.errors import JoseError

from secunda.errors import BadInputError

KINDS = {"RSA", "EC", "OKP"}
PRIVATE = {"d", "p", "q", "dp", "dq", "qi", "oth", "k"}
SMALLEST_RSA = 2048  # bits, NIST SP 800-131A
_REMEDY = "Give the public half as a JWK of type RSA (2048 bits or more), EC or OKP."


def public_key(written: dict[str, Any] | None) -> tuple[dict[str, Any], str]:
    """The key as it is kept, and what it is shown by (the start of its thumbprint, RFC 7638).

    Raises BadInputError for a private key, a shared secret, or no key at all.
    """
    if not written or written.get("kty") not in KINDS:
        raise BadInputError("This is no public key.", _REMEDY, place="jwk")
    if PRIVATE & written.keys():
        raise BadInputError(
            "This is a private key: it must not leave your system.", "Make a new pair: this one is spent.", place="jwk"
        )
    try:
        key = jwk.import_key(written)
        thumbprint = key.thumbprint()
    except (JoseError, ValueError, TypeError, KeyError):
        raise BadInputError("This is no public key.", _REMEDY, place="jwk") from None
    if isinstance(key, jwk.RSAKey) and key.public_key.key_size < SMALLEST_RSA:
        raise BadInputError("The RSA key is too short.", _REMEDY, place="jwk")
    return dict(written), thumbprint[:8]
