"""One question of the requester or the patient; every one is answered in the report."""

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from models.base import KeyedCaseRow


class Question(KeyedCaseRow, table=True):
    __tablename__ = "question"
    __table_args__ = (UniqueConstraint("case_id", "number"),)

    number: int  # from 1, in the order printed
    asked_by: str = Field(max_length=20)  # requester or patient
    text: str
