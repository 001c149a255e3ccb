"""`secunda message …`: the outbox."""

from typing import Annotated
from uuid import UUID

import typer

from secunda.cli.options import Actor, Limit, Reason, who, word_of
from secunda.cli.output import AsJson, print_done, print_json, print_rows
from secunda.cli.showing import moment, words
from secunda.errors import BadInputError

app = typer.Typer(no_args_is_help=True)


@app.command("list")
def list_(
    case: Annotated[str | None, typer.Option(metavar="CASE")] = None,
    status: Annotated[str | None, typer.Option(metavar="STATUS", help="Like failed.")] = None,
    limit: Limit = 100,
    as_json: AsJson = False,
) -> None:
    """List messages, the newest first. Addresses and texts are not shown."""
    from models.status import MessageStatus
    from secunda.views.messages import message_list
    from secunda.views.reading import reading

    with reading() as reader:
        chosen = word_of(MessageStatus, status, "--status")
        found = message_list(reader, reference=case, status=chosen, limit=limit)
    if as_json:
        return print_json(found)
    columns = {
        "id": "Message",
        "case": "Case",
        "event": "What",
        "recipient": "To",
        "channel": "Channel",
        "status": "Status",
        "at": "Sent or due",
        "failure": "Failure",
    }
    rows = [
        one.model_dump(include={"case", "recipient", "channel", "status", "failure"})
        | {"id": str(one.id), "event": words(one.event), "at": moment(one.sent_at or one.due_at)}
        for one in found
    ]
    return print_rows(rows, columns, as_json=False, empty="No message.")


@app.command()
def resend(
    message: Annotated[str, typer.Argument(metavar="MESSAGE", help="Its id, as `secunda message list` shows it.")],
    reason: Reason = "",
    actor: Actor = "",
    as_json: AsJson = False,
) -> None:
    """Send a message again: one that failed, that may not have left, or that was lost."""
    from secunda import clock
    from secunda.actions.reasons import owed
    from secunda.db import transaction
    from secunda.outbox import resend as act

    key, why = _id(message), owed(reason)
    with transaction() as session:
        queued = act(session, key, why, who(actor), clock.now())
    print_done({"message": queued, "status": "queued"}, f"Queued as {queued}.", as_json=as_json)


def _id(written: str) -> UUID:
    try:
        return UUID(written)
    except ValueError:
        raise BadInputError(
            f"{written!r} is no message's id.", "`secunda message list` shows the ids.", place="MESSAGE"
        ) from None
