"""Subscriptions of a payer: made, looked at, changed, taken away. They are webhook endpoints of a kind of their own."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from models import WebhookEndpoint
from models.door_status import WebhookKind, WebhookStatus
from secunda import clock
from secunda.db import transaction
from secunda.errors import BadInputError
from secunda.fhir_door.names import MEDIA_TYPE, Json
from secunda.fhir_door.outcome import DoorError, Issue, not_found
from secunda.fhir_door.response_bundle import searchset
from secunda.fhir_door.sender import Sender, base_url
from secunda.fhir_door.subscription import AskedSubscription, read_subscription, subscription
from secunda.sealing import seal_text
from secunda.webhooks.queueing import queue_handshake
from secunda.webhooks.signing import HEADER_PURPOSE
from secunda.webhooks.targets import check_url

MOST = 20  # subscriptions of a payer


def create(content: bytes, sender: Sender) -> tuple[Json, bool]:
    """Make a Subscription, and whether it is new: the same endpoint and criteria asked for twice are one."""
    asked = _read(content)
    with transaction() as session:
        mine = _mine(session, sender)
        for endpoint in mine:
            if (endpoint.url, endpoint.criteria) == (asked.url, asked.criteria):
                return subscription(endpoint), False
        if len(mine) >= MOST:
            issue = Issue("business-rule", f"There are {MOST} subscriptions already.", "Delete one that is not needed.")
            raise DoorError(422, issue)
        endpoint = WebhookEndpoint(
            payer=sender.payer,
            client_id=sender.client_id,
            kind=WebhookKind.FHIR_REST_HOOK,
            url=asked.url,
            created_at=clock.wall(),
        )
        _fill(endpoint, asked, clock.wall())
        session.add(endpoint)
        session.flush()
        queue_handshake(session, endpoint)
        return subscription(endpoint), True


def change(identity: str, content: bytes, sender: Sender, expected_version: int | None) -> Json:
    """Put another Subscription in the place of one. Raises DoorError 404, and 412 where it was changed meanwhile."""
    asked = _read(content)
    with transaction() as session:
        endpoint = _one(session, identity, sender)
        if expected_version is not None and expected_version != endpoint.version:
            raise DoorError(412, Issue("conflict", "The subscription was changed meanwhile.", "Read it anew first."))
        endpoint.url = asked.url
        endpoint.version += 1
        _fill(endpoint, asked, clock.wall())
        session.add(endpoint)
        return subscription(endpoint)


def look(identity: str, sender: Sender) -> Json:
    with transaction() as session:
        return subscription(_one(session, identity, sender))


def look_at_all(sender: Sender) -> Json:
    with transaction() as session:
        found = [subscription(endpoint) for endpoint in _mine(session, sender)]
    return searchset(found, len(found), base_url(), "Subscription", [], None)


def take_away(identity: str, sender: Sender) -> None:
    """Delete one; what it was told stays in the log of deliveries."""
    with transaction() as session:
        endpoint = _one(session, identity, sender)
        endpoint.status, endpoint.disabled_at = WebhookStatus.DELETED, clock.wall()
        session.add(endpoint)


def _read(content: bytes) -> AskedSubscription:
    """Raises DoorError for what is wrong, and for an endpoint in an internal network."""
    asked = read_subscription(content, clock.wall())
    try:
        check_url(asked.url)
    except BadInputError as refused:
        issue = Issue("value", refused.message, refused.remedy, ("Subscription.channel.endpoint",))
        raise DoorError(422, issue) from None
    return asked


def _fill(endpoint: WebhookEndpoint, asked: AskedSubscription, now: datetime) -> None:
    endpoint.criteria, endpoint.payload, endpoint.expires_at = asked.criteria, MEDIA_TYPE, asked.ends_at
    endpoint.headers = {name: seal_text(value, HEADER_PURPOSE) for name, value in asked.headers.items()}
    endpoint.status = WebhookStatus.DISABLED if asked.is_off else WebhookStatus.ENABLED
    endpoint.status_reason = ""
    endpoint.disabled_at = now if asked.is_off else None


def _mine(session: Session, sender: Sender) -> list[WebhookEndpoint]:
    query = select(WebhookEndpoint).where(
        WebhookEndpoint.payer == sender.payer,
        col(WebhookEndpoint.kind) == WebhookKind.FHIR_REST_HOOK,
        col(WebhookEndpoint.status) != WebhookStatus.DELETED,
    )
    return list(session.exec(query.order_by(col(WebhookEndpoint.created_at), col(WebhookEndpoint.id))))


def _one(session: Session, identity: str, sender: Sender) -> WebhookEndpoint:
    try:
        wanted = UUID(identity)
    except ValueError:
        raise not_found() from None
    found = next((one for one in _mine(session, sender) if one.id == wanted), None)
    if found is None:
        raise not_found()
    return found
