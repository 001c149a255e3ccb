"""One notice to one endpoint: a row of the outbox, written in the transaction of the event that it tells of."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from models.base import Row, optional_timestamp, timestamp, word
from models.door_status import DeliveryStatus


class WebhookDelivery(Row, table=True):
    """`message_id` is the header webhook-id: the same at every attempt. `body` holds reference and stage only."""

    __tablename__ = "webhook_delivery"
    __table_args__ = (
        UniqueConstraint("endpoint_id", "message_id"),
        Index("ix_webhook_delivery_due", "status", "next_attempt_at"),
        Index("ix_webhook_delivery_page", "endpoint_id", "created_at", "id"),
    )

    endpoint_id: UUID = Field(foreign_key="webhook_endpoint.id")
    case_id: UUID | None = Field(default=None, foreign_key="care_case.id", index=True)  # none: a test message
    message_id: str = Field(max_length=64)
    type: str = Field(max_length=60)
    body: str  # the very bytes that are signed
    status: DeliveryStatus = word(DeliveryStatus, DeliveryStatus.QUEUED)
    attempts: int = 0
    next_attempt_at: datetime = timestamp()  # wall time
    claimed_by: UUID | None = None
    claimed_until: datetime | None = optional_timestamp()  # wall time
    last_status_code: int | None = None
    last_error: str = ""
    created_at: datetime = timestamp()
    delivered_at: datetime | None = optional_timestamp()
