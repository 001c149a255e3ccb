"""Every shipped pathway prints its report, in every language, from the example opinions."""

import io
import re

import pytest
from pypdf import PdfReader

from secunda.reporting.completeness import missing
from secunda.reporting.render import render
from secunda.reporting.words import Words
from tests.functional.shipped_reports import SPECIALTIES, shipped_report


@pytest.mark.parametrize("language", ["es", "en"])
@pytest.mark.parametrize("specialty", SPECIALTIES)
def test_a_shipped_pathway_prints_its_sections(specialty: str, language: str) -> None:
    content, words = shipped_report(specialty, language), Words(language, "Europe/Madrid")
    assert missing(content) == ()
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(render(content, language).pdf)).pages]
    text = re.sub(r"\s+", "", "".join(pages))
    titles = [words.local(section.title) for section in content.sections]
    assert [title for title in titles if re.sub(r"\s+", "", title) not in text] == []
    why = content.classification
    told = [words.local(one.reason) for one in why.rules] + [words.local(one.title) for one in why.flags]
    assert [one for one in told if re.sub(r"\s+", "", one) not in text] == []
    assert not re.search(r"\{\{|\}\}|\{%|%\}", " ".join(pages))


def test_every_specialty_has_an_example_to_print() -> None:
    assert len(SPECIALTIES) == 7
