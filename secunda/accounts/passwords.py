"""Passwords: hashed by argon2id, long rather than odd."""

import secrets
from functools import lru_cache
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.profiles import RFC_9106_LOW_MEMORY

from secunda.errors import BadInputError
from secunda.settings import settings

SHORTEST: Final = 12  # characters; NIST asks for 8 beside a second factor
LONGEST: Final = 200


@lru_cache(maxsize=1)
def _hasher() -> PasswordHasher:
    if settings().environment == "test":  # the same algorithm with the least work
        return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    return PasswordHasher.from_parameters(RFC_9106_LOW_MEMORY)


def hashed(password: str) -> str:
    return _hasher().hash(password)


def matches(password_hash: str, password: str) -> bool:
    """Takes the same time whether or not there is a hash, so that nobody learns who has an account."""
    try:
        return _hasher().verify(password_hash or _nobodys(), password[:LONGEST]) and bool(password_hash)
    except (VerificationError, InvalidHashError):
        return False


@lru_cache(maxsize=1)
def _nobodys() -> str:
    return hashed(secrets.token_urlsafe(16))


def needs_new_hash(password_hash: str) -> bool:
    """Whether it was made with less work than is asked for today."""
    return _hasher().check_needs_rehash(password_hash)


def temporary() -> str:
    """A password to be told to somebody once: 80 random bits in groups that can be read aloud."""
    letters = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(letters) for _ in range(4)) for _ in range(4))


def check_is_good(password: str, email: str, name: str) -> None:
    """Raises BadInputError for a password that is too short, too long or the person's own name."""
    if len(password) < SHORTEST:
        raise BadInputError(f"The password has fewer than {SHORTEST} characters.", "Four words make a good one.")
    if len(password) > LONGEST:
        raise BadInputError(f"The password has more than {LONGEST} characters.", "Choose a shorter one.")
    told = {email.lower(), email.split("@", maxsplit=1)[0].lower(), name.lower(), "secunda"}
    if any(len(word) > 3 and password.lower().replace(word, "").strip("0123456789 -_.!") == "" for word in told):
        raise BadInputError("The password is one that others would try first.", "Choose another.")
    if len(set(password)) < 5:
        raise BadInputError("The password repeats the same few characters.", "Choose another.")
