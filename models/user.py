"""Somebody with an account: a coordinator, the medical director, ops, an auditor, a payer's viewer."""

from datetime import datetime

from sqlmodel import Field

from models.base import Row, optional_timestamp, timestamp, word
from models.user_status import Role


class User(Row, table=True):
    """Times are wall time. Experts and patients have no account: they come by a link and a code.

    `password_hash` is argon2id (RFC 9106); empty for who signs in elsewhere only. `totp_sealed` is the shared secret of
    RFC 6238, sealed; `totp_last_step` the time step that was used last, so that no code is good twice.
    """

    __tablename__ = "user_account"

    email: str = Field(unique=True, max_length=254)  # lower case
    name: str = Field(max_length=120)
    role: Role = word(Role, index=True)
    payer: str = Field(default="", max_length=40)  # a payer's viewer sees this payer's cases only
    language: str = Field(default="", max_length=2)  # empty: what the browser asks for
    password_hash: str = Field(default="", max_length=255)
    password_is_temporary: bool = True
    totp_sealed: str = ""
    totp_confirmed_at: datetime | None = optional_timestamp()
    totp_last_step: int = 0
    is_active: bool = True
    failed_attempts: int = 0
    locked_until: datetime | None = optional_timestamp()
    created_at: datetime = timestamp()
    last_signed_in_at: datetime | None = optional_timestamp()
