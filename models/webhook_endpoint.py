"""Where a payer wants to hear that a review moved (Standard Webhooks, or a FHIR R4 Subscription, rest-hook)."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field

from models.base import Row, json_list, json_object, optional_timestamp, timestamp, word
from models.door_status import WebhookKind, WebhookStatus


class WebhookEndpoint(Row, table=True):
    """Secrets and headers are sealed (`secunda.sealing`). After a rotation both secrets sign, until
    `previous_secret_until`.
    """

    __tablename__ = "webhook_endpoint"

    payer: str = Field(max_length=40, index=True)
    client_id: UUID | None = Field(default=None, foreign_key="api_client.id", index=True)  # none: added by staff
    kind: WebhookKind = word(WebhookKind, WebhookKind.STANDARD_WEBHOOK)
    url: str = Field(max_length=2000)
    description: str = Field(default="", max_length=200)
    event_types: list[str] = json_list()  # empty: all
    secret: str = ""
    previous_secret: str = ""
    previous_secret_until: datetime | None = optional_timestamp()
    headers: dict[str, str] = json_object()  # of the FHIR Subscription, values sealed
    criteria: str = Field(default="", max_length=500)  # of the FHIR Subscription
    payload: str = Field(default="", max_length=60)  # media type that the FHIR Subscription asks for
    status: WebhookStatus = word(WebhookStatus, WebhookStatus.ENABLED, index=True)
    status_reason: str = ""
    version: int = 1
    notices: int = 0  # of a FHIR Subscription: how many reviews' notices were queued, the number of the last
    created_at: datetime = timestamp()
    expires_at: datetime | None = optional_timestamp()  # Subscription.end
    disabled_at: datetime | None = optional_timestamp()
