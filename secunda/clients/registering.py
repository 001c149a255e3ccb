"""Clients and their credentials: made, rotated with an overlap, revoked. A secret is returned once."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol
from uuid import UUID

from sqlmodel import Session, col, select

from models import ApiClient, ApiCredential
from models.door_status import CredentialKind
from secunda import clock
from secunda.clients.keys import public_key
from secunda.clients.scopes import check_scopes
from secunda.clients.secrets import new_secret
from secunda.errors import BadInputError, ConflictError, NotFoundError

OVERLAP = timedelta(days=7)  # how long an old secret still counts after a rotation
MOST = 20  # credentials of one client that count at the same time


@dataclass(frozen=True)
class Made:
    """A new credential. `secret` is shown now and never again; empty for a public key."""

    credential: ApiCredential
    secret: str = ""


def add_client(session: Session, payer: str, name: str, scopes: list[str], client_id: str = "") -> ApiClient:
    """Register a client of a payer. Raises BadInputError for an unknown scope or a payer that is no slug."""
    if not payer or not payer.replace("-", "").replace("_", "").isalnum() or len(payer) > 40 or payer != payer.lower():
        raise BadInputError("A payer is named by a slug.", "Write small letters, digits and hyphens.", place="payer")
    client = ApiClient(
        client_id=client_id or f"{payer[:24]}-{secrets.token_hex(6)}",
        payer=payer,
        name=name.strip() or payer,
        scopes=check_scopes(scopes),
        created_at=clock.wall(),
    )
    session.add(client)
    session.flush()
    return client


def client_by_id(session: Session, client_id: str) -> ApiClient:
    """Raises NotFoundError."""
    found = session.exec(select(ApiClient).where(ApiClient.client_id == client_id)).first()
    if found is None:
        raise NotFoundError(f"There is no client {client_id!r}.", "`secunda client list` shows the clients.")
    return found


def add_credential(
    session: Session,
    client: ApiClient,
    kind: CredentialKind,
    expires_at: datetime | None = None,
    jwk: dict[str, Any] | None = None,
) -> Made:
    """Make a secret, or keep a public key. Raises BadInputError for no such key, ConflictError for one too many."""
    session.exec(select(ApiClient.id).where(ApiClient.id == client.id).with_for_update()).one()
    if len([one for one in credentials_of(session, client) if counts(one, clock.wall())]) >= MOST:
        raise ConflictError(f"The client has {MOST} credentials already.", "Revoke one that is not used any more.")
    if expires_at is not None and expires_at <= clock.wall():
        raise BadInputError("The credential would have expired already.", "Give a later time.", place="expires_at")
    credential = ApiCredential(client_id=client.id, kind=kind, created_at=clock.wall(), expires_at=expires_at)
    written = ""
    if kind is CredentialKind.PUBLIC_KEY:
        credential.jwk, credential.prefix = public_key(jwk)
    else:
        secret = new_secret(kind)
        credential.digest, credential.prefix, written = secret.digest, secret.prefix, secret.written
    session.add(credential)
    session.flush()
    return Made(credential, written)


def rotate(session: Session, client: ApiClient, credential_id: UUID, overlap: timedelta = OVERLAP) -> Made:
    """A new secret beside the old one, which counts for `overlap` longer. Raises NotFoundError, ConflictError."""
    old = credential_of(session, client, credential_id)
    now = clock.wall()
    if not counts(old, now):
        raise ConflictError("This credential does not count any more.", "Make a new one.")
    if old.kind is CredentialKind.PUBLIC_KEY:
        raise ConflictError("A public key is not rotated here.", "Add your new public key, then revoke this one.")
    lifetime = old.expires_at - old.created_at if old.expires_at else None
    made = add_credential(session, client, old.kind, now + lifetime if lifetime else None)
    old.expires_at = min(old.expires_at or now + overlap, now + overlap)
    session.add(old)
    return made


def revoke(session: Session, client: ApiClient, credential_id: UUID) -> ApiCredential:
    """From now on it does not count, nor any token that was had with it. Doing it twice is harmless."""
    credential = credential_of(session, client, credential_id)
    credential.revoked_at = credential.revoked_at or clock.wall()
    session.add(credential)
    return credential


def revoke_client(session: Session, client: ApiClient) -> None:
    """Nothing of this client counts any more."""
    client.is_active = False
    client.revoked_at = client.revoked_at or clock.wall()
    session.add(client)


def credential_of(session: Session, client: ApiClient, credential_id: UUID) -> ApiCredential:
    """Raises NotFoundError, also for another client's."""
    found = session.exec(
        select(ApiCredential).where(ApiCredential.id == credential_id, ApiCredential.client_id == client.id)
    ).first()
    if found is None:
        raise NotFoundError("The client has no such credential.", "List its credentials.")
    return found


def credentials_of(session: Session, client: ApiClient) -> list[ApiCredential]:
    """The newest first, revoked ones too."""
    query = select(ApiCredential).where(ApiCredential.client_id == client.id)
    return list(session.exec(query.order_by(col(ApiCredential.created_at).desc(), col(ApiCredential.id))))


class Lasting(Protocol):
    """What says how long a credential counts."""

    @property
    def revoked_at(self) -> datetime | None: ...

    @property
    def expires_at(self) -> datetime | None: ...


def counts(credential: Lasting, at: datetime) -> bool:
    """Whether it proves anything at that wall time."""
    return credential.revoked_at is None and (credential.expires_at is None or at < credential.expires_at)


def credential_called(session: Session, client: ApiClient, name: str) -> ApiCredential:
    """By its id or its prefix. Raises NotFoundError, and ConflictError where several begin alike."""
    found = [one for one in credentials_of(session, client) if name in (str(one.id), one.prefix)]
    if len(found) > 1:
        raise ConflictError("Several credentials begin like that.", "Name it by its id.")
    if not found:
        raise NotFoundError("The client has no such credential.", "`secunda client list` shows them.")
    return found[0]
