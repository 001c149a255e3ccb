"""A system that may call the API in the name of one payer (an OAuth 2.0 client, RFC 6749 section 2)."""

from datetime import datetime

from sqlmodel import Field

from models.base import Row, json_list, optional_timestamp, timestamp


class ApiClient(Row, table=True):
    """`client_id` is public. A payer can have several clients; each sees the payer's own reviews and no others."""

    __tablename__ = "api_client"

    client_id: str = Field(unique=True, max_length=40)
    payer: str = Field(max_length=40, index=True)  # slug, as in `Case.payer`
    name: str = Field(max_length=120)
    scopes: list[str] = json_list()  # what it may ask for at most
    is_active: bool = True
    created_at: datetime = timestamp()
    revoked_at: datetime | None = optional_timestamp()
