"""One expert's place on the case's panel (FHIR Task)."""

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import Index, text
from sqlmodel import Field

from models.base import CaseRow, optional_timestamp, timestamp, word
from models.status import AssignmentStatus

OWED: Final = "status in ('requested', 'accepted', 'in-progress')"  # models.status.OPEN_ASSIGNMENT

ENDED_LATE: Final = "end_reason like 'late:%'"  # how the reason of a replacement begins


class Assignment(CaseRow, table=True):
    """At most one live assignment a seat: the partial unique index makes a second offer impossible."""

    __tablename__ = "assignment"
    __table_args__ = (
        Index(
            "uq_assignment_live_seat",
            "case_id",
            "role",
            "seat",
            unique=True,
            postgresql_where=text("status not in ('rejected', 'cancelled')"),
        ),
        # What a search for an expert asks: how many places each has open, and of how many they were late.
        Index("ix_assignment_owed", "expert_id", postgresql_where=text(OWED)),
        Index("ix_assignment_record", "expert_id", "status"),
        Index("ix_assignment_late", "expert_id", "status", postgresql_where=text(ENDED_LATE)),
    )

    role: str = Field(max_length=40)
    seat: int = 1
    round: int = 1  # the candidate round that it came from
    expert_id: UUID = Field(foreign_key="expert.id")
    status: AssignmentStatus = word(AssignmentStatus, AssignmentStatus.REQUESTED)
    blind_first: bool = False
    offered_at: datetime = timestamp()
    accept_by: datetime = timestamp()
    accepted_at: datetime | None = optional_timestamp()
    opinion_due_at: datetime | None = optional_timestamp()
    completed_at: datetime | None = optional_timestamp()
    ended_at: datetime | None = optional_timestamp()  # rejected or cancelled
    end_reason: str = ""
    no_conflict_attested: bool = False
    unblinded_at: datetime | None = optional_timestamp()  # when the first opinion was shown
    reopened_at: datetime | None = optional_timestamp()  # when a correction of the signed opinion was last asked for
