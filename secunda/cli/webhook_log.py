"""`secunda webhook log` and `secunda webhook redeliver`: what became of each notice, and sending it again."""

from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

import typer

from secunda.cli.options import word_of
from secunda.cli.output import AsJson, print_done, print_json, print_rows
from secunda.cli.showing import counted, moment, words
from secunda.errors import BadInputError

if TYPE_CHECKING:
    from models.door_status import DeliveryStatus

Payer = Annotated[str | None, typer.Option(metavar="PAYER", help="Only this payer's.")]


def log(
    payer: Payer = None,
    endpoint: Annotated[str | None, typer.Option(metavar="ENDPOINT")] = None,
    case: Annotated[str | None, typer.Option(metavar="CASE")] = None,
    status: Annotated[str | None, typer.Option(metavar="STATUS", help="Like failed.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=200, help="How many at most.")] = 50,
    as_json: AsJson = False,
) -> None:
    """List deliveries, the newest first."""
    from models.door_status import DeliveryStatus
    from secunda.db import transaction
    from secunda.webhooks.endpoints import endpoints_of
    from secunda.webhooks.log import DeliveryFilter, delivery_log

    wanted = DeliveryFilter(
        endpoint_id=id_of(endpoint, "--endpoint") if endpoint else None,
        status=word_of(DeliveryStatus, status, "--status"),
        reference=case.strip().upper() if case else None,
    )
    with transaction() as session:
        lines, _ = delivery_log(session, payer, wanted, limit=limit)
        urls = {one.id: one.url for one in endpoints_of(session, payer, deleted_too=True)}
    if as_json:
        return print_json(lines)
    rows = [
        {
            "id": one.id,
            "case": one.reference,
            "type": one.type,
            "status": words(one.status),
            "attempts": one.attempts,
            "at": moment(one.delivered_at or one.next_attempt_at or one.created_at),
            "answer": one.last_error if one.status == "cancelled" else one.last_status_code or one.last_error,
            "url": urls[one.endpoint_id],
        }
        for one in lines
    ]
    columns = {
        "id": "Delivery",
        "case": "Case",
        "type": "Type",
        "status": "Status",
        "attempts": "Attempts",
        "at": "Delivered or due",
        "answer": "Answer",
        "url": "URL",
    }
    return print_rows(rows, columns, as_json=False, empty=_none_of(wanted.status))


def redeliver(
    delivery: Annotated[str, typer.Argument(metavar="[DELIVERY]", help="Its id, as the log shows it.")] = "",
    missed: Annotated[
        str, typer.Option(metavar="ENDPOINT", help="All that this endpoint was not sent while it was disabled.")
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Send a notice again, or what an endpoint missed; each under its own id."""
    from secunda import clock
    from secunda.db import transaction
    from secunda.webhooks import log as deliveries
    from secunda.webhooks.endpoints import own_endpoint

    if bool(delivery) == bool(missed):
        raise BadInputError("Say what to send.", "Name one DELIVERY, or an endpoint with --missed.")
    with transaction() as session:
        if missed:
            endpoint = own_endpoint(session, None, id_of(missed, "--missed"), locked=True)
            count = deliveries.redeliver_missed(session, endpoint)
            facts: Any = {"endpoint": endpoint.id, "queued": count}
            told = f"Queued: {counted(count, 'notice')}."
        else:
            facts = deliveries.redeliver(session, None, id_of(delivery, "DELIVERY"), clock.wall())
            told = f"Queued again: {facts.message_id}."
    print_done(facts, told, as_json=as_json)


def _none_of(status: "DeliveryStatus | None") -> str:
    if status is None:
        return "No delivery."
    return f"No delivery that {'' if status == 'failed' else 'is '}{words(status)}."


def id_of(written: str, place: str) -> UUID:
    """Raises BadInputError."""
    try:
        return UUID(written.strip())
    except ValueError:
        raise BadInputError(f"{written!r} is no id.", "The lists show the ids.", place=place) from None


COMMANDS: dict[str, Any] = {"log": log, "redeliver": redeliver}
