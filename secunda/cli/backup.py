"""`secunda backup`."""

from pathlib import Path
from typing import Annotated

import typer

from secunda.cli.output import AsJson, print_done
from secunda.settings import settings

Target = Annotated[Path, typer.Argument(metavar="FILE", help="A new file; nobody but you can read it.")]


def command(file: Target, as_json: AsJson = False) -> None:
    """Write the database and the documents, as they are at this moment, into one archive. Cases go on meanwhile.

    The archive is not encrypted. Exits 1 when documents were missing or altered; all the rest is in the archive then.
    """
    from secunda.backup import backup
    from secunda.cli.showing import size

    saved = backup(file, settings())
    found = saved.manifest
    told = (
        f"{saved.path}: {found.cases} cases ({found.open_cases} open), {found.events} events, "
        f"{found.documents} documents, {size(saved.size)}.\nSHA-256 {saved.sha256}"
    )
    damaged = [f"Damaged in the document store, and not in the archive: {sha256}" for sha256 in found.damaged]
    print_done(saved, "\n".join([told, *damaged]), as_json=as_json)
    raise typer.Exit(1 if found.damaged else 0)
