"""One file that is PDF/A-3a and PDF/UA-1, whatever the pathway, the language and the size of the panel."""

import io
import json
import os
import subprocess
from functools import cache
from itertools import product
from pathlib import Path

import pikepdf
import pytest
from pdfua import Severity, Validator
from weasyprint import HTML

from secunda.reporting.assets import PackagedAssets
from secunda.reporting.content import ReportContent
from secunda.reporting.render import render, to_html
from secunda.reporting.words import languages
from tests.functional.pdf_structure import elements, problems
from tests.functional.shipped_reports import SPECIALTIES, shipped_report
from tests.unit.reporting.samples import long, sample

#: A path to the `outloud` program. It rests on an AGPL library, so it is never a dependency of ours.
OUTLOUD = os.environ.get("SECUNDA_TEST_OUTLOUD", "")

PANELS = (1, 3, 9)
#: Every pathway in every language, and every panel size with each of both.
MATRIX = [
    (specialty, language, PANELS[(row + column) % len(PANELS)])
    for (row, specialty), (column, language) in product(enumerate(SPECIALTIES), enumerate(languages()))
]


def with_panel(content: ReportContent, size: int) -> ReportContent:
    """The same report on a panel of `size` experts."""
    seats = [content.panel[number % len(content.panel)] for number in range(size)]
    return content.model_copy(
        update={"panel": tuple(seat.model_copy(update={"seat": number}) for number, seat in enumerate(seats, start=1))}
    )


@cache
def printed(specialty: str, language: str, size: int) -> bytes:
    written_in = language if language in {"en", "es"} else "es"
    return render(with_panel(shipped_report(specialty, written_in), size), language).pdf


@pytest.mark.parametrize(("specialty", "language", "size"), MATRIX)
def test_a_report_is_archival_and_accessible(specialty: str, language: str, size: int) -> None:
    assert problems(printed(specialty, language, size)) == []


@pytest.mark.parametrize(("specialty", "language", "size"), MATRIX[:: len(languages()) + 1])
def test_pdfua_finds_no_error(specialty: str, language: str, size: int, tmp_path: Path) -> None:
    file = tmp_path / "report.pdf"
    file.write_bytes(printed(specialty, language, size))
    found = Validator().validate(file).findings
    assert [each for each in found if each.severity in {Severity.ERROR, Severity.WARNING}] == []


def test_outloud_finds_no_error_and_no_warning(tmp_path: Path) -> None:
    if not OUTLOUD:
        pytest.skip("SECUNDA_TEST_OUTLOUD names no outloud program (AGPL: install it in an environment of its own)")
    for specialty, language, size in MATRIX:
        (tmp_path / f"{specialty}-{language}-{size}.pdf").write_bytes(printed(specialty, language, size))
    (tmp_path / "long.pdf").write_bytes(render(long(), "es").pdf)
    said = subprocess.run(
        [OUTLOUD, "--fail-on", "warning", "--json", "-", "-q", tmp_path], capture_output=True, text=True, check=False
    )
    assert said.returncode == 0, said.stdout[-2000:] + said.stderr[-2000:]


def test_the_checks_see_what_weasyprint_leaves_undone() -> None:
    page = HTML(string=to_html(sample("cardiology"), "es"), url_fetcher=PackagedAssets())
    found = " ".join(problems(page.write_pdf(pdf_variant="pdf/a-3a")))
    for wrong in ("the file claims ('3', 'A', None)", "pdfuaid is not described", "Figure stands at"):
        assert wrong in found


def test_the_checks_see_content_that_nobody_owns() -> None:
    with pikepdf.open(io.BytesIO(printed("cardiology", "es", 3))) as pdf:
        next(element for element, _ in elements(pdf) if element.S == "/P").K = pikepdf.Array()
        file = io.BytesIO()
        pdf.save(file)
    assert any("has not one owner" in found for found in problems(file.getvalue()))


def test_what_a_page_break_cuts_is_read_as_one() -> None:
    with pikepdf.open(io.BytesIO(render(long(), "es").pdf)) as pdf:
        tables = [element for element, _ in elements(pdf) if element.S == "/Table"]
        rows = [len([kid for part in table.K for kid in part.K if kid.S == "/TR"]) for table in tables]
    assert max(rows) >= 49  # 48 documents and one head, over several pages
    assert len(tables) == 7


def test_a_passage_in_another_language_says_so() -> None:
    with pikepdf.open(io.BytesIO(render(sample("cardiology"), "es").pdf)) as pdf:
        assert str(pdf.Root.Lang) == "es"
        assert {str(element.Lang) for element, _ in elements(pdf) if "/Lang" in element} == {"en"}


def test_the_tree_is_read_in_the_order_of_the_report() -> None:
    content = sample("cardiology")
    with pikepdf.open(io.BytesIO(render(content, "en").pdf)) as pdf:
        kinds = [str(element.S)[1:] for element, _ in elements(pdf)]
        titles = json.dumps([str(item.Title) for item in _outline(pdf.Root.Outlines)])
    assert kinds.index("H1") < kinds.index("H2") < kinds.index("Table") < kinds.index("Link")
    order = ["Questions and answers", "Diagnosis", "Treatment", "Findings", "Documents reviewed", "Your second opinion"]
    assert sorted(order, key=titles.index) == order


def _outline(item: pikepdf.Object) -> list[pikepdf.Object]:
    found, here = [], item.get("/First")
    while here is not None:
        found += [here, *_outline(here)]
        here = here.get("/Next")
    return found
