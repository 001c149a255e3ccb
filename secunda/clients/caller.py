"""Who calls: the client behind a credential, as every door sees it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Executable, bindparam, select, update
from sqlmodel import Session

from models import ApiClient, ApiCredential
from models.door_status import CredentialKind
from secunda import clock
from secunda.clients.registering import counts
from secunda.clients.secrets import digest_of
from secunda.db import glance

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


_client, _credential = ApiClient.__table__.c, ApiCredential.__table__.c  # type: ignore[attr-defined]
_ROW = (
    select(
        _client.id,
        _client.client_id,
        _client.payer,
        _client.scopes,
        _client.is_active,
        _credential.id.label("credential_id"),
        _credential.expires_at,
        _credential.revoked_at,
        _credential.last_used_at,
    ).select_from(ApiClient.__table__.join(ApiCredential.__table__, _credential.client_id == _client.id))  # type: ignore[attr-defined]
)
_BY_CREDENTIAL = _ROW.where(_credential.id == bindparam("credential"))
_BY_KEY = _ROW.where(_credential.digest == bindparam("digest"), _credential.kind == CredentialKind.API_KEY)


def by_credential(credential_key: UUID, scopes: frozenset[str]) -> Caller | None:
    """The caller behind an access token; None when its client or credential does not count any more."""
    return _caller(_BY_CREDENTIAL, scopes, credential=credential_key)


def by_api_key(written: str) -> Caller | None:
    """The caller behind an API key, with all scopes of its client; None for one that does not count."""
    return _caller(_BY_KEY, None, digest=digest_of(written))


def _caller(query: Executable, scopes: frozenset[str] | None, **which: object) -> Caller | None:
    """Asked anew at every call, so that what is revoked counts no more from that moment on."""
    now = clock.wall()
    with glance() as connection:
        found = connection.execute(query, which).first()
        if found is None or not found.is_active or not counts(found, now):
            return None
        if found.last_used_at is None or now - found.last_used_at > NOTED_EVERY:
            note = update(ApiCredential.__table__)  # type: ignore[attr-defined]
            connection.execute(note.where(_credential.id == found.credential_id).values(last_used_at=now))
    allowed = frozenset(found.scopes) if scopes is None else frozenset(found.scopes) & scopes
    return Caller(found.id, found.client_id, found.payer, allowed, found.credential_id)


def note_use(session: Session, credential: ApiCredential, now: datetime) -> None:
    """Not at every call: that would be a write for each read."""
    if credential.last_used_at is None or now - credential.last_used_at > NOTED_EVERY:
        credential.last_used_at = now
        session.add(credential)
