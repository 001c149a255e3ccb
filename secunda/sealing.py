"""Sealing what has to be kept but not read from the tables: AES-256-GCM under keys derived from SECUNDA_SECRET_KEY."""

import base64
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from secunda.errors import SecundaError
from secunda.settings import settings

NONCE = 12  # bytes, NIST SP 800-38D


def derived_key(purpose: str) -> bytes:
    """32 bytes for one purpose (RFC 5869), so that no key is used for two things."""
    secret = settings().secret_key.get_secret_value().encode()
    return HKDF(SHA256(), 32, salt=None, info=f"secunda:{purpose}".encode()).derive(secret)


def seal(plain: bytes, purpose: str) -> bytes:
    """Nonce and ciphertext; opens under the same purpose only."""
    nonce = secrets.token_bytes(NONCE)
    return nonce + AESGCM(derived_key(purpose)).encrypt(nonce, plain, purpose.encode())


def unseal(sealed: bytes, purpose: str) -> bytes:
    """What was sealed. Raises SecundaError when it was altered, or sealed under another secret key."""
    try:
        return AESGCM(derived_key(purpose)).decrypt(sealed[:NONCE], sealed[NONCE:], purpose.encode())
    except (InvalidTag, ValueError):
        raise SecundaError(
            "What was sealed cannot be opened.", "Was SECUNDA_SECRET_KEY changed? Set the one that sealed it."
        ) from None


def seal_text(plain: str, purpose: str) -> str:
    """`seal` for a text column."""
    return base64.b64encode(seal(plain.encode(), purpose)).decode()


def unseal_text(sealed: str, purpose: str) -> str:
    """The text that `seal_text` was given; raises SecundaError as `unseal` does."""
    return unseal(base64.b64decode(sealed), purpose).decode()
