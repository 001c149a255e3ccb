"""One way in which a client proves who it is: an OAuth secret, an API key, or a public key."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Field

from models.base import JSON, Row, optional_timestamp, timestamp, word
from models.door_status import CredentialKind


class ApiCredential(Row, table=True):
    """The secret itself is shown once and never kept: 256 random bits need no slow hash, SHA-256 is enough.

    Rotating makes a new row and lets the old one live until `expires_at`, so that a client can change over in peace.
    """

    __tablename__ = "api_credential"

    client_id: UUID = Field(foreign_key="api_client.id", index=True)
    kind: CredentialKind = word(CredentialKind)
    prefix: str = Field(default="", max_length=24, index=True)  # the part that is shown, to tell one from another
    digest: str | None = Field(default=None, unique=True, max_length=64)  # SHA-256 of the secret, hexadecimal
    jwk: dict[str, Any] | None = Field(default=None, sa_type=JSON, nullable=True)  # public key (RFC 7517)
    created_at: datetime = timestamp()
    expires_at: datetime | None = optional_timestamp()
    revoked_at: datetime | None = optional_timestamp()
    last_used_at: datetime | None = optional_timestamp()
