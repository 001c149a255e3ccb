"""What the patient allowed, for which purpose, until when (FHIR Consent)."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from models.base import KeyedCaseRow, optional_timestamp, timestamp


class Consent(KeyedCaseRow, table=True):
    """One row a purpose; withdrawn when `withdrawn_at` is set."""

    __tablename__ = "consent"
    __table_args__ = (UniqueConstraint("case_id", "purpose"),)

    purpose: str = Field(max_length=40)
    given_at: datetime = timestamp()
    recorded_by: str
    document_id: UUID | None = Field(default=None, foreign_key="document.id")
    expires_at: datetime | None = optional_timestamp()
    withdrawn_at: datetime | None = optional_timestamp()
