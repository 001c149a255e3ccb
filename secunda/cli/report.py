"""`secunda report …`: the finished reports."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from secunda.cli.files import write_new
from secunda.cli.options import Actor, Reason, Reference, who
from secunda.cli.output import AsJson, print_done
from secunda.cli.showing import counted

app = typer.Typer(no_args_is_help=True)


@app.command()
def get(
    reference: Reference,
    output: Annotated[
        str | None, typer.Option("--output", "-o", metavar="FILE", help="Without it, CASE-vN.pdf here; - is stdout.")
    ] = None,
    version: Annotated[int | None, typer.Option(min=1, help="Without it, the newest.")] = None,
    as_json: AsJson = False,
) -> None:
    """Write a case's report as PDF. Its bytes are checked against the hash that was recorded when it was printed."""
    from secunda.db import transaction
    from secunda.views.reports import report_bytes

    with transaction() as session:
        report, content = report_bytes(session, reference, version)
    if output == "-":
        sys.stdout.buffer.write(content)
        return
    path = Path(output or f"{reference.strip().upper()}-v{report.version}.pdf")
    write_new(path, content)
    facts = {"path": path.resolve(), "version": report.version, "sha256": report.sha256, "pages": report.pages}
    print_done(
        facts, f"Version {report.version}, {counted(report.pages, 'page')}, is in {path.resolve()}.", as_json=as_json
    )


@app.command()
def amend(
    reference: Reference,
    reason: Reason = "",
    opinion: Annotated[
        list[str] | None,
        typer.Option("--opinion", metavar="ASSIGNMENT", help="Whose signed opinion is corrected; may be repeated."),
    ] = None,
    actor: Actor = "",
    as_json: AsJson = False,
) -> None:
    """Replace a delivered report by a new version that says why and what changed; the old one stays as it was signed.

    With --opinion, these experts correct their opinions first, and the panel is adjudicated anew.
    """
    from secunda.actions.amendment import amend as make
    from secunda.views.assignments import find
    from secunda.views.reading import reading

    with reading() as reader:
        found = [find(reader, one) for one in opinion or ()]
    replaced = make(reference, who(actor), reason, found)
    said = f"Version {replaced + 1} will replace version {replaced}."
    print_done({"replaces_version": replaced, "version": replaced + 1}, said, as_json=as_json)
