"""The shorter ways through WeasyPrint lead to the same file."""

from collections.abc import Iterator

import pytest
from weasyprint.css import ComputedStyle

from secunda.reporting import shortcuts
from secunda.reporting.content import ReportContent
from secunda.reporting.printing import Printer
from secunda.reporting.render import render
from tests.functional.shipped_reports import shipped_report
from tests.unit.reporting.samples import sample

REPORTS = {
    "charts": (sample("cardiology"), "es"),
    "tables": (sample("oncology"), "en"),
    "another language": (shipped_report("radiology", "es"), "de"),
}


@pytest.fixture(scope="module")
def untouched() -> Iterator[Printer]:
    printer = Printer(program="tests.functional.untouched_printer")
    yield printer
    printer.close()


@pytest.mark.parametrize(("content", "language"), REPORTS.values(), ids=REPORTS)
def test_the_file_is_the_same_to_the_byte(untouched: Printer, content: ReportContent, language: str) -> None:
    assert render(content, language) == untouched.print(content, language)


def test_the_shorter_ways_are_taken() -> None:
    """Otherwise the other test would compare WeasyPrint with itself."""
    assert shortcuts.take()
    assert ComputedStyle.__init__.__module__ == "secunda.reporting.shortcuts.styles"


def test_with_another_version_of_weasyprint_they_are_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shortcuts, "TRIED_WITH", "1.0")
    assert not shortcuts.take()
