"""The answer to a request that may be sent again under the same key (header Idempotency-Key)."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from models.base import Row, json_object, timestamp, word
from models.door_status import IdempotencyStatus


class IdempotencyRecord(Row, table=True):
    """In flight until the transaction that does the work also writes the answer here; replayed byte by byte after that.

    `claimed_until`: a process that died in between loses its claim then. `response_body` is sealed
    (`secunda.sealing`), because it may hold what is shown once only.
    """

    __tablename__ = "idempotency_record"
    __table_args__ = (UniqueConstraint("client_id", "key"),)

    client_id: UUID = Field(foreign_key="api_client.id")
    key: str = Field(max_length=255)
    route: str = Field(max_length=300)  # method and path
    body_digest: str = Field(max_length=64)
    status: IdempotencyStatus = word(IdempotencyStatus, IdempotencyStatus.IN_FLIGHT)
    claim: UUID  # who is at it: whoever lost the claim cannot finish
    claimed_until: datetime = timestamp()
    response_status: int | None = None
    response_headers: dict[str, Any] = json_object()
    response_body: bytes | None = None
    created_at: datetime = timestamp()
    expires_at: datetime = timestamp(index=True)
