"""Numbers are written as the reader's language writes them, wherever they stand."""

import re
from datetime import timedelta
from pathlib import Path

import pytest

from pathways.spans import Span
from secunda.views.telling import told
from secunda.web.catalogues import LANGUAGES
from secunda.web.dates import duration, extent
from secunda.web.numbers import number, percent
from secunda.web.pages import environment
from tests.conftest import CHECKOUT

COMMA = sorted(set(LANGUAGES) - {"en"})
PAGES = sorted((CHECKOUT / "templates" / "web").rglob("*.j2"))


@pytest.mark.parametrize("language", COMMA)
def test_only_english_has_a_point_before_the_decimals(language: str) -> None:
    assert number(6.46, language) == "6,5" and number(6.46, "en") == "6.5"
    assert duration(timedelta(hours=3, minutes=24), language).startswith("3,4")


def test_thousands_are_told_apart() -> None:
    assert (number(100_000, "es"), number(100_000, "en"), number(7, "es")) == ("100.000", "100,000", "7")


def test_a_share_has_its_sign_as_the_language_writes_it() -> None:
    assert (percent(0.954, "es"), percent(0.954, "en")) == ("95\N{NO-BREAK SPACE}%", "95%")
    assert extent(Span.parse("80 %"), "es") == "80\N{NO-BREAK SPACE}%"
    assert "80\N{NO-BREAK SPACE}%" in told("determination_escalated", {"share": 80, "told": "payer"}, "es")


def test_what_is_not_known_is_a_dash() -> None:
    assert number(None, "es") == percent(None, "es") == "–"


def test_a_case_that_stood_still_for_hours_says_so_in_the_reader_s_numbers() -> None:
    said = {"why": "test_pending", "stopped_seconds": 12_240}
    assert "3,4 h" in told("clocks_started", said, "es") and "3.4" in told("clocks_started", said, "en")


def test_counted_words_have_their_number_so_too() -> None:
    template = environment("es").from_string("{{ ngettext('%(num)s page', '%(num)s pages', 12000) }}")
    assert template.render() == "12.000 páginas"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_no_page_rounds_or_writes_a_share_by_itself(page: Path) -> None:
    """Where a drawing needs a coordinate, it is inside an attribute."""
    shown = re.sub(r'="[^"]*"', "", page.read_text(encoding="utf-8"))
    assert not re.search(r"\|\s*round\(|\}\}\s?%|%\.\d", shown)


def test_a_clock_says_by_how_much_it_was_extended_in_the_reader_s_words() -> None:
    said = {"clock": "report", "by": "5 days", "reason": "closed"}
    assert "se prorrogó 5 días" in told("clock_extended", said, "es")
