"""One notification to one recipient on one channel (FHIR Communication): a row of the outbox."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field

from models.base import KeyedCaseRow, json_object, optional_timestamp, timestamp, word
from models.status import MessageStatus

REMINDED: Final = "right(event, 8) = 'reminder' and status = 'sent'"  # no per cent sign: Alembic doubles it


class Message(KeyedCaseRow, table=True):
    """`occasion` makes a message unique: deciding twice to send the same thing is one row.

    `parameters` holds what the template needs and nothing about the patient. The recipient's address is looked up at
    the moment of sending, so that it stands in one place only.
    """

    __tablename__ = "message"
    __table_args__ = (
        UniqueConstraint("case_id", "event", "recipient", "occasion"),
        Index("ix_message_due", "status", "due_at"),
        Index("ix_message_reminded", "sent_at", postgresql_where=text(REMINDED)),
    )

    event: str = Field(max_length=40)
    recipient: str = Field(max_length=60)  # patient, requester, coordinator, medical_director, expert:<code>
    occasion: str = Field(max_length=80)
    channel: str = Field(max_length=10)
    language: str = Field(max_length=2)
    parameters: dict[str, Any] = json_object()
    status: MessageStatus = word(MessageStatus, MessageStatus.QUEUED)
    due_at: datetime = timestamp()  # pathway time
    attempts: int = 0
    claimed_by: UUID | None = None
    claimed_until: datetime | None = optional_timestamp()  # wall time
    sent_at: datetime | None = optional_timestamp()
    provider_reference: str = ""
    failure: str = ""
    created_at: datetime = timestamp()
