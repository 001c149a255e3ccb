"""The command line's frame: quick, in words, in JSON."""

import json
import subprocess
import sys
import time
from datetime import UTC, datetime
from importlib import import_module
from importlib.metadata import version
from pathlib import Path

import pytest
import typer

from secunda import logs
from secunda.cli import main, output
from secunda.cli.showing import moment
from secunda.errors import BadInputError
from secunda.views.telling import told
from tests.conftest import CHECKOUT


def secunda(*words: str, home: Path) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "secunda.cli.main", *words]
    environment = {"PATH": "/usr/bin:/bin", "SECUNDA_HOME": str(home), "SECUNDA_ENVIRONMENT": "test"}
    return subprocess.run(command, cwd=CHECKOUT, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("name", sorted(main.COMMANDS))
def test_every_command_of_the_table_can_be_asked_for_help(name: str) -> None:
    module = import_module(f"secunda.cli.{name}")
    assert hasattr(module, "app") or callable(module.command)
    assert isinstance(main.application(name), typer.Typer)


def test_asking_for_help_imports_nothing_that_is_slow(tmp_path: Path) -> None:
    code = "import sys; from secunda.cli import main; main.application(None); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=CHECKOUT, capture_output=True, text=True, check=True)
    slow = {"prefect", "sqlalchemy", "sqlmodel", "fastapi", "weasyprint", "pydicom", "alembic"}
    assert not slow & set(done.stdout.split())


def test_an_unknown_command_exits_with_2(tmp_path: Path) -> None:
    assert secunda("nonsense", home=tmp_path).returncode == 2


def test_a_database_that_is_not_running_is_said_in_one_line_with_the_remedy(tmp_path: Path) -> None:
    done = secunda("migrate", home=tmp_path)
    assert done.returncode == 1
    assert done.stderr.splitlines() == ["The database does not answer.", "  → Start it with `secunda up`."]


def test_wrong_settings_are_named_without_their_value(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    command = [sys.executable, "-m", "secunda.cli.main", "doctor"]
    environment = {"PATH": "/usr/bin:/bin", "SECUNDA_HOME": str(tmp_path), "SECUNDA_API_PORT": "hunter2"}
    done = subprocess.run(command, cwd=CHECKOUT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "SECUNDA_API_PORT" in done.stderr
    assert "hunter2" not in done.stderr


def test_a_list_among_the_settings_that_is_no_list_is_named_with_the_right_way(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "secunda.cli.main", "doctor"]
    environment = {"PATH": "/usr/bin:/bin", "SECUNDA_HOME": str(tmp_path), "SECUNDA_WEBHOOK_ALLOWED_HOSTS": "127.0.0.1"}
    done = subprocess.run(command, cwd=CHECKOUT, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr.splitlines()) == (
        2,
        [
            "SECUNDA_WEBHOOK_ALLOWED_HOSTS: This is not JSON.",
            "  → Write a list like SECUNDA_WEBHOOK_ALLOWED_HOSTS='[\"…\"]'.",
        ],
    )


@pytest.mark.parametrize("option", ["--version", "-V"])
def test_the_version_is_told(tmp_path: Path, option: str) -> None:
    done = secunda(option, home=tmp_path)
    assert (done.returncode, done.stdout) == (0, f"secunda {version('secunda')}\n")


@pytest.mark.parametrize(("columns", "widest"), [("60", 60), ("", output.WIDE), ("wide", output.WIDE)])
def test_a_table_in_a_pipe_is_as_wide_as_columns_says(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], columns: str, widest: int
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    output.print_rows([{"one": "word " * 60}], {"one": "One"}, as_json=False)
    assert widest - 6 <= max(map(len, capsys.readouterr().out.splitlines())) <= widest


def test_times_are_told_in_one_named_zone_in_columns_and_sentences(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "America/Lima")
    time.tzset()
    at = datetime(2026, 1, 5, 8, 30, tzinfo=UTC)
    said = told("right_extended", {"right": "access", "due_at": at.isoformat()}, "en")
    monkeypatch.undo()
    time.tzset()
    assert "5 Jan 2026, 09:30 CET" in said
    assert moment(at) == "2026-01-05 09:30 CET"


def test_our_own_errors_keep_place_remedy_and_exit_status(capsys: pytest.CaptureFixture[str]) -> None:
    status = main.explain(BadInputError("The bundle has no patient.", "Add one.", place="bundle.json:1:1"))
    assert status == 2
    assert capsys.readouterr().err == "bundle.json:1:1: The bundle has no patient.\n  → Add one.\n"


def test_errors_are_json_where_json_was_asked_for(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", ["secunda", "case", "launch", "--json"])
    main.explain(BadInputError("The bundle has no patient.", "Add one."))
    error = json.loads(capsys.readouterr().err)["error"]
    assert error == {"code": "bad_input", "message": "The bundle has no patient.", "remedy": "Add one.", "place": ""}


def test_an_unforeseen_error_shows_its_kind_and_keeps_its_text_to_itself(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main.explain(RuntimeError("Carmen García")) == 1
    said = capsys.readouterr().err + (home / "log" / "secunda.log").read_text()
    assert "RuntimeError" in said
    assert "Carmen" not in said


def test_a_table_leaves_out_columns_without_content(capsys: pytest.CaptureFixture[str]) -> None:
    rows = [{"case": "SO-0ABC-7XYZ", "panel": {"seats": 3}, "note": ""}]
    output.print_rows(rows, {"case": "Case", "panel.seats": "Seats", "note": "Note"}, as_json=False)
    printed = capsys.readouterr().out
    assert "Seats" in printed
    assert "3" in printed
    assert "Note" not in printed


def test_json_output_can_be_read_back(capsys: pytest.CaptureFixture[str]) -> None:
    output.print_rows([{"level": logs.WORD.pattern}], {"level": "Level"}, as_json=True)
    assert json.loads(capsys.readouterr().out) == [{"level": logs.WORD.pattern}]
