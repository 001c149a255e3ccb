"""The log of deliveries, and sending one again under its own id."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import literal, tuple_
from sqlmodel import Session, col, select, update

from models import Case, WebhookDelivery, WebhookEndpoint
from models.door_status import DeliveryStatus
from secunda.errors import BadInputError, ConflictError, NotFoundError
from secunda.webhooks.queueing import check_is_enabled, wake_senders

MOST = 200

Place = tuple[datetime, UUID]  # where a page ended


@dataclass(frozen=True)
class DeliveryFilter:
    """Which deliveries; None does not restrict. `reference` is a case's."""

    endpoint_id: UUID | None = None
    status: DeliveryStatus | None = None
    reference: str | None = None


@dataclass(frozen=True)
class DeliveryLine:
    """One notice. `next_attempt_at` (wall time) is None unless it waits for another attempt."""

    id: UUID
    endpoint_id: UUID
    message_id: str
    type: str
    reference: str | None
    status: DeliveryStatus
    attempts: int
    created_at: datetime
    next_attempt_at: datetime | None
    delivered_at: datetime | None
    last_status_code: int | None
    last_error: str


def delivery_log(
    session: Session,
    payer: str | None,
    wanted: DeliveryFilter | None = None,
    after: Place | None = None,
    limit: int = 50,
) -> tuple[tuple[DeliveryLine, ...], Place | None]:
    """One page of a payer's deliveries, the newest first, and where the next begins; `payer` None: staff, all of them.

    Raises BadInputError for a limit that is not 1 to `MOST`.
    """
    if not 1 <= limit <= MOST:
        raise BadInputError(
            f"A page has 1 to {MOST} deliveries.", "Ask for fewer, and for the next page.", place="limit"
        )
    order = (col(WebhookDelivery.created_at), col(WebhookDelivery.id))
    query = select(WebhookDelivery, Case.reference).join(
        WebhookEndpoint, col(WebhookEndpoint.id) == col(WebhookDelivery.endpoint_id)
    )
    query = query.join(Case, col(Case.id) == col(WebhookDelivery.case_id), isouter=True)
    wanted = wanted or DeliveryFilter()
    exact = {
        col(WebhookEndpoint.payer): payer,
        col(WebhookDelivery.endpoint_id): wanted.endpoint_id,
        col(WebhookDelivery.status): wanted.status,
        col(Case.reference): wanted.reference,
    }
    query = query.where(*(column == value for column, value in exact.items() if value is not None))
    query = query.where(tuple_(*order) < tuple_(*map(literal, after))) if after else query
    found = session.exec(query.order_by(*(one.desc() for one in order)).limit(limit + 1)).all()
    last = found[limit - 1][0] if len(found) > limit else None
    lines = tuple(_line(delivery, reference) for delivery, reference in found[:limit])
    return lines, (last.created_at, last.id) if last else None


def redeliver(session: Session, payer: str | None, key: UUID, wall: datetime) -> DeliveryLine:
    """Send a notice again, at once, under its own `webhook-id`; its schedule begins anew.

    Raises NotFoundError (another payer's is like one that there is not), and ConflictError while it is being sent or
    its endpoint is not enabled.
    """
    query = select(WebhookDelivery, WebhookEndpoint).join(
        WebhookEndpoint, col(WebhookEndpoint.id) == col(WebhookDelivery.endpoint_id)
    )
    query = query.where(WebhookDelivery.id == key)
    query = query.where(WebhookEndpoint.payer == payer) if payer is not None else query
    query = query.with_for_update(of=WebhookDelivery).execution_options(populate_existing=True)
    found = session.exec(query).first()
    if found is None:
        raise NotFoundError("There is no such delivery.", "The log of deliveries shows their ids.")
    delivery, endpoint = found
    check_is_enabled(endpoint)
    if delivery.status is DeliveryStatus.CLAIMED:
        raise ConflictError("It is being sent this moment.", "Look at the log in a minute.")
    delivery.status, delivery.attempts, delivery.next_attempt_at = DeliveryStatus.QUEUED, 0, wall
    session.add(delivery)
    session.flush()
    wake_senders(session)
    reference = session.exec(select(Case.reference).where(Case.id == delivery.case_id)).first()
    return _line(delivery, reference)


def redeliver_missed(session: Session, endpoint: WebhookEndpoint) -> int:
    """Send everything that was not sent because the endpoint was disabled; returns how many notices are queued.

    Each is due since it was written, so that the oldest go first.

    Raises ConflictError while it is disabled.
    """
    check_is_enabled(endpoint)
    missed = (
        update(WebhookDelivery)
        .where(
            col(WebhookDelivery.endpoint_id) == endpoint.id,
            col(WebhookDelivery.status) == DeliveryStatus.CANCELLED,
        )
        .values(status=DeliveryStatus.QUEUED, attempts=0, next_attempt_at=col(WebhookDelivery.created_at))
        .returning(col(WebhookDelivery.id))
        .execution_options(synchronize_session=False)
    )
    found = len(session.execute(missed).all())
    wake_senders(session)
    return found


def _line(delivery: WebhookDelivery, reference: str | None) -> DeliveryLine:
    waits = delivery.status is DeliveryStatus.QUEUED
    return DeliveryLine(
        reference=reference,
        next_attempt_at=delivery.next_attempt_at if waits else None,
        **delivery.model_dump(include=set(DeliveryLine.__dataclass_fields__) - {"reference", "next_attempt_at"}),
    )
