"""The certificates of this installation, how long each is good for, and which experts have none."""

from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache

from sqlmodel import Session, col, select

from models import Expert
from pathways.vocabulary import Frozen
from secunda.adapters.signing.held import HeldCertificate, Purpose
from secunda.operating.remembering import Remembered
from secunda.settings import Settings, settings

RENEW_WITHIN = timedelta(days=60)  # an authority takes weeks
SOON_WITHIN = timedelta(days=14)
GOOD_FOR = 3600.0  # seconds that an answer is remembered


class Standing(StrEnum):
    GOOD = "good"
    RENEW = "renew"  # it runs out within two months
    SOON = "soon"  # within two weeks
    ENDED = "ended"
    FAULT = "fault"  # it cannot be read


class CertificateLine(Frozen):
    """`left` is negative once it has ended; None where it cannot be read, and `fault` says why."""

    purpose: Purpose
    name: str
    valid_until: datetime | None
    left: timedelta | None
    standing: Standing
    fault: str


@lru_cache(maxsize=2)
def _remembered(using: Settings) -> Remembered[list[HeldCertificate]]:
    return Remembered(lambda: _read(using), GOOD_FOR)


def _read(using: Settings) -> list[HeldCertificate]:
    from secunda.adapters.signing.expiry import certificates  # half a second, and only when first asked

    return certificates(using)


def known_certificates(wall: datetime, patience: float = 0.0) -> list[CertificateLine] | None:
    """Those that end first, first. None while they are being read, at most `patience` seconds."""
    found = _remembered(settings()).known(patience)
    if found is None:
        return None
    lines = [_line(one, wall) for one in found]
    return sorted(lines, key=lambda one: one.left if one.left is not None else timedelta.min)


def experts_without(session: Session, lines: list[CertificateLine]) -> int:
    """How many active experts could not sign. Where certificates are the demonstration's, everybody can."""
    using = settings()
    if using.signing_folder is None and using.pkcs11_module is None:
        return 0
    have = {one.name for one in lines if one.purpose is Purpose.EXPERT}
    codes = session.exec(select(Expert.code).where(col(Expert.active).is_(True))).all()
    return sum(code not in have for code in codes)


def _line(one: HeldCertificate, wall: datetime) -> CertificateLine:
    left = one.valid_until - wall if one.valid_until else None
    return CertificateLine(
        purpose=one.purpose,
        name=one.name,
        valid_until=one.valid_until,
        left=left,
        standing=_standing(left),
        fault=one.fault,
    )


def _standing(left: timedelta | None) -> Standing:
    if left is None:
        return Standing.FAULT
    if left < timedelta():
        return Standing.ENDED
    if left < SOON_WITHIN:
        return Standing.SOON
    return Standing.RENEW if left < RENEW_WITHIN else Standing.GOOD
