"""`secunda doctor`."""

import typer

from secunda.cli.output import AsJson, print_rows
from secunda.settings import settings

COLUMNS = {"name": "What", "ok": "In order", "what": "Found", "remedy": "What to do"}


def command(as_json: AsJson = False) -> None:
    """Check the environment and say what to do. Exits with 1 when something is wrong."""
    from secunda.doctor import check_environment

    findings = check_environment(settings())
    print_rows(findings, COLUMNS, as_json=as_json)
    raise typer.Exit(0 if all(finding.ok for finding in findings) else 1)
