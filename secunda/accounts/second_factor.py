"""Codes of an authenticator application (TOTP, RFC 6238: 6 digits, 30 seconds, SHA-1), and recovery codes."""

import hashlib
import hmac
import secrets
from datetime import datetime
from typing import Final

import pyotp
import segno
from sqlmodel import Session, col, delete, select, update

from models import RecoveryCode, User
from secunda import clock
from secunda.sealing import derived_key, seal_text, unseal_text

PURPOSE: Final = "totp"
ISSUER: Final = "Secunda"
STEP: Final = 30  # seconds
WINDOW: Final = 1  # steps before and after now that are accepted: clocks differ
RECOVERY_CODES: Final = 10


def new_secret(user: User) -> str:
    """Give the account a secret that counts once it was confirmed; returns it in base 32."""
    secret = pyotp.random_base32()
    user.totp_sealed, user.totp_confirmed_at, user.totp_last_step = seal_text(secret, PURPOSE), None, 0
    return secret


def secret_of(user: User) -> str:
    return unseal_text(user.totp_sealed, PURPOSE)


def address_of(user: User) -> str:
    """What the QR code says (`otpauth://…`)."""
    return pyotp.TOTP(secret_of(user)).provisioning_uri(name=user.email, issuer_name=ISSUER)


def drawn(address: str) -> str:
    """The QR code as a data address of an SVG picture."""
    return segno.make(address, error="m").svg_data_uri(scale=5, border=2, dark="#16202a", light="#ffffff")


def accept_code(user: User, code: str, at: datetime) -> bool:
    """Whether the code is right now and was not used before; notes its time step."""
    shown = "".join(code.split())
    if not user.totp_sealed or not shown.isdigit():
        return False
    totp, now = pyotp.TOTP(secret_of(user)), int(at.timestamp()) // STEP
    for step in range(now - WINDOW, now + WINDOW + 1):
        if hmac.compare_digest(totp.generate_otp(step), shown) and step > user.totp_last_step:
            user.totp_last_step = step
            return True
    return False


def new_recovery_codes(session: Session, user: User) -> list[str]:
    """Ten new codes, shown once; the old ones are void."""
    session.exec(delete(RecoveryCode).where(col(RecoveryCode.user_id) == user.id))
    codes = [f"{secrets.token_hex(3)}-{secrets.token_hex(3)}" for _ in range(RECOVERY_CODES)]
    now = clock.wall()
    session.add_all(RecoveryCode(user_id=user.id, digest=_digest(user, code), created_at=now) for code in codes)
    return codes


def use_recovery_code(session: Session, user: User, code: str) -> bool:
    """Whether it is one of theirs that was not used; it is void from then on."""
    used = (
        update(RecoveryCode)
        .where(col(RecoveryCode.digest) == _digest(user, code), col(RecoveryCode.used_at).is_(None))
        .values(used_at=clock.wall())
    )
    return session.exec(used).rowcount == 1


def recovery_codes_left(session: Session, user: User) -> int:
    query = select(RecoveryCode).where(RecoveryCode.user_id == user.id, col(RecoveryCode.used_at).is_(None))
    return len(session.exec(query).all())


def _digest(user: User, code: str) -> str:
    said = f"{user.id}:{code.strip().lower()}".encode()
    return hmac.new(derived_key("recovery-codes"), said, hashlib.sha256).hexdigest()
