"""The warm child that prints reports: what it gives, what it refuses, and that losing it loses nothing."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from secunda.reporting import printing
from secunda.reporting.completeness import ReportIncompleteError
from secunda.reporting.printing import NotPrintedError, Printer
from secunda.reporting.render import render
from tests.unit.reporting.samples import long, minimal


@pytest.fixture(scope="module")
def printer() -> Iterator[Printer]:
    printer = Printer()
    printer.warm_up()
    yield printer
    printer.close()


def test_the_child_prints_what_we_would_print(printer: Printer) -> None:
    assert printer.print(minimal(), "de") == render(minimal(), "de")


def test_a_child_that_was_killed_is_replaced(printer: Printer) -> None:
    first = printer.print(minimal(), "es")
    assert printer._child is not None
    printer._child.kill()
    printer._child.wait()
    assert printer.print(minimal(), "es") == first


def test_a_child_makes_room_for_another_after_so_many_reports(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(printing, "MOST_REPORTS", 2)
    one = Printer()
    try:
        printed = [(one.pid, one.print(minimal(), "es").sha256) for _ in range(5)]
    finally:
        one.close()
    children = [child for child, _ in printed[1:]]
    assert children == [children[0], children[1], children[1], children[3]]
    assert len(set(children)) == 3
    assert len({digest for _, digest in printed}) == 1


def test_a_report_that_takes_too_long_is_given_up_and_the_next_is_printed(printer: Printer) -> None:
    printer._limit, limit = 0.05, printer._limit
    with pytest.raises(NotPrintedError, match="took too long"):
        printer.print(long(), "es")
    printer._limit = limit
    assert printer.print(minimal(), "es").pages


def test_what_is_missing_is_named_before_anything_is_printed() -> None:
    with pytest.raises(ReportIncompleteError, match="question 1 has no answer"):
        Printer().print(
            minimal().model_copy(update={"questions": (minimal().questions[0].model_copy(update={"answer": ""}),)}),
            "es",
        )


def test_a_refusal_of_the_child_is_told_with_its_remedy(printer: Printer) -> None:
    with pytest.raises(NotPrintedError, match="not printed in 'xx'"):
        printer.print(minimal(), "xx")


def test_the_child_knows_no_secret_of_ours(printer: Printer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECUNDA_SECRET_KEY", "canary-4711")
    printer.close()
    printer.warm_up()
    assert printer._child is not None
    environment = Path(f"/proc/{printer._child.pid}/environ")
    if not environment.exists():
        pytest.skip("this system has no /proc")
    assert b"canary" not in environment.read_bytes()


def test_memory_is_limited() -> None:
    program = "from secunda.reporting import printer; printer._limit(); bytearray(3 * 2**30)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert "MemoryError" in done.stderr


def test_the_child_ends_with_its_parent() -> None:
    program = (
        "from secunda.reporting import printing; printing.warm_up(); print(printing._printer._child.pid, flush=True); "
        "import os; os._exit(0)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=120)
    with pytest.raises(ProcessLookupError):
        for _ in range(600):
            os.kill(int(done.stdout), 0)
            subprocess.run(["sleep", "0.1"], check=True)
