"""`secunda demo`: the whole system on a fast clock, from records to signed reports."""

import sys
from pathlib import Path
from typing import Annotated

import typer

FOLDER = Path("var/demo")


def command(
    folder: Annotated[Path, typer.Option(help="Where the reports go; it is emptied first.")] = FOLDER,
    stay: Annotated[
        bool | None, typer.Option("--stay/--leave", help="Stay up afterwards; by default on a terminal only.")
    ] = None,
) -> None:
    """Take five cases of four specialties from records to signed reports, in under three minutes."""
    from secunda.demo.run import run

    raise typer.Exit(run(folder.resolve(), stay=sys.stdin.isatty() if stay is None else stay))
