"""The address by which anybody who holds a report finds out whether it is genuine: `<public_url>/v/<token>`.

The token names no case and no patient, and nobody can guess one; the same version of the same report always has the
same, so that printing it again gives the same page.
"""

import base64
import hashlib
import hmac
from typing import Final
from uuid import UUID

from secunda.settings import settings

PURPOSE: Final = b"secunda.checking"


def check_token(case_id: UUID, version: int) -> str:
    """128 bits of an HMAC over the case's random id and the report's version, as 22 letters of base64url."""
    secret = settings().secret_key.get_secret_value().encode()
    said = b"%s:%s:%d" % (PURPOSE, case_id.bytes, version)
    return base64.urlsafe_b64encode(hmac.digest(secret, said, hashlib.sha256)[:16]).rstrip(b"=").decode()


def check_address(token: str) -> str:
    """The address that the QR code holds."""
    return f"{settings().public_url.rstrip('/')}/v/{token}"
