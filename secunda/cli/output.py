"""What a command prints: a table for people, JSON for programs. Errors go to stderr in the same two ways."""

import json
import os
import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from rich.console import Console

    from pathways.errors import Problem

WIDE = 240  # letters on a line that no terminal limits
SHORT = 18  # letters that are never folded

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]


def plain(value: Any) -> Any:
    """`value` with nothing but what JSON knows: dataclasses and models become objects, times ISO 8601."""
    from pydantic_core import to_jsonable_python

    return to_jsonable_python(value)


def print_json(value: Any) -> None:
    """One JSON document on one line, so that several can follow each other."""
    print(json.dumps(plain(value), ensure_ascii=False), flush=True)


def print_rows(rows: Sequence[Any], columns: Mapping[str, str], *, as_json: bool, empty: str = "Nothing.") -> None:
    """A list of dataclasses, models or mappings. `columns`: key → heading; a dot leads into an object.

    A column in which nothing stands is left out.
    """
    if as_json:
        print_json(rows)
    elif not rows:
        print(empty)
    else:
        cells = {heading: [_cell(plain(row), key) for row in rows] for key, heading in columns.items()}
        filled = {heading: column for heading, column in cells.items() if any(column)}
        _print_table([list(row) for row in zip(*filled.values(), strict=True)], list(filled))


def print_facts(facts: Any, labels: Mapping[str, str], *, as_json: bool) -> None:
    """One object, a line for each labelled key."""
    if as_json:
        print_json(facts)
    else:
        _print_table([[label, _cell(plain(facts), key)] for key, label in labels.items()], None)


def print_done(facts: Any, sentence: str, *, as_json: bool) -> None:
    """What was done: the facts for programs, a sentence for people."""
    if as_json:
        print_json(facts)
    else:
        print(sentence)


def print_warning(line: str) -> None:
    """To stderr, beside what the command says; nothing for an empty one."""
    if line:
        print(line, file=sys.stderr)


def print_error(message: str, remedy: str = "", *, place: str = "", code: str = "error") -> None:
    """To stderr; JSON when the command line asked for it."""
    if "--json" in sys.argv:
        error = {"code": code, "message": message, "remedy": remedy, "place": place}
        print(json.dumps({"error": error}, ensure_ascii=False), file=sys.stderr)
        return
    where = f"{place}: " if place else ""
    print(f"{where}{message}", file=sys.stderr)
    if remedy:
        print(f"  → {remedy}", file=sys.stderr)


def print_problems(problems: Sequence["Problem"], *, code: str) -> None:
    """Everything that is wrong in a file: two lines each, or one JSON error that has them all."""
    if "--json" not in sys.argv:
        for problem in problems:
            print_error(problem.what, problem.remedy, place=problem.place)
        return
    listed = [{"message": one.what, "remedy": one.remedy, "place": one.place} for one in problems]
    print(json.dumps({"error": {"code": code, **listed[0], "problems": listed}}, ensure_ascii=False), file=sys.stderr)


def print_findings(found: Sequence["Problem"], checked: int, noun: str, *, as_json: bool) -> int:
    """What a check of files found, to standard output; returns the exit status: 1 on problems."""
    if as_json:
        print_json([{"place": one.place, "what": one.what, "remedy": one.remedy} for one in found])
    elif found:
        for one in found:
            print(one)
    else:
        print(f"{checked} {noun}{'s' if checked != 1 else ''}: nothing is wrong.")
    return 1 if found else 0


def console() -> "Console":
    """Standard output; as wide as it takes where neither a terminal nor COLUMNS limits it: `grep` finds whole lines."""
    from rich.console import Console

    limited = sys.stdout.isatty() or os.environ.get("COLUMNS", "").isdigit()
    return Console(highlight=False, width=None if limited else WIDE)


def _cell(row: Any, key: str) -> str:
    for part in key.split("."):
        row = row.get(part) if isinstance(row, dict) else None
    if row is None:
        return ""
    if isinstance(row, bool):
        return "yes" if row else "no"
    return ", ".join(str(part) for part in row) if isinstance(row, list) else str(row)


def _print_table(rows: list[list[str]], headings: list[str] | None) -> None:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD if headings else None, show_header=headings is not None, pad_edge=False)
    for heading, column in zip(headings or [""] * len(rows[0]), zip(*rows, strict=True), strict=True):
        table.add_column(heading, overflow="fold", no_wrap=max(map(len, column)) <= SHORT)
    for row in rows:
        table.add_row(*[Text(cell) for cell in row])
    console().print(table)
