"""One version of what an expert wrote (FHIR Composition + DiagnosticReport). A locked version never changes."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from models.base import CaseRow, json_object, optional_timestamp, timestamp, word
from models.status import OpinionStatus


class Opinion(CaseRow, table=True):
    """`content` is a `pathways.opinion.OpinionContent` as JSON; `content_sha256` is what the lock signs."""

    __tablename__ = "opinion"
    __table_args__ = (UniqueConstraint("assignment_id", "version"),)

    assignment_id: UUID = Field(foreign_key="assignment.id")
    version: int = 1
    status: OpinionStatus = word(OpinionStatus, OpinionStatus.DRAFT)
    content: dict[str, Any] = json_object()
    content_sha256: str = Field(default="", max_length=64)
    written_at: datetime = timestamp()
    locked_at: datetime | None = optional_timestamp()
    signed_by: str = ""
    edited_in: str = Field(default="", max_length=40)  # the page that saved last
