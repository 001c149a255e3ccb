"""One append-only fact of a case (FHIR AuditEvent / Provenance), chained by hash to the one before."""

from datetime import datetime
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from models.base import Digest, KeyedCaseRow, json_object, timestamp


class Event(KeyedCaseRow, table=True):
    """`hash` = SHA-256 over the canonical JSON of the other fields and the previous event's hash."""

    __tablename__ = "event"
    __table_args__ = (UniqueConstraint("case_id", "sequence"),)

    sequence: int  # from 1, without gaps
    kind: str = Field(max_length=60)
    actor: str = Field(max_length=120)
    at: datetime = timestamp()
    data: dict[str, Any] = json_object()
    previous_hash: str = Field(sa_type=Digest)
    hash: str = Field(sa_type=Digest)
