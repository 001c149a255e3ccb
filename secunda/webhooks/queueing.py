"""Deciding that a payer's systems are told: one row an endpoint, in the transaction of the event.

A disabled endpoint gets its rows too, as cancelled ones: they are sent when somebody asks for it, never by themselves,
and forgotten with the rest of the log.
"""

import json
from datetime import datetime
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, exists, or_, select

from models import Case, Review, WebhookDelivery, WebhookEndpoint
from models.door_status import DeliveryStatus, WebhookKind, WebhookStatus
from secunda import clock
from secunda.errors import ConflictError
from secunda.fhir_door.notifying import notification
from secunda.fhir_door.sender import base_url

STAGE_CHANGED = "review.stage_changed"
ANSWERED = "review.answered"
CLOCK_RUNS_OUT = "review.clock_runs_out"
TEST = "webhook.test"
EVENT_TYPES = (STAGE_CHANGED, ANSWERED, CLOCK_RUNS_OUT)
CHANNEL = "secunda_webhook"
WHILE_DISABLED = "the endpoint was disabled"
_NOTIFICATION = text(f"select pg_notify('{CHANNEL}', '')")
#: A FHIR Subscription is to pended results: it hears when there is an answer to ask for.
FHIR_TYPES = (ANSWERED,)


def queue(session: Session, case: Case, kind: str, at: datetime) -> int:
    """Queue `kind` for every endpoint that wants it, or note it where that is disabled; `at`: pathway time.

    Returns how many rows are new.

    Call it after the event was recorded: event and endpoint make the notice's id, so that it is queued once. Nothing
    happens for a case that is no payer's review.
    """
    if not case.payer:
        return 0
    session.flush()
    return sum(_add(session, endpoint, case, kind, at) for endpoint in _listening(session, case, kind))


def queue_test(session: Session, endpoint: WebhookEndpoint, number: UUID) -> str:
    """Queue a notice about nothing, by which a receiver is tried out; returns its id.

    Raises ConflictError while the endpoint is disabled.
    """
    check_is_enabled(endpoint)
    at = clock.wall()
    body = _json(TEST, at, {})
    row = _row(endpoint, f"msg_{number.hex}", TEST, body, None, at)
    _put(session, row)
    return row.message_id


def check_is_enabled(endpoint: WebhookEndpoint) -> None:
    """Raises ConflictError."""
    if endpoint.status is not WebhookStatus.ENABLED:
        raise ConflictError(f"The endpoint is {endpoint.status.value}.", "Enable it first.")


def queue_handshake(session: Session, endpoint: WebhookEndpoint) -> None:
    """Queue the first notice of a FHIR Subscription, by which its receiver is tried out (R5 Backport 1.1)."""
    at = clock.wall()
    body = _compact(notification(str(endpoint.id), "", 0, at, base_url()))
    name = uuid5(NAMESPACE_URL, f"{endpoint.id}:handshake:{endpoint.version}")
    _put(session, _row(endpoint, f"msg_{name.hex}", TEST, body, None, at))


def body_of(endpoint: WebhookEndpoint, reference: str, stage: str, kind: str, at: datetime, number: int = 1) -> str:
    """The very bytes that are signed: the reference and the stage, and no more.

    A FHIR rest-hook gets a notification bundle with the id to ask for; `number` counts those of its Subscription.
    """
    if endpoint.kind is WebhookKind.STANDARD_WEBHOOK:
        return _json(kind, at, {"reference": reference, "stage": stage})
    return _compact(notification(str(endpoint.id), reference, number, at, base_url()))


def _listening(session: Session, case: Case, kind: str) -> list[WebhookEndpoint]:
    query = select(WebhookEndpoint).where(
        WebhookEndpoint.payer == case.payer,
        col(WebhookEndpoint.status) != WebhookStatus.DELETED,
        or_(col(WebhookEndpoint.expires_at).is_(None), col(WebhookEndpoint.expires_at) > clock.wall()),
        exists().where(col(Review.case_id) == case.id),
    )
    return [one for one in session.exec(query) if kind in wanted(one)]


def wanted(endpoint: WebhookEndpoint) -> tuple[str, ...]:
    """The types that an endpoint hears."""
    usual = EVENT_TYPES if endpoint.kind is WebhookKind.STANDARD_WEBHOOK else FHIR_TYPES
    return tuple(endpoint.event_types) or usual


def _add(session: Session, endpoint: WebhookEndpoint, case: Case, kind: str, at: datetime) -> int:
    name = uuid5(NAMESPACE_URL, f"{endpoint.id}:{case.id}:{kind}:{case.event_count}")
    is_numbered = endpoint.kind is WebhookKind.FHIR_REST_HOOK
    if is_numbered:
        session.refresh(endpoint, with_for_update=True)
    body = body_of(endpoint, case.reference, case.status.value, kind, at, endpoint.notices + 1)
    row = _row(endpoint, f"msg_{name.hex}", kind, body, case.id, clock.wall())
    if endpoint.status is WebhookStatus.DISABLED:
        row.status, row.last_error = DeliveryStatus.CANCELLED, WHILE_DISABLED
    added = _put(session, row)
    if is_numbered and added:
        endpoint.notices += 1
    return added


def _put(session: Session, row: WebhookDelivery) -> int:
    """Write the row and have the senders wake with the commit; 0 where it is there already."""
    statement = insert(WebhookDelivery).values(row.model_dump()).on_conflict_do_nothing()
    added = len(session.execute(statement.returning(col(WebhookDelivery.id))).all())
    wake_senders(session)
    return added


def wake_senders(session: Session) -> None:
    """With the commit, those who send look at what is due."""
    session.execute(_NOTIFICATION)


def _row(
    endpoint: WebhookEndpoint, message_id: str, kind: str, body: str, case_id: UUID | None, wall: datetime
) -> WebhookDelivery:
    return WebhookDelivery(
        endpoint_id=endpoint.id,
        case_id=case_id,
        message_id=message_id,
        type=kind,
        body=body,
        next_attempt_at=wall,
        created_at=wall,
    )


def _compact(content: Any) -> str:
    return json.dumps(content, separators=(",", ":"))


def _json(kind: str, at: datetime, data: dict[str, str]) -> str:
    """Standard Webhooks: type, timestamp and data; compact, as it is signed."""
    return _compact({"type": kind, "timestamp": at.isoformat(), "data": data})
