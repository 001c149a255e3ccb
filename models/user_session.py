"""One browser in which somebody is signed in."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field

from models.base import Row, optional_timestamp, timestamp


class UserSession(Row, table=True):
    """The cookie holds 256 random bits; their SHA-256 is kept. `verified_at`: the second factor was shown too."""

    __tablename__ = "user_session"

    user_id: UUID = Field(foreign_key="user_account.id", index=True)
    token_hash: str = Field(unique=True, max_length=64)
    browser: str = Field(default="", max_length=200)  # what the browser calls itself, to tell one from another
    created_at: datetime = timestamp()
    verified_at: datetime | None = optional_timestamp()
    last_seen_at: datetime = timestamp()
    expires_at: datetime = timestamp()
    revoked_at: datetime | None = optional_timestamp()
