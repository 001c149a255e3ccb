"""`secunda restore`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from secunda.cli.output import AsJson, print_done
from secunda.settings import settings

if TYPE_CHECKING:
    from secunda.backup import Manifest

Source = Annotated[Path, typer.Argument(metavar="FILE", help="An archive that `secunda backup` wrote.")]
Expected = Annotated[
    str, typer.Option("--sha256", metavar="HEX", help="What `secunda backup` told; other files are refused.")
]
Check = Annotated[bool, typer.Option("--check", help="Verify the archive and say what is in it; restore nothing.")]


def command(file: Source, sha256: Expected = "", check: Check = False, as_json: AsJson = False) -> None:
    """Fill an empty installation from an archive: all of it or nothing. `secunda up` must not be running here.

    Exits 1 when the event log of a case does not hold, as it did not when the archive was made.
    """
    from secunda.backup import opened, restore

    if check:
        with opened(file, sha256) as archive:
            found = archive.manifest
        print_done(found, f"The archive is whole: {_content(found)}.", as_json=as_json)
        return
    restored = restore(file, settings(), sha256)
    lines = [f"Restored: {_content(restored.manifest)}."]
    lines += [f"{one.case}: event {one.sequence} {one.problem}." for one in restored.broken]
    lines += [f"Not in the archive, because it was damaged before: {one}" for one in restored.manifest.damaged]
    lines.append("Settings and keys are in no archive: with other signing keys, older seals read as not trusted.")
    lines.append("Start with `secunda up`; every open case gets a Prefect run within a minute.")
    print_done(restored, "\n".join(lines), as_json=as_json)
    raise typer.Exit(1 if restored.broken else 0)


def _content(found: "Manifest") -> str:
    from secunda.cli.showing import moment

    return (
        f"{found.cases} cases ({found.open_cases} open), {found.events} events and {found.documents} documents "
        f"of {moment(found.made_at)}"
    )
