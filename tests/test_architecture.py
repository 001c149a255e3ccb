"""The house: imports go one way, Prefect stays in its rooms, and the packages are ours."""

import ast
import importlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import CHECKOUT

PACKAGES = ("pathways", "models", "secunda", "tasks", "flows", "templates", "migrations")
MAY_IMPORT: dict[str, set[str]] = {
    "pathways": {"pathways"},
    "models": {"models", "pathways"},
    "secunda": {"secunda", "models", "pathways", "templates", "migrations"},
    "tasks": {"tasks", "secunda", "models", "pathways"},
    "flows": {"flows", "tasks", "secunda", "models", "pathways"},
    "templates": {"templates"},
    "migrations": {"migrations", "models", "secunda"},
}
PREFECT_ROOMS = {"secunda/parking.py", "secunda/worker.py", "secunda/launching.py", "secunda/waker.py"}
PREFECT_ROOMS |= {"secunda/reconciling.py", "secunda/ended_runs.py"}  # ask Prefect's API; start no flow
PREFECT_ROOMS |= {"secunda/lost_executions.py", "secunda/watching.py"}
PREFECT_ROOMS |= {"secunda/carrying.py", "secunda/taking.py"}  # the warm worker's own engine
PREFECT_ROOMS |= {"secunda/state_changes.py", "secunda/parked_runs.py", "secunda/waiting_cases.py"}
CLOCKS = {"secunda/clock.py"}
LARGEST = 300  # lines; most rooms are under 200


def modules() -> Iterator[tuple[str, ast.Module]]:
    for package in PACKAGES:
        for path in sorted((CHECKOUT / package).rglob("*.py")):
            yield str(path.relative_to(CHECKOUT)), ast.parse(path.read_text(encoding="utf-8"))


def imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            yield node.module


def test_imports_go_one_way() -> None:
    wrong = [
        f"{name} imports {module}"
        for name, tree in modules()
        for module in imported(tree)
        if module.split(".")[0] in PACKAGES and module.split(".")[0] not in MAY_IMPORT[name.split("/")[0]]
    ]
    assert wrong == []


def test_prefect_stays_in_its_rooms() -> None:
    rooms = [
        name
        for name, tree in modules()
        if any(module.split(".")[0] == "prefect" for module in imported(tree))
        and not name.startswith(("flows/", "tasks/"))
    ]
    assert set(rooms) <= PREFECT_ROOMS


def test_pure_rules_know_no_clock_and_no_database() -> None:
    forbidden = {"prefect", "sqlmodel", "sqlalchemy", "httpx", "requests", "time", "socket"}
    wrong = [
        f"{name} imports {module}"
        for name, tree in modules()
        for module in imported(tree)
        if name.startswith("pathways/") and module.split(".")[0] in forbidden
    ]
    assert wrong == []


def test_only_the_clock_reads_the_time() -> None:
    """`datetime.now`, `utcnow` and `today` stand in `secunda.clock` alone; Prefect's own time is parking's."""
    readers = {"now", "utcnow", "today"}
    wrong = [
        f"{name}:{node.lineno}"
        for name, tree in modules()
        if name not in CLOCKS
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in readers
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id in {"datetime", "date"}
    ]
    assert wrong == []


@pytest.mark.parametrize("package", PACKAGES)
def test_a_package_lies_in_this_checkout(package: str) -> None:
    """`flows`, `tasks` and `models` are names that others use too."""
    module = importlib.import_module(package)
    assert module.__file__ is not None
    assert Path(module.__file__).resolve().is_relative_to(CHECKOUT.resolve())


def test_rooms_are_small() -> None:
    sizes = {
        str(path.relative_to(CHECKOUT)): len(path.read_text(encoding="utf-8").splitlines())
        for package in PACKAGES
        for path in (CHECKOUT / package).rglob("*.py")
        if package != "migrations"  # a migration is written once, by Alembic
    }
    assert {name: lines for name, lines in sizes.items() if lines > LARGEST} == {}
