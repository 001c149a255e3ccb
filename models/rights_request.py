"""What the patient asks for by law: a copy of the data, or that they be erased (GDPR art. 15 and 17)."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, text
from sqlmodel import Field

from models.base import CaseRow, optional_timestamp, timestamp, word


class Right(StrEnum):
    ACCESS = "access"
    ERASURE = "erasure"


class RightAnswer(StrEnum):
    """`partly` and `refused` owe the patient a reason (GDPR art. 12(4))."""

    GRANTED = "granted"
    PARTLY = "partly"
    REFUSED = "refused"


UNANSWERED = text("answered_at IS NULL")


class RightsRequest(CaseRow, table=True):
    """`due_at`: when the answer is owed, with what `extension` (the reason for more time) added to it."""

    __tablename__ = "rights_request"
    __table_args__ = (
        Index("uq_rights_request_unanswered", "case_id", "right", unique=True, postgresql_where=UNANSWERED),
        Index("ix_rights_request_due", "due_at", postgresql_where=UNANSWERED),
    )

    right: Right = word(Right)
    asked_at: datetime = timestamp()
    due_at: datetime = timestamp()
    extension: str = Field(default="", max_length=1000)
    answered_at: datetime | None = optional_timestamp()
    answer: RightAnswer | None = word(RightAnswer, None, nullable=True)
    reason: str = Field(default="", max_length=1000)
