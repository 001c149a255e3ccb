"""A large document that arrives in parts (resumable upload): the bytes so far lie in a part file."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger
from sqlmodel import Field

from models.base import CaseRow, optional_timestamp, timestamp, word
from models.door_status import UploadStatus


class Upload(CaseRow, table=True):
    """`offset` counts the bytes that are safely on disk. Finished, it is a document like any other."""

    __tablename__ = "upload"

    client_id: UUID | None = Field(default=None, foreign_key="api_client.id", index=True)
    status: UploadStatus = word(UploadStatus, UploadStatus.OPEN, index=True)
    filename: str = Field(default="", max_length=255)
    media_type: str = Field(default="", max_length=100)
    loinc: str = Field(default="", max_length=10)
    title: str = Field(default="", max_length=200)
    length: int | None = Field(default=None, sa_type=BigInteger, nullable=True)  # bytes, once declared
    offset: int = Field(default=0, sa_type=BigInteger)  # bytes
    expected_sha256: str = Field(default="", max_length=64)  # what the sender says it hashes to
    claimed_until: datetime | None = optional_timestamp()  # one writer at a time
    document_id: UUID | None = Field(default=None, foreign_key="document.id")
    refusal: str = ""
    created_at: datetime = timestamp()
    expires_at: datetime = timestamp(index=True)
    finished_at: datetime | None = optional_timestamp()
