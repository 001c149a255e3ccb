"""`secunda webhook …`: where payers' systems are told, and what became of each notice."""

from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Any
from uuid import uuid4

import typer

from secunda.cli import webhook_log
from secunda.cli.output import AsJson, print_done, print_rows, print_warning
from secunda.cli.showing import moment, words
from secunda.cli.webhook_log import Payer, id_of

if TYPE_CHECKING:
    from models import WebhookEndpoint

app = typer.Typer(no_args_is_help=True)

Endpoint = Annotated[str, typer.Argument(metavar="ENDPOINT", help="Its id, as `secunda webhook list` shows it.")]
ONCE = "Note it now: it is shown this once."


@app.command("list")
def list_(payer: Payer = None, as_json: AsJson = False) -> None:
    """List the endpoints; no secret is among it."""
    from secunda.db import transaction
    from secunda.webhooks.endpoints import endpoints_of

    with transaction() as session:
        rows = [_facts(one) for one in endpoints_of(session, payer)]
    columns = {
        "payer": "Payer",
        "endpoint": "Endpoint",
        "kind": "Kind",
        "url": "URL",
        "event_types": "Types",
        "status": "Status",
        "reason": "Why",
    }
    print_rows(rows, columns, as_json=as_json, empty="No endpoint. `secunda webhook add PAYER URL` adds one.")


@app.command()
def add(
    payer: Annotated[str, typer.Argument(metavar="PAYER", help="Slug of the payer.")],
    url: Annotated[str, typer.Argument(metavar="URL", help="https, and a public host name.")],
    event_type: Annotated[
        list[str] | None, typer.Option("--type", metavar="TYPE", help="May be repeated; all.")
    ] = None,
    description: Annotated[str, typer.Option()] = "",
    as_json: AsJson = False,
) -> None:
    """Tell a payer's system from now on; its secret is shown once."""
    from secunda.db import transaction
    from secunda.reviews.known_payers import unknown
    from secunda.webhooks.endpoints import NewEndpoint, add_endpoint

    asked = NewEndpoint(payer.strip(), url, event_types=tuple(event_type or ()), description=description)
    with transaction() as session:
        warning = unknown(session, asked.payer)
        endpoint, secret = add_endpoint(session, asked)
        facts = _facts(endpoint) | {"secret": secret}
    print_warning(warning)
    print_done(facts, _told(facts), as_json=as_json)


@app.command()
def rotate(
    endpoint: Endpoint,
    overlap_hours: Annotated[float, typer.Option(min=0, max=720, help="How long the old secret signs as well.")] = 24,
    as_json: AsJson = False,
) -> None:
    """A new secret; the old one signs as well until the overlap ends."""
    from secunda import clock
    from secunda.db import transaction
    from secunda.webhooks.endpoints import own_endpoint
    from secunda.webhooks.signing import rotate as act

    with transaction() as session:
        found = own_endpoint(session, None, id_of(endpoint, "ENDPOINT"), locked=True)
        secret = act(found, clock.wall(), timedelta(hours=overlap_hours))
        facts = _facts(found) | {"secret": secret, "previous_until": found.previous_secret_until}
    print_done(facts, _told(facts), as_json=as_json)


@app.command()
def enable(endpoint: Endpoint, as_json: AsJson = False) -> None:
    """Send there again, from now on. What was not sent meanwhile: `secunda webhook redeliver --missed ENDPOINT`."""
    from secunda.webhooks.endpoints import enable as act

    _change(endpoint, act, as_json=as_json)


@app.command()
def disable(
    endpoint: Endpoint,
    reason: Annotated[str, typer.Option(help="Why; it is kept and shown.")] = "",
    as_json: AsJson = False,
) -> None:
    """Send nothing more there until it is enabled again."""
    from secunda import clock
    from secunda.actions.reasons import owed
    from secunda.webhooks.endpoints import disable as act

    why = owed(reason)
    _change(endpoint, lambda found: act(found, why, clock.wall()), as_json=as_json)


@app.command()
def test(endpoint: Endpoint, as_json: AsJson = False) -> None:
    """Queue a notice about nothing, by which the receiver is tried out."""
    from secunda.db import transaction
    from secunda.webhooks.endpoints import own_endpoint
    from secunda.webhooks.queueing import queue_test

    with transaction() as session:
        found = own_endpoint(session, None, id_of(endpoint, "ENDPOINT"))
        message = queue_test(session, found, uuid4())
    print_done({"endpoint": found.id, "message": message}, f"Queued as {message}.", as_json=as_json)


def _change(endpoint: str, change: Any, *, as_json: bool) -> None:
    from secunda.db import transaction
    from secunda.webhooks.endpoints import own_endpoint

    with transaction() as session:
        found = own_endpoint(session, None, id_of(endpoint, "ENDPOINT"), locked=True)
        change(found)
        facts = _facts(found)
    print_done(facts, f"{facts['endpoint']} is {facts['status']}.", as_json=as_json)


def _facts(endpoint: "WebhookEndpoint") -> dict[str, Any]:
    return {
        "payer": endpoint.payer,
        "endpoint": endpoint.id,
        "kind": words(endpoint.kind),
        "url": endpoint.url,
        "event_types": endpoint.event_types or "all",
        "status": endpoint.status.value,
        "reason": endpoint.status_reason,
    }


def _told(facts: dict[str, Any]) -> str:
    lines = [f"Endpoint  {facts['endpoint']} of {facts['payer']}", f"URL       {facts['url']}"]
    until = facts.get("previous_until")
    overlap = [f"The old secret signs as well until {moment(until)}."] if until else []
    return "\n".join([*lines, f"Secret    {facts['secret']}", *overlap, ONCE])


for name, command in webhook_log.COMMANDS.items():
    app.command(name)(command)
