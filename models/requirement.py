"""A document that the pathway asks of this case (FHIR DataRequirement), and how it ended."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from models.base import KeyedCaseRow, optional_timestamp, word
from models.status import RequirementStatus


class Requirement(KeyedCaseRow, table=True):
    __tablename__ = "requirement"
    __table_args__ = (UniqueConstraint("case_id", "key"),)

    key: str = Field(max_length=40)
    obligation: str = Field(max_length=12)
    status: RequirementStatus = word(RequirementStatus, RequirementStatus.PENDING)
    document_id: UUID | None = Field(default=None, foreign_key="document.id")
    reason: str = ""
    decided_by: str = ""
    decided_at: datetime | None = optional_timestamp()
