"""Where a payer's systems want to be told. Each payer sees its own endpoints only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from models import WebhookEndpoint
from models.door_status import WEBHOOK_TRANSITIONS, WebhookKind, WebhookStatus
from pathways.wording import suggestion
from secunda import clock
from secunda.errors import BadInputError, ConflictError, NotFoundError
from secunda.webhooks.queueing import EVENT_TYPES
from secunda.webhooks.signing import set_secret
from secunda.webhooks.targets import check_url

MOST = 20  # endpoints of a payer


@dataclass(frozen=True)
class NewEndpoint:
    """What is asked. `event_types` empty: all of them."""

    payer: str
    url: str
    client_id: UUID | None = None
    event_types: tuple[str, ...] = ()
    description: str = ""


def add_endpoint(session: Session, asked: NewEndpoint) -> tuple[WebhookEndpoint, str]:
    """A new endpoint after Standard Webhooks, and its secret, which is shown this once.

    Raises BadInputError for a URL that may not be sent to or an unknown event type, ConflictError for the same URL
    again and for too many.
    """
    url = str(check_url(asked.url))
    check_event_types(asked.event_types)
    mine = endpoints_of(session, asked.payer)
    if any(one.url == url and one.kind is WebhookKind.STANDARD_WEBHOOK for one in mine):
        raise ConflictError("This URL is told already.", "Change that endpoint, or give another URL.")
    if len(mine) >= MOST:
        raise ConflictError(f"There are {MOST} endpoints already.", "Delete one that is not needed.")
    endpoint = WebhookEndpoint(
        payer=asked.payer,
        client_id=asked.client_id,
        url=url,
        description=asked.description[:200],
        event_types=list(dict.fromkeys(asked.event_types)),
        created_at=clock.wall(),
    )
    secret = set_secret(endpoint)
    session.add(endpoint)
    session.flush()
    return endpoint, secret


def check_event_types(written: Sequence[str]) -> None:
    """Raises BadInputError for a type that there is not."""
    for one in written:
        if one not in EVENT_TYPES:
            remedy = suggestion(one, EVENT_TYPES, f"Known: {', '.join(EVENT_TYPES)}.")
            remedy = remedy[:1].upper() + remedy[1:]
            raise BadInputError(f"There is no event type {one!r}.", remedy, place="/event_types")


def endpoints_of(session: Session, payer: str | None = None, *, deleted_too: bool = False) -> list[WebhookEndpoint]:
    """A payer's endpoints of both kinds, the oldest first; of every payer where none is named (staff only)."""
    query = select(WebhookEndpoint)
    query = query if deleted_too else query.where(col(WebhookEndpoint.status) != WebhookStatus.DELETED)
    query = query.where(WebhookEndpoint.payer == payer) if payer is not None else query
    return list(session.exec(query.order_by(col(WebhookEndpoint.created_at), col(WebhookEndpoint.id))))


def own_endpoint(session: Session, payer: str | None, key: UUID, *, locked: bool = False) -> WebhookEndpoint:
    """One endpoint. Raises NotFoundError, in the same words for another payer's as for one that there is not."""
    query = select(WebhookEndpoint).where(
        WebhookEndpoint.id == key, col(WebhookEndpoint.status) != WebhookStatus.DELETED
    )
    query = query.where(WebhookEndpoint.payer == payer) if payer is not None else query
    query = query.with_for_update().execution_options(populate_existing=True) if locked else query
    found = session.exec(query).first()
    if found is None:
        raise NotFoundError("There is no such webhook endpoint.", "List your endpoints to see their ids.")
    return found


def disable(endpoint: WebhookEndpoint, reason: str, wall: datetime) -> None:
    """Send nothing more there until it is enabled again."""
    _move(endpoint, WebhookStatus.DISABLED)
    endpoint.status_reason, endpoint.disabled_at = reason[:500], wall


def enable(endpoint: WebhookEndpoint) -> None:
    """Send there again, from the next event on; what was noted meanwhile is redelivered when somebody asks for it."""
    _move(endpoint, WebhookStatus.ENABLED)
    endpoint.status_reason, endpoint.disabled_at = "", None


def delete(endpoint: WebhookEndpoint, wall: datetime) -> None:
    """Take it away; its log of deliveries stays."""
    _move(endpoint, WebhookStatus.DELETED)
    endpoint.disabled_at = wall


def _move(endpoint: WebhookEndpoint, to: WebhookStatus) -> None:
    if endpoint.status is to:
        return
    if to not in WEBHOOK_TRANSITIONS[endpoint.status]:
        raise ConflictError(f"A {endpoint.status.value} endpoint cannot become {to.value}.")
    endpoint.status = to
    endpoint.version += 1
