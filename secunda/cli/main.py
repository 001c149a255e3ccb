"""The `secunda` command. A command's module is imported only when that command is called, so that each is quick."""

import os
import re
import sys
from importlib import import_module
from importlib.metadata import version
from typing import Annotated, Any

import typer
from typer.exceptions import TyperException

from pathways.errors import PathwayError, PathwayFileError
from secunda.cli.output import print_error, print_problems
from secunda.errors import SecundaError

# Each line is a command: its module is secunda/cli/<name>.py and offers either `command` (one function) or `app`
# (a typer.Typer with commands of its own).
COMMANDS: dict[str, str] = {
    "case": "Cases: launch, list, show, and everything that people do to one.",
    "assignment": "Experts' places on panels: offers, answers, candidates.",
    "opinion": "Opinions: write, save, sign.",
    "adjudication": "What a board decided.",
    "report": "The finished reports.",
    "verify": "Check a report: intact or altered, by whom signed, current or superseded.",
    "expert": "The directory of experts.",
    "user": "Accounts of those who work here: add, list, disable, reset.",
    "client": "Systems of insurers that may call the API, and their credentials.",
    "message": "The outbox: what was said to whom.",
    "right": "What patients ask for by law: list it, answer it.",
    "review": "Reviews that payers asked for: list, show, import a file.",
    "payer": "Payers' own files: list, check, what they mandate.",
    "webhook": "Where payers' systems are told, and what became of it.",
    "pathway": "The pathway files: list, show, check, draw.",
    "audit": "Verify the append-only log.",
    "reconcile": "Bring Prefect's runs in line with the cases, once.",
    "up": "Run all of Secunda in the foreground.",
    "demo": "Take real cases from records to signed reports on a fast clock.",
    "doctor": "Check the environment and say what to do.",
    "backup": "Write database and documents into one archive.",
    "restore": "Fill an empty installation from an archive.",
    "migrate": "Bring the database's tables to this version.",
    "deploy": "Create the work pool and the deployments of prefect.yaml.",
}

# What other libraries raise when something is not running: (module, class) → message, remedy.
FORESEEN: dict[tuple[str, str], tuple[str, str]] = {
    ("sqlalchemy.exc", "OperationalError"): ("The database does not answer.", "Start it with `secunda up`."),
    ("psycopg", "OperationalError"): ("The database does not answer.", "Start it with `secunda up`."),
    ("sqlalchemy.exc", "ProgrammingError"): (
        "The database has not the tables of this version.",
        "Run `secunda migrate`.",
    ),
    ("psycopg", "ProgrammingError"): ("The database has not the tables of this version.", "Run `secunda migrate`."),
    ("httpx", "ConnectError"): ("Prefect does not answer.", "Start it with `secunda up`."),
}

#: pydantic-settings on a list or an object that cannot be read; it tells the field's name in no other way.
UNREADABLE = re.compile(r'error parsing value for field "(\w+)"')


def _stub(name: str, text: str) -> Any:
    def later() -> None:
        raise AssertionError(name)

    later.__doc__ = text
    return later


def _tell_version(asked: bool) -> None:
    if asked:
        print(f"secunda {version('secunda')}")
        raise typer.Exit


def _before_any_command(
    version: Annotated[
        bool, typer.Option("--version", "-V", callback=_tell_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """What every command has in common."""


def application(asked: str | None) -> typer.Typer:
    """The command line with the `asked` command imported and all others as their line of help."""
    app = typer.Typer(
        help="Secunda runs second-opinion care pathways.",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
    )
    app.callback()(_before_any_command)
    for name, text in COMMANDS.items():
        if name != asked:
            app.command(name, help=text)(_stub(name, text))
            continue
        module = import_module(f"secunda.cli.{name}")
        if hasattr(module, "app"):
            app.add_typer(module.app, name=name, help=text)
        else:
            app.command(name, help=module.command.__doc__ or text)(module.command)
    return app


def explain(error: Exception) -> int:
    """Say what went wrong and what to do; returns the exit status."""
    if isinstance(error, PathwayFileError):
        print_problems(error.problems, code=error.code)
        return error.exit_status
    if isinstance(error, SecundaError | PathwayError):
        print_error(error.message, error.remedy, place=error.place, code=error.code)
        return error.exit_status
    if type(error).__name__ == "ValidationError" and getattr(error, "title", "") == "Settings":
        for problem in error.errors(include_input=False, include_url=False):  # type: ignore[attr-defined]
            name = "_".join(str(part) for part in problem["loc"]).upper()
            print_error(
                problem["msg"].removeprefix("Value error, "),
                "See docs/settings.md.",
                place=f"SECUNDA_{name}" if name else "",
                code="settings",
            )
        return 2
    if type(error).__name__ == "SettingsError" and (field := UNREADABLE.search(str(error))):
        name = f"SECUNDA_{field[1].upper()}"
        print_error("This is not JSON.", f"Write a list like {name}='[\"…\"]'.", place=name, code="settings")
        return 2
    for kind in type(error).__mro__:
        if foreseen := FORESEEN.get((kind.__module__, kind.__name__)):
            print_error(*foreseen, code="unavailable")
            return 1
    return _unexpected(error)


def _explain_usage(error: TyperException) -> int:
    """A command line that cannot be understood: typer's own words, or JSON where that was asked for."""
    if "--json" in sys.argv:
        print_error(error.format_message(), "See `--help`.", code="usage")
    else:
        getattr(error, "show", lambda: print(error, file=sys.stderr))()
    return error.exit_code


def _unexpected(error: Exception) -> int:
    from secunda import logs
    from secunda.settings import settings

    logs.unexpected("command_failed", error)
    log = settings().log_folder / "secunda.log"
    print_error(f"Something went wrong that nobody foresaw: {type(error).__name__}.", f"See the end of {log}.")
    return 1


def _asked() -> str | None:
    """The command on the command line, or on the one that a shell is completing (it stands in its environment)."""
    completing = (os.environ.get("_TYPER_COMPLETE_ARGS") or os.environ.get("COMP_WORDS", "")).split()[1:]
    return next((word for word in sys.argv[1:] or completing if not word.startswith("-")), None)


def main() -> None:
    """The console script: runs the command and exits with its status."""
    try:
        sys.exit(application(_asked())(standalone_mode=False))
    except TyperException as error:
        sys.exit(_explain_usage(error))
    except (KeyboardInterrupt, typer.Abort):
        sys.exit(130)
    except Exception as error:  # noqa: BLE001 - the last line of defence: no traceback reaches a person
        sys.exit(explain(error))


if __name__ == "__main__":
    main()
