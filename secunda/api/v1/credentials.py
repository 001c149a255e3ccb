"""A client's own credentials: made (and shown once), rotated, revoked."""

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Path, Request, Response

from models import ApiCredential
from models.door_status import CredentialKind
from secunda.api.authentication import caller
from secunda.api.door_route import claim_of
from secunda.api.idempotency import Answer
from secunda.api.v1 import examples
from secunda.api.v1.door import LIST, READ, WRITE, post, problems, router
from secunda.api.v1.shapes import Asked, Told, Utc
from secunda.clients import registering
from secunda.clients.registering import Made
from secunda.db import transaction

routes = router("credentials")
CredentialInPath = Annotated[UUID, Path(alias="credential")]


class CredentialIn(Asked):
    """`jwk`: the public key, for the kind public_key only."""

    kind: Literal["client_secret", "api_key", "public_key"]
    expires_at: Utc | None = None
    jwk: dict[str, Any] | None = None


class CredentialOut(Told):
    """`prefix` tells one from another: the start of the secret, or of the key's thumbprint."""

    id: UUID
    kind: CredentialKind
    prefix: str
    created_at: Utc
    expires_at: Utc | None
    revoked_at: Utc | None
    last_used_at: Utc | None


class CredentialMade(CredentialOut):
    """`secret` is shown this once; empty for a public key."""

    secret: str


class CredentialList(Told):
    items: list[CredentialOut]


@routes.get("/credentials", response_model=CredentialList, operation_id="list_credentials", responses=problems(*LIST))
def list_credentials(who: caller("credentials:manage")) -> CredentialList:  # type: ignore[valid-type]
    """Your client's credentials, the newest first."""
    with transaction() as session:
        client = registering.client_by_id(session, who.client_id)
        rows = registering.credentials_of(session, client)
        return CredentialList(items=[CredentialOut.model_validate(row) for row in rows])


@routes.post(
    "/credentials",
    status_code=201,
    response_model=CredentialMade,
    operation_id="make_credential",
    responses=problems(*WRITE),
    openapi_extra=post(examples.CREDENTIAL_IN),
)
def make_credential(body: CredentialIn, request: Request, who: caller("credentials:manage")) -> Response:  # type: ignore[valid-type]
    """Make a secret, or hand in a public key."""
    with transaction() as session:
        client = registering.client_by_id(session, who.client_id)
        made = registering.add_credential(session, client, CredentialKind(body.kind), body.expires_at, body.jwk)
        answer = _answer(made)
        claim_of(request).finish(session, answer)
    return answer.response()


@routes.post(
    "/credentials/{credential}/rotate",
    status_code=201,
    response_model=CredentialMade,
    operation_id="rotate_credential",
    responses=problems(*WRITE),
    openapi_extra=post(),
)
def rotate_credential(
    credential: CredentialInPath,
    request: Request,
    who: caller("credentials:manage"),  # type: ignore[valid-type]
) -> Response:
    """A new secret; the old one counts for seven days more."""
    with transaction() as session:
        client = registering.client_by_id(session, who.client_id)
        answer = _answer(registering.rotate(session, client, credential))
        claim_of(request).finish(session, answer)
    return answer.response()


@routes.delete(
    "/credentials/{credential}", status_code=204, operation_id="revoke_credential", responses=problems(*READ)
)
def revoke_credential(credential: CredentialInPath, who: caller("credentials:manage")) -> Response:  # type: ignore[valid-type]
    """From now on it does not count, nor any token that was had with it."""
    with transaction() as session:
        registering.revoke(session, registering.client_by_id(session, who.client_id), credential)
    return Response(status_code=204)


def _answer(made: Made) -> Answer:
    return Answer.of_json(201, _out(made.credential).model_dump(mode="json") | {"secret": made.secret})


def _out(row: ApiCredential) -> CredentialOut:
    return CredentialOut.model_validate(row)
