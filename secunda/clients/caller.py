"""Who calls: the client behind a credential, as every door sees it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import Session, col, select

from models import ApiClient, ApiCredential
from models.door_status import CredentialKind
from secunda import clock
from secunda.clients.registering import counts
from secunda.clients.secrets import digest_of
from secunda.db import transaction

NOTED_EVERY = timedelta(minutes=5)  # how exactly the last use of a credential is kept


@dataclass(frozen=True)
class Caller:
    """A client that has proved who it is. It sees `payer`'s reviews; `actor` is what events name it by."""

    client_key: UUID
    client_id: str
    payer: str
    scopes: frozenset[str]
    credential_key: UUID

    @property
    def actor(self) -> str:
        return f"client:{self.client_id}"


def by_credential(credential_key: UUID, scopes: set[str]) -> Caller | None:
    """The caller behind an access token; None when its client or credential does not count any more."""
    with transaction() as session:
        return _caller(session, col(ApiCredential.id) == credential_key, scopes)


def by_api_key(written: str) -> Caller | None:
    """The caller behind an API key, with all scopes of its client; None for one that does not count."""
    with transaction() as session:
        asked = col(ApiCredential.digest) == digest_of(written)
        return _caller(session, asked & (col(ApiCredential.kind) == CredentialKind.API_KEY), None)


def _caller(session: Session, which: object, scopes: set[str] | None) -> Caller | None:
    query = select(ApiClient, ApiCredential).join(ApiCredential, col(ApiCredential.client_id) == col(ApiClient.id))
    found = session.exec(query.where(which)).first()  # type: ignore[arg-type]
    if found is None:
        return None
    client, credential = found
    now = clock.wall()
    if not client.is_active or not counts(credential, now):
        return None
    note_use(session, credential, now)
    allowed = frozenset(client.scopes) if scopes is None else frozenset(client.scopes) & scopes
    return Caller(client.id, client.client_id, client.payer, allowed, credential.id)


def note_use(session: Session, credential: ApiCredential, now: datetime) -> None:
    """Not at every call: that would be a write for each read."""
    if credential.last_used_at is None or now - credential.last_used_at > NOTED_EVERY:
        credential.last_used_at = now
        session.add(credential)
