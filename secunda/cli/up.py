"""`secunda up`."""

import sys

import typer

from secunda import clock, prefect_environment
from secunda.cli.output import AsJson, print_error, print_facts, print_json
from secunda.settings import settings

LABELS = {"api": "API", "prefect_dashboard": "Prefect dashboard", "database": "Database", "logs": "Logs"}


def command(as_json: AsJson = False) -> None:
    """Run all of Secunda in the foreground: database, Prefect, worker and API. Ctrl-C stops it."""
    from secunda import up
    from secunda.doctor import wrong_files
    from secunda.supervisor import Change

    def report(change: Change) -> None:
        if as_json:
            print_json({"event": "change", **vars(change)})
        else:
            detail = f"  {change.detail}" if change.detail else ""
            print(f"{clock.wall().astimezone():%H:%M:%S}  {change.name:<12} {change.state:<9}{detail}", flush=True)

    def announce(where: up.Addresses) -> None:
        if as_json:
            print_json({"event": "up", "addresses": where})
            return
        print()
        print_facts(where, LABELS, as_json=False)
        print("\nSecunda is running. Ctrl-C stops it.\n", flush=True)
        for wrong in wrong_files(using):
            print_error(wrong.what, wrong.remedy, place=wrong.name)

    using = settings()
    prefect_environment.apply(using)
    status = up.run(using, report, announce)
    if status and not as_json:
        print("Secunda could not be started.", file=sys.stderr)
    raise typer.Exit(status)
