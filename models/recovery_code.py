"""A code that stands in once for a lost second factor."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field

from models.base import Row, optional_timestamp, timestamp


class RecoveryCode(Row, table=True):
    """Kept as a MAC of the code; good once."""

    __tablename__ = "recovery_code"

    user_id: UUID = Field(foreign_key="user_account.id", index=True)
    digest: str = Field(unique=True, max_length=64)
    created_at: datetime = timestamp()
    used_at: datetime | None = optional_timestamp()
