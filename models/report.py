"""A rendered report; a new version never overwrites an old one."""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from models.base import CaseRow, timestamp


class Report(CaseRow, table=True):
    """`content_sha256` is the hash of the structured content that was rendered, `sha256` of the PDF's bytes."""

    __tablename__ = "report"
    __table_args__ = (UniqueConstraint("case_id", "version"),)

    version: int = 1
    language: str = Field(max_length=2)
    sha256: str = Field(max_length=64)
    content_sha256: str = Field(max_length=64)
    size: int
    pages: int
    rendered_at: datetime = timestamp()
