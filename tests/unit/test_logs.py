"""The log says what happened and nothing about any patient."""

import ast
import json
from pathlib import Path
from typing import Any, TypeGuard

import pytest

from secunda import logs
from tasks.execution import place_of

ROOT = Path(__file__).parents[2]
LEVELS = {"info", "warning", "error", "unexpected"}


def lines(home: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (home / "log" / "secunda.log").read_text().splitlines()]


def test_known_facts_are_written_as_json(home: Path) -> None:
    logs.info("wake", case="SO-0ABC-7XYZ", result="woken", seconds=1.5)
    (line,) = lines(home)
    assert (line["event"], line["level"], line["case"], line["result"], line["seconds"]) == (
        "wake",
        "info",
        "SO-0ABC-7XYZ",
        "woken",
        1.5,
    )


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("patient", "Carmen"),  # not on the list
        ("result", "Carmen García"),  # a name has a space
        ("case", "12345678Z"),  # a national identifier is no case reference
        ("birth_date", 19520102),
        ("trace", ["secunda/cases.py:1", "Carmen García"]),
    ],
)
def test_what_is_not_on_the_list_is_withheld_and_named(home: Path, key: str, value: object) -> None:
    logs.warning("step_failed", **{key: value})
    (line,) = lines(home)
    assert line["withheld"] == [key]
    assert str(value) not in json.dumps(line)


def test_an_unforeseen_error_is_logged_with_its_place_and_without_its_text(home: Path) -> None:
    try:
        int("Carmen García")
    except ValueError as problem:
        logs.unexpected("crash", problem)
    (line,) = lines(home)
    assert line["error"] == "ValueError"
    assert "test_logs.py" in line["trace"][-1]
    assert "Carmen" not in json.dumps(line)


def test_the_place_of_a_failed_step_is_told(home: Path) -> None:
    try:
        int("Carmen García")
    except ValueError as problem:
        logs.error("step_failed", case="SO-0ABC-7XYZ", place=place_of(problem))
    (line,) = lines(home)
    assert line["place"].startswith("ValueError in unit/test_logs.py:")


def test_a_folder_that_cannot_be_written_stops_nothing(home: Path) -> None:
    (home / "log").write_text("a file where the folder should be")
    logs.info("wake", case="SO-0ABC-7XYZ")


def logged_keys() -> list[tuple[str, str]]:
    """Every keyword that our code logs, with the place."""
    found = []
    for file in [file for package in ("secunda", "tasks", "flows") for file in (ROOT / package).rglob("*.py")]:
        for call in [node for node in ast.walk(ast.parse(file.read_text())) if _logs(node)]:
            found += [(f"{file.name}:{call.lineno}", word.arg) for word in call.keywords if word.arg]
    return found


def _logs(node: ast.AST) -> TypeGuard[ast.Call]:
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return False
    return node.func.attr in LEVELS and isinstance(node.func.value, ast.Name) and node.func.value.id == "logs"


def test_every_key_that_our_code_logs_is_on_the_list() -> None:
    unknown = [place for place, key in logged_keys() if key not in {*logs.KNOWN_KEYS, *logs.COUNTED_KEYS}]
    assert not unknown
    assert logged_keys()
