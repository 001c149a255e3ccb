"""The code of a visit: derived from the visit's id, so that it is kept nowhere and can be sent again after a crash."""

import hashlib
import hmac
from typing import Final
from uuid import UUID

from secunda.sealing import derived_key

DIGITS: Final = 6


def code_of(visit_id: UUID) -> str:
    """Six digits that only this installation can tell."""
    mac = hmac.new(derived_key("visit-code"), visit_id.bytes, hashlib.sha256).digest()
    return f"{int.from_bytes(mac[:8]) % 10**DIGITS:0{DIGITS}d}"


def is_right(visit_id: UUID, written: str) -> bool:
    """Whether that is what was written; spaces and hyphens do not matter."""
    plain = "".join(letter for letter in written if letter.isalnum())
    return hmac.compare_digest(code_of(visit_id).encode(), plain.encode())
