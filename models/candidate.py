"""One expert considered for one role of a case: the score's parts, or why they were excluded."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from models.base import KeyedCaseRow, json_list, json_object, timestamp


class Candidate(KeyedCaseRow, table=True):
    """`round` counts the searches for this role from 1; `exclusions` are reason codes with texts."""

    __tablename__ = "candidate"
    __table_args__ = (UniqueConstraint("case_id", "role", "round", "expert_id"),)

    role: str = Field(max_length=40)
    round: int = 1
    expert_id: UUID = Field(foreign_key="expert.id")
    score: float | None = None
    score_parts: dict[str, Any] = json_object()
    exclusions: list[dict[str, str]] = json_list()
    chosen: bool = False
    considered_at: datetime = timestamp()
