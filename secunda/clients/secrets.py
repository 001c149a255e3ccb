"""Secrets of 256 random bits: shown once, kept as their SHA-256."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass

from models.door_status import CredentialKind

#: Said first in a secret, so that a scanner finds one that got lost, and so that nobody takes one for the other.
MARKS = {CredentialKind.CLIENT_SECRET: "secunda_secret", CredentialKind.API_KEY: "secunda_key"}
SHOWN = 8  # random characters that stay visible


@dataclass(frozen=True)
class Secret:
    """`prefix` may be shown again, `written` never."""

    written: str
    prefix: str
    digest: str


def new_secret(kind: CredentialKind) -> Secret:
    """A secret nobody has seen."""
    shown = secrets.token_hex(SHOWN // 2)
    written = f"{MARKS[kind]}_{shown}_{secrets.token_urlsafe(32)}"
    return Secret(written, shown, digest_of(written))


def digest_of(written: str) -> str:
    return hashlib.sha256(written.encode()).hexdigest()


def is_same(digest: str | None, written: str) -> bool:
    """Compared in constant time."""
    return digest is not None and hmac.compare_digest(digest, digest_of(written))
