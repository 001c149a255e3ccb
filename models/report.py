"""A rendered and signed report; a new version never overwrites an old one."""

from datetime import datetime
from uuid import uuid4

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from models.base import KeyedCaseRow, json_list, json_object, optional_timestamp, timestamp


class Report(KeyedCaseRow, table=True):
    """`content_sha256` is the hash of the structured content that was rendered, `sha256` of the signed PDF's bytes.

    `token` is how the page behind the QR code knows the report. `bundle_sha256` names the FHIR document that the PDF
    carries, which lies in the document store too. `signed_by`: {"name", "key"} in order, the organisation last;
    `parts`: the hash of each part of the content, by which the next version tells what it changed.
    """

    __tablename__ = "report"
    __table_args__ = (UniqueConstraint("case_id", "version"),)

    version: int = 1
    language: str = Field(max_length=2)
    sha256: str = Field(max_length=64, index=True)
    content_sha256: str = Field(max_length=64)
    token: str = Field(default_factory=lambda: uuid4().hex, unique=True, max_length=32)
    bundle_sha256: str = Field(default="", max_length=64)
    signed_by: list[dict[str, str]] = json_list()
    signed_at: datetime | None = optional_timestamp()
    parts: dict[str, str] = json_object()
    size: int
    pages: int
    rendered_at: datetime = timestamp()
