"""The link in a message: `<public_url>/d/<token>`, where the token is two opaque facts, a time and a signature.

The token says who is meant (a kind of recipient) and about what (an assignment for an expert, else a case), by random
ids only. The facts are packed as bytes and the signature has 128 bits, so that a link fits into one SMS with its text.
It also says whether it left by SMS, so that the code for it can go another way.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Final
from uuid import UUID

from itsdangerous import BadData, SignatureExpired, TimestampSigner
from itsdangerous.encoding import base64_decode, base64_encode

from secunda import clock
from secunda.errors import NotFoundError
from secunda.recipients import RecipientKind
from secunda.settings import settings

VALID_FOR: Final = timedelta(days=30)  # of wall time; every reminder brings a fresh link
PURPOSE: Final = b"secunda.links"

# The byte that stands for a kind in a token. Append only: the links in people's mailboxes hold it.
KINDS: Final = (
    RecipientKind.PATIENT,
    RecipientKind.REQUESTER,
    RecipientKind.COORDINATOR,
    RecipientKind.MEDICAL_DIRECTOR,
    RecipientKind.EXPERT,
    RecipientKind.PAYER,
    RecipientKind.PAYER_MEDICAL_DIRECTOR,
)


BY_SMS: Final = 0x80  # a bit of that byte


@dataclass(frozen=True)
class LinkTarget:
    """Where a link leads: `subject_id` is an assignment's id for an expert, a case's id for everybody else.

    `channel`: which way the link itself goes.
    """

    kind: RecipientKind
    subject_id: UUID
    channel: str = "email"

    @property
    def packed(self) -> bytes:
        return bytes([KINDS.index(self.kind) | (BY_SMS if self.channel == "sms" else 0)]) + self.subject_id.bytes

    @classmethod
    def unpacked(cls, packed: bytes) -> "LinkTarget":
        """Raises ValueError or IndexError for bytes that are none."""
        channel = "sms" if packed[0] & BY_SMS else "email"
        return cls(KINDS[packed[0] & ~BY_SMS], UUID(bytes=packed[1:]), channel)


def link_to(target: LinkTarget, at: datetime | None = None) -> str:
    """The link for a message that leaves at the wall time `at` (default: now)."""
    token = _signer(at).sign(base64_encode(target.packed)).decode("ascii")
    return f"{settings().public_url.rstrip('/')}/d/{token}"


def read_link(token: str, at: datetime | None = None) -> LinkTarget:
    """What a token leads to at the wall time `at` (default: now).

    Raises NotFoundError for a token that is damaged, was not signed here, or is older than VALID_FOR.
    """
    try:
        packed = base64_decode(_signer(at).unsign(token, max_age=int(VALID_FOR.total_seconds())))
        return LinkTarget.unpacked(packed)
    except SignatureExpired:
        raise NotFoundError(
            "This link has expired.", "Use the link of the newest message, or ask the coordinator for a new one."
        ) from None
    except (BadData, ValueError, IndexError):
        raise NotFoundError(
            "This link is not complete.", "Copy all of it from the message, or ask the coordinator for a new one."
        ) from None


def read_expired_link(token: str, at: datetime | None = None) -> LinkTarget | None:
    """What a token led to whose time is over, so that its owner can be sent a new one; None for any other."""
    try:
        _signer(at).unsign(token, max_age=int(VALID_FOR.total_seconds()))
    except SignatureExpired as expired:
        return LinkTarget.unpacked(base64_decode(expired.payload or b""))
    except BadData:
        return None
    return None


class _Signer(TimestampSigner):
    """Signs with a time that it is given."""

    at: datetime

    def get_timestamp(self) -> int:
        return int(self.at.timestamp())


def _signer(at: datetime | None) -> _Signer:
    digest = partial(hashlib.blake2s, digest_size=16)
    secret = settings().secret_key.get_secret_value()
    signer = _Signer(secret, salt=PURPOSE, key_derivation="hmac", digest_method=digest)
    signer.at = at or clock.wall()
    return signer
