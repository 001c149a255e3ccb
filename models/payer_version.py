"""A payer's own file as it was when a review was pinned to it."""

from datetime import datetime
from typing import Any

from sqlmodel import Field, SQLModel

from models.base import json_object, timestamp


class PayerVersion(SQLModel, table=True):
    """`content` is the `pathways.payer.Payer` as JSON; `hash` is the SHA-256 of its canonical form."""

    __tablename__ = "payer_version"

    hash: str = Field(primary_key=True, max_length=64)
    payer: str = Field(max_length=40, index=True)
    version: str = Field(max_length=20)
    content: dict[str, Any] = json_object()
    first_used_at: datetime = timestamp()
