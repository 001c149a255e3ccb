"""Why a report that was delivered is replaced by a new version (FHIR Composition.relatesTo: replaces)."""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from models.base import KeyedCaseRow, timestamp


class Amendment(KeyedCaseRow, table=True):
    """One row for each version that is replaced; the row is there before the new version is."""

    __tablename__ = "amendment"
    __table_args__ = (UniqueConstraint("case_id", "replaces_version"),)

    replaces_version: int
    reason: str
    requested_by: str = Field(max_length=120)
    requested_at: datetime = timestamp()
