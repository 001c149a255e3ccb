"""`secunda report …`: the finished reports."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from secunda.cli.files import write_new
from secunda.cli.options import Reference
from secunda.cli.output import AsJson, print_done

app = typer.Typer(no_args_is_help=True)
app.callback()(lambda: None)  # so that the one command keeps its name


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
    facts = {"path": path, "version": report.version, "sha256": report.sha256, "pages": report.pages}
    print_done(facts, f"Version {report.version}, {report.pages} pages, is in {path}.", as_json=as_json)
