"""How the opinions of a panel became one."""

from datetime import datetime
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from models.base import KeyedCaseRow, json_object, timestamp


class AdjudicationRecord(KeyedCaseRow, table=True):
    """`detail` is a `pathways.adjudication.Adjudication` as JSON; the newest round counts."""

    __tablename__ = "adjudication"
    __table_args__ = (UniqueConstraint("case_id", "round"),)

    round: int = 1
    rule: str = Field(max_length=20)
    result: str = Field(max_length=30)
    detail: dict[str, Any] = json_object()
    decided_at: datetime = timestamp()
    decided_by: str = "secunda"
