"""One file that is PDF/A-3a and PDF/UA-1, whatever the pathway, the language and the size of the panel."""

import io
import json
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pikepdf
import pytest
from weasyprint import CSS, HTML

from secunda.reporting import render as rendering
from secunda.reporting.assets import PackagedAssets
from secunda.reporting.environment import TEMPLATES
from secunda.reporting.render import render, to_html
from secunda.reporting.tokens import resolved
from secunda.reporting.typeface import font_faces
from secunda.reporting.words import languages
from tests.functional import report_matrix
from tests.functional.pdf_structure import elements, problems
from tests.functional.report_layout import faults
from tests.functional.report_matrix import OUTLOUD, PANELS, SAMPLE, wrong
from tests.functional.shipped_reports import SPECIALTIES
from tests.unit.reporting.samples import long, sample

printed = cache(report_matrix.printed)


@cache
def printed_long() -> bytes:
    return render(long(), "es").pdf


@pytest.mark.parametrize(("specialty", "language", "size"), SAMPLE)
def test_a_report_is_archival_accessible_and_well_divided(
    specialty: str, language: str, size: int, tmp_path: Path
) -> None:
    """`python -m tests.functional.report_matrix` does the same for all combinations."""
    assert wrong(printed(specialty, language, size), tmp_path / "report.pdf") == []


def test_the_sample_covers_every_pathway_language_and_size() -> None:
    assert [set(values) for values in zip(*SAMPLE, strict=True)] == [set(SPECIALTIES), set(languages()), set(PANELS)]


@pytest.mark.parametrize(
    "data",
    [lambda: render(long(), "es").pdf, lambda: printed("cardiology", "en", 9)],
    ids=["long report", "nine seats"],
)
def test_a_large_report_is_so_too(data: Callable[[], bytes], tmp_path: Path) -> None:
    assert wrong(data(), tmp_path / "report.pdf") == []


def test_outloud_finds_no_error_and_no_warning(tmp_path: Path) -> None:
    if not OUTLOUD:
        pytest.skip("SECUNDA_TEST_OUTLOUD names no outloud program (AGPL: install it in an environment of its own)")
    files = [tmp_path / f"{number}.pdf" for number in range(len(SAMPLE) + 1)]
    for file, combination in zip(files, SAMPLE, strict=False):
        file.write_bytes(printed(*combination))
    files[-1].write_bytes(printed_long())
    assert report_matrix.outloud(files) == ""


def test_the_checks_see_rows_and_headings_that_a_page_break_divides(monkeypatch: pytest.MonkeyPatch) -> None:
    styles = font_faces() + resolved((TEMPLATES / "report.css").read_text(encoding="utf-8")).replace("avoid", "auto")
    careless = CSS(string=styles + "h2, h3 { break-after: auto !important }", url_fetcher=PackagedAssets())
    monkeypatch.setattr(rendering, "_styles", lambda: careless)
    found = " ".join(faults(render(long(), "es").pdf))
    assert "a row is divided" in found


def test_the_checks_see_text_beyond_the_margin(monkeypatch: pytest.MonkeyPatch) -> None:
    styles = font_faces() + resolved((TEMPLATES / "report.css").read_text(encoding="utf-8"))
    wide = CSS(string=styles + ".question { margin-left: -20mm }", url_fetcher=PackagedAssets())
    monkeypatch.setattr(rendering, "_styles", lambda: wide)
    assert "text at" in " ".join(faults(render(sample("cardiology"), "es").pdf))


def test_the_checks_see_what_weasyprint_leaves_undone() -> None:
    page = HTML(string=to_html(sample("cardiology"), "es"), url_fetcher=PackagedAssets())
    found = " ".join(problems(page.write_pdf(pdf_variant="pdf/a-3a")))
    for each in ("the file claims ('3', 'A', None)", "pdfuaid is not described", "Figure stands at"):
        assert each in found


def test_the_checks_see_content_that_nobody_owns() -> None:
    with pikepdf.open(io.BytesIO(printed("cardiology", "es", 3))) as pdf:
        next(element for element, _ in elements(pdf) if element.S == "/P").K = pikepdf.Array()
        file = io.BytesIO()
        pdf.save(file)
    assert any("has not one owner" in found for found in problems(file.getvalue()))


def test_what_a_page_break_cuts_is_read_as_one() -> None:
    with pikepdf.open(io.BytesIO(printed_long())) as pdf:
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
