"""A received record (FHIR DocumentReference / ImagingStudy). Its bytes lie in the document store under its hash."""

from datetime import date, datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from models.base import KeyedCaseRow, optional_timestamp, timestamp


class Document(KeyedCaseRow, table=True):
    """`number` counts from 1 within the case; opinions and reports refer to it.

    A document that the source only points at has `source_url` and no `sha256` until it is fetched.
    """

    __tablename__ = "document"
    __table_args__ = (UniqueConstraint("case_id", "sha256"), UniqueConstraint("case_id", "number"))

    number: int
    sha256: str | None = Field(default=None, max_length=64)
    size: int = 0  # bytes
    media_type: str = Field(default="", max_length=100)
    loinc: str = Field(default="", max_length=10)
    title: str = ""
    source: str = ""  # institution or person that it came from
    source_url: str = ""
    source_sha1: str = Field(
        default="", max_length=40
    )  # what the source says the file hashes to (FHIR Attachment.hash)
    documented_on: date | None = None
    pages: int | None = None
    frames: int | None = None  # DICOM: frames in this object; cine when more than one
    modality: str = Field(default="", max_length=16)
    study_uid: str = Field(default="", max_length=64)
    received_at: datetime = timestamp()
    fetched_at: datetime | None = optional_timestamp()
    same_as: int | None = None  # number of the document that has its bytes already
    refusal: str = ""  # why its bytes are not here: what came was refused, or it could not be fetched
    received_from: str = ""  # the actor
    names_somebody_else: bool = False  # by its own header; not used before a coordinator has said that it is right

    @property
    def is_usable(self) -> bool:
        """Whether it counts: its bytes are here, and it is about this patient."""
        return self.sha256 is not None and not self.names_somebody_else
