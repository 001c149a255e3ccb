"""`secunda audit …`: the append-only log."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from secunda.cli.output import AsJson, print_json

if TYPE_CHECKING:
    from secunda.views.audit import ChainResult

app = typer.Typer(no_args_is_help=True)
app.callback()(lambda: None)  # so that the one command keeps its name


@app.command()
def verify(
    references: Annotated[list[str] | None, typer.Argument(metavar="[CASE]...", help="Without any, all cases.")] = None,
    replay: Annotated[bool, typer.Option("--replay", help="Also hold the tables to what the events say.")] = False,
    as_json: AsJson = False,
) -> None:
    """Recompute the hash chain of the events. Exits 1 and names case and event where a chain is broken."""
    from secunda.db import transaction
    from secunda.views.audit import verify as verified

    broken: list[ChainResult] = []
    cases = events = 0
    with transaction() as session:
        for result in verified(session, references or None, replaying=replay):
            cases, events = cases + 1, events + result.events
            broken += [] if result.is_sound else [result]
    if as_json:
        print_json({"cases": cases, "events": events, "broken": broken})
    else:
        for one in broken:
            print(*_faults(one), sep="\n")
        sound = "every chain holds" + (", and every table says what the events say" if replay else "")
        intact = sound if not broken else f"{len(broken)} broken"
        print(f"{cases} cases, {events} events: {intact}.")
    raise typer.Exit(1 if broken else 0)


def _faults(result: "ChainResult") -> Iterator[str]:
    if result.problem:
        yield f"{result.case}: event {result.sequence} {result.problem}."
    for one in result.differences:
        events, tables = one.events_say or "nothing", one.tables_say or "nothing"
        yield f"{result.case}: {one.about}: the events say {events}; the tables say {tables}."
