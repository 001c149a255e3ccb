"""`secunda client …`: the systems of insurers that may call, and what they prove it with."""

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from secunda.cli.output import AsJson, print_done, print_rows, print_warning
from secunda.cli.showing import moment

if TYPE_CHECKING:
    from models import ApiClient, ApiCredential

app = typer.Typer(no_args_is_help=True)

ClientId = Annotated[str, typer.Argument(metavar="CLIENT", help="Its public id, like aseguradora-4f1c…")]
Credential = Annotated[str, typer.Argument(metavar="CREDENTIAL", help="Its id or its prefix.")]
ONCE = "Note it now: it is shown this once."


@app.command("add")
def add(
    payer: Annotated[str, typer.Argument(metavar="PAYER", help="Slug of the payer whose reviews it sees.")],
    name: Annotated[str, typer.Option(help="What the system is called.")] = "",
    scope: Annotated[list[str] | None, typer.Option(metavar="SCOPE", help="May be given several times; all.")] = None,
    kind: Annotated[str, typer.Option(help="client_secret, api_key or public_key.")] = "client_secret",
    jwk: Annotated[Path | None, typer.Option(metavar="FILE", help="The public key, for public_key.")] = None,
    as_json: AsJson = False,
) -> None:
    """Register a system with its first credential, whose secret is shown once."""
    from secunda.clients import registering
    from secunda.clients.scopes import SCOPES
    from secunda.db import transaction
    from secunda.reviews.known_payers import unknown

    with transaction() as session:
        warning = unknown(session, payer)
        client = registering.add_client(session, payer, name, scope or list(SCOPES))
        made = registering.add_credential(session, client, _kind(kind), jwk=_key(jwk))
        facts = _facts(client, made.credential) | {"secret": made.secret, "scopes": client.scopes}
    print_warning(warning)
    print_done(facts, _told(facts), as_json=as_json)


@app.command("credential")
def credential(
    client_id: ClientId,
    kind: Annotated[str, typer.Option(help="client_secret, api_key or public_key.")] = "api_key",
    jwk: Annotated[Path | None, typer.Option(metavar="FILE", help="The public key, for public_key.")] = None,
    as_json: AsJson = False,
) -> None:
    """Give a system one more credential."""
    from secunda.clients import registering
    from secunda.db import transaction

    with transaction() as session:
        client = registering.client_by_id(session, client_id)
        made = registering.add_credential(session, client, _kind(kind), jwk=_key(jwk))
        facts = _facts(client, made.credential) | {"secret": made.secret}
    print_done(facts, _told(facts), as_json=as_json)


@app.command("list")
def list_(
    payer: Annotated[str | None, typer.Option(metavar="PAYER", help="Only this payer's.")] = None,
    as_json: AsJson = False,
) -> None:
    """List systems and credentials; no secret is among it."""
    from sqlmodel import col, select

    from models import ApiClient, ApiCredential
    from secunda.db import transaction

    with transaction() as session:
        query = select(ApiClient, ApiCredential).outerjoin(
            ApiCredential, col(ApiCredential.client_id) == col(ApiClient.id)
        )
        query = query.where(ApiClient.payer == payer) if payer else query
        query = query.order_by(col(ApiClient.payer), col(ApiClient.client_id), col(ApiCredential.created_at))
        rows = [_facts(client, one) for client, one in session.exec(query)]
    columns = {
        "payer": "Payer",
        "client": "Client",
        "name": "Name",
        "kind": "Kind",
        "prefix": "Prefix",
        "standing": "Standing",
        "last_used_at": "Last used",
        "credential": "Credential",
    }
    if not as_json:
        rows = [row | {"last_used_at": moment(row.get("last_used_at"))} for row in rows]
    print_rows(rows, columns, as_json=as_json, empty="No client. `secunda client add PAYER` registers one.")


@app.command("rotate")
def rotate(
    client_id: ClientId,
    credential: Credential,
    overlap_days: Annotated[float, typer.Option(min=0, max=90, help="How long the old secret still counts.")] = 7,
    as_json: AsJson = False,
) -> None:
    """A new secret beside the old one, which counts for a few days more."""
    from secunda.clients import registering
    from secunda.db import transaction

    with transaction() as session:
        client = registering.client_by_id(session, client_id)
        found = registering.credential_called(session, client, credential)
        made = registering.rotate(session, client, found.id, timedelta(days=overlap_days))
        facts = _facts(client, made.credential) | {"secret": made.secret}
    print_done(facts, _told(facts), as_json=as_json)


@app.command("revoke")
def revoke(
    client_id: ClientId,
    credential: Annotated[str, typer.Argument(metavar="[CREDENTIAL]", help="Without one, the whole system.")] = "",
    as_json: AsJson = False,
) -> None:
    """From now on it does not count, nor any token that was had with it."""
    from secunda.clients import registering
    from secunda.db import transaction

    with transaction() as session:
        client = registering.client_by_id(session, client_id)
        if credential:
            found = registering.credential_called(session, client, credential)
            registering.revoke(session, client, found.id)
        else:
            registering.revoke_client(session, client)
    what = f"credential {credential} of {client_id}" if credential else client_id
    print_done({"client": client_id, "credential": credential, "revoked": True}, f"Revoked: {what}.", as_json=as_json)


def _kind(written: str) -> Any:
    from models.door_status import CredentialKind
    from secunda.cli.options import owed_word_of

    return owed_word_of(CredentialKind, written, "--kind")


def _key(file: Path | None) -> dict[str, Any] | None:
    import json

    from secunda.errors import BadInputError

    if file is None:
        return None
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise BadInputError("The key cannot be read.", "Name a file with one public JWK.", place="--jwk") from None
    return found if isinstance(found, dict) else None


def _facts(client: "ApiClient", credential: "ApiCredential | None") -> dict[str, Any]:
    from secunda import clock
    from secunda.clients.registering import counts

    facts: dict[str, Any] = {"payer": client.payer, "client": client.client_id, "name": client.name}
    if credential is None:
        return facts | {"standing": "no credential"}
    is_good = client.is_active and counts(credential, clock.wall())
    return facts | {
        "credential": credential.id,
        "kind": credential.kind.value,
        "prefix": credential.prefix,
        "standing": "good" if is_good else "revoked" if credential.revoked_at or client.revoked_at else "expired",
        "expires_at": credential.expires_at,
        "last_used_at": credential.last_used_at,
    }


def _told(facts: dict[str, Any]) -> str:
    lines = [f"Client      {facts['client']} of {facts['payer']}", f"Credential  {facts['credential']}"]
    lines += [f"Secret      {facts['secret']}", ONCE] if facts["secret"] else [f"Key         {facts['prefix']}"]
    return "\n".join(lines)
