"""A signed assertion that a client has used up (RFC 7523 section 3: a `jti` counts once)."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from models.base import Row, timestamp


class ClientAssertion(Row, table=True):
    __tablename__ = "client_assertion"
    __table_args__ = (UniqueConstraint("client_id", "jti"),)

    client_id: UUID = Field(foreign_key="api_client.id")
    jti: str = Field(max_length=255)
    expires_at: datetime = timestamp(index=True)  # after that the assertion is refused for its age
