"""A rung of a chase ladder that was climbed: the row makes climbing it twice impossible."""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from models.base import KeyedCaseRow, timestamp


class ChaseRecord(KeyedCaseRow, table=True):
    """`subject` is what is waited for: `consent`, `documents`, or `acceptance:<assignment id>` and the like."""

    __tablename__ = "chase_record"
    __table_args__ = (UniqueConstraint("case_id", "subject", "rung"),)

    subject: str = Field(max_length=80)
    rung: int
    action: str = Field(max_length=20)
    due_at: datetime = timestamp()
    done_at: datetime = timestamp()
