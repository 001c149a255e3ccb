"""A pathway as it was when a case was pinned to it."""

from datetime import datetime
from typing import Any

from sqlmodel import Field, SQLModel

from models.base import json_object, timestamp


class PathwayVersion(SQLModel, table=True):
    """`content` is the resolved `pathways.schema.Pathway` as JSON; `hash` is the SHA-256 of its canonical form."""

    __tablename__ = "pathway_version"

    hash: str = Field(primary_key=True, max_length=64)
    specialty: str = Field(max_length=20, index=True)
    version: str = Field(max_length=20)
    content: dict[str, Any] = json_object()
    first_used_at: datetime = timestamp()
