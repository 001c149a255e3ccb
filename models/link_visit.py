"""One following of the link in a message: a code that proves whose it is, then a short session."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, text
from sqlmodel import Field

from models.base import CaseRow, optional_timestamp, timestamp


class LinkVisit(CaseRow, table=True):
    """Opens one assignment (expert) or one case (patient, requester), and nothing else. All times are wall time.

    The cookie holds 256 random bits, of which the SHA-256 is kept; the code is derived from `id` and kept nowhere.
    A link opens once: the partial unique index makes a second visit by the same link impossible.
    """

    __tablename__ = "link_visit"
    __table_args__ = (
        Index("uq_link_visit_opened", "link_sha256", unique=True, postgresql_where=text("verified_at is not null")),
    )

    kind: str = Field(max_length=30)  # of recipient
    subject_id: UUID = Field(index=True)
    link_sha256: str = Field(max_length=64)
    token_hash: str = Field(unique=True, max_length=64)
    channel: str = Field(default="", max_length=10)  # that the code was sent on
    asked_at: datetime = timestamp()
    code_until: datetime = timestamp()
    attempts: int = 0
    verified_at: datetime | None = optional_timestamp()
    last_seen_at: datetime = timestamp()
    expires_at: datetime = timestamp()
    revoked_at: datetime | None = optional_timestamp()
