"""A filter of the work list that somebody keeps under a name."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from models.base import Row, timestamp


class SavedView(Row, table=True):
    """`query` is the query string of the work list, without the page."""

    __tablename__ = "saved_view"
    __table_args__ = (UniqueConstraint("user_id", "name"),)

    user_id: UUID = Field(foreign_key="user_account.id")
    name: str = Field(max_length=60)
    query: str = Field(max_length=400)
    created_at: datetime = timestamp()
