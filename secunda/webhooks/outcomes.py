"""What became of a claimed notice. Each change is conditional on the claim that it ends."""

from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session, col, update

from models import Case, WebhookDelivery, WebhookEndpoint
from models.door_status import DeliveryStatus, WebhookStatus
from secunda import cases, clock, events, logs
from secunda.webhooks.claiming import cancel_unwanted
from secunda.webhooks.endpoints import disable
from secunda.webhooks.sending import Answer

#: Wall time from each attempt to the next (Standard Webhooks 1.0, "Deliverability and reliability").
SCHEDULE = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
MOST_ATTEMPTS = len(SCHEDULE) + 1
GONE = 410
DELIVERED, DEFERRED, FAILED, SUPERSEDED = "delivered", "deferred", "failed", "superseded"


def pause_after(attempts: int, jitter: float) -> timedelta:
    """The pause after the nth attempt: the schedule's, and up to a tenth more by `jitter` (0 to 1)."""
    return SCHEDULE[min(attempts, len(SCHEDULE)) - 1] * (1 + jitter / 10)


def note(session: Session, delivery: WebhookDelivery, answer: Answer, wall: datetime, jitter: float) -> str:
    """Write down what the receiver said; returns the outcome's name."""
    said = {"last_status_code": answer.status, "last_error": answer.error}
    if answer.is_taken:
        return _end(session, delivery, DELIVERED, status=DeliveryStatus.DELIVERED, delivered_at=wall, **said)
    if answer.status == GONE or delivery.attempts >= MOST_ATTEMPTS:
        return _failed(session, delivery, said, wall)
    pause = max(pause_after(delivery.attempts, jitter), answer.retry_after or timedelta())
    return _end(session, delivery, DEFERRED, status=DeliveryStatus.QUEUED, next_attempt_at=wall + pause, **said)


def _failed(session: Session, delivery: WebhookDelivery, said: dict[str, Any], wall: datetime) -> str:
    """Nothing more is tried by itself; `secunda webhook redeliver` and the API send it again."""
    case = cases.lock(session, delivery.case_id) if delivery.case_id else None  # before everything else, as elsewhere
    if said["last_status_code"] == GONE:
        _disable(session, delivery, wall)
    outcome = _end(session, delivery, FAILED, status=DeliveryStatus.FAILED, **said)
    if outcome == FAILED and case is not None:
        _record(session, case, delivery, said)
    endpoint, attempts = str(delivery.endpoint_id), delivery.attempts
    logs.warning("webhook_failed", endpoint=endpoint, message=delivery.message_id, attempts=attempts)
    return outcome


def _disable(session: Session, delivery: WebhookDelivery, wall: datetime) -> None:
    """410 Gone: the receiver wants nothing more."""
    endpoint = session.get_one(WebhookEndpoint, delivery.endpoint_id, with_for_update=True)
    if endpoint.status is WebhookStatus.ENABLED:
        disable(endpoint, "the receiver answered 410 Gone", wall)
        session.flush()
    cancel_unwanted(session, wall)


def _record(session: Session, case: Case, delivery: WebhookDelivery, said: dict[str, Any]) -> None:
    events.record(
        session,
        case,
        "webhook_failed",
        "secunda",
        clock.now(),
        endpoint=delivery.endpoint_id,
        message=delivery.message_id,
        attempts=delivery.attempts,
        status_code=said["last_status_code"],
        error=said["last_error"],
    )


def _end(session: Session, delivery: WebhookDelivery, outcome: str, **changes: Any) -> str:
    """End this claim; somebody who comes back late changes nothing."""
    statement = (
        update(WebhookDelivery)
        .where(
            col(WebhookDelivery.id) == delivery.id,
            col(WebhookDelivery.claimed_by) == delivery.claimed_by,
            col(WebhookDelivery.status) == DeliveryStatus.CLAIMED,
        )
        .values(claimed_by=None, claimed_until=None, **changes)
        .returning(col(WebhookDelivery.id))
        .execution_options(synchronize_session=False)
    )
    return outcome if session.execute(statement).first() else SUPERSEDED
