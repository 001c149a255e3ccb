"""Drawings of a pathway: what they show, and that they are well-formed."""

from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from pathways.draw import draw, draw_svg
from pathways.draw.words import WORDS
from pathways.errors import PathwayError
from pathways.loader import load, paths
from pathways.schema import Pathway
from tests.unit.pathways.tiny import pathway

SHOWN = {
    "en": [
        "Recent laboratory results",
        "LOINC 18745-0",
        "P1: Report within",
        "Left main stenosis.",
        "Cardiologist",
        "Two thirds decide",
    ],
    "es": ["Consentimiento", "LOINC 18745-0", "P1: Informe en", "Lesión del tronco.", "Cardiología", "Deciden dos"],
}


@pytest.mark.parametrize("language", SHOWN)
def test_a_drawing_shows_documents_classes_panel_rule_and_clocks(tmp_path: Path, language: str) -> None:
    drawn = pathway(tmp_path)
    for picture in (draw(drawn, language), draw_svg(drawn, language)):
        for text in SHOWN[language]:
            assert text in picture
        for clock in ("14", "72", "10"):
            assert clock in picture


def test_an_emergency_ends_the_way_and_the_other_classes_lead_to_the_panel(tmp_path: Path) -> None:
    lines = draw(pathway(tmp_path)).splitlines()
    assert "triage --> triage_1" in lines
    assert "triage_1 --> panel" not in lines
    assert "triage_2 --> panel" in lines


def test_a_draft_says_so_and_an_approved_pathway_does_not(tmp_path: Path) -> None:
    approved = pathway(tmp_path, "version: 1.0.0", "version: 1.0.0\nreview: {clinician: Dr A, approved_on: 2026-01-02}")
    for picture in (draw, draw_svg):
        assert "not clinically approved" in picture(pathway(tmp_path))
        assert "not clinically approved" not in picture(approved)


def test_texts_cannot_break_out_of_a_drawing(tmp_path: Path) -> None:
    hostile = pathway(tmp_path, "{en: Cardiologist, es", '{en: "<script>x</script>\\"] --> end", es')
    assert "<script>" not in draw(hostile)
    assert '"] --> end' not in draw(hostile)
    assert "<script>" not in draw_svg(hostile)


def test_a_language_without_drawings_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PathwayError, match="no drawing in 'tlh'"):
        draw(pathway(tmp_path), "tlh")


@pytest.mark.parametrize("path", paths(), ids=lambda path: path.stem)
def test_every_shipped_pathway_is_drawn_within_its_page(path: Path) -> None:
    shipped: Pathway = load(path).pathway
    for language in WORDS:
        root = ET.fromstring(draw_svg(shipped, language))
        height = float(root.attrib["height"])
        assert all(float(element.attrib.get("y", 0)) < height for element in root.iter())
        assert draw(shipped, language).count("\n") > 30
