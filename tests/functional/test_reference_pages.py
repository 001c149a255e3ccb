"""Rendered pages beside pictures that somebody looked at: the layout changes only when it is meant to.

After a change that is meant, look at the new pages and write the pictures anew: run with SECUNDA_WRITE_REFERENCES=1.
"""

import os
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageStat
from pypdfium2 import PdfDocument

from secunda.reporting.render import render
from tests.unit.reporting.samples import minimal, sample

FOLDER = Path(__file__).parent / "reference_pages"
SCALE = 0.5  # of a point: a page is 298 by 421 pixels
#: Mean difference of a pixel, of 255: another rasteriser or font version stays below, a moved paragraph does not.
TOLERANCE = 2.0

PAGES = {
    "first": ("cardiology", 0),
    "tables": ("oncology", 2),
    "charts": ("cardiology", 2),
    "patient": ("orthopedics", -1),
}


def pictured(name: str) -> Image.Image:
    specialty, number = PAGES[name]
    document = PdfDocument(render(sample(specialty), "es").pdf)
    page = document[number % len(document)]
    picture: Image.Image = page.render(scale=SCALE).to_pil().convert("L")
    return picture


@pytest.mark.parametrize("name", PAGES)
def test_a_page_looks_as_it_did_when_somebody_looked_at_it(name: str, tmp_path: Path) -> None:
    here, file = pictured(name), FOLDER / f"{name}.png"
    if os.environ.get("SECUNDA_WRITE_REFERENCES"):
        file.parent.mkdir(exist_ok=True)
        here.quantize(16).save(file, optimize=True)
    there = Image.open(file).convert("L")
    assert here.size == there.size
    difference = ImageStat.Stat(ImageChops.difference(here, there)).mean[0]
    assert difference < TOLERANCE, f"{name}: {difference:.2f}"


def test_the_comparison_sees_a_paragraph_that_moved() -> None:
    there = Image.open(FOLDER / "first.png").convert("L")
    moved = ImageChops.offset(there, 0, 6)
    assert ImageStat.Stat(ImageChops.difference(moved, there)).mean[0] > TOLERANCE


def test_every_page_is_grey_enough_to_be_copied_and_leaves_room_for_a_staple() -> None:
    for content in (minimal(), sample("cardiology")):
        for page in PdfDocument(render(content, "en").pdf):
            grey = page.render(scale=SCALE).to_pil().convert("L")
            assert grey.crop((0, 0, 28, 28)).getextrema() == (255, 255)  # 20 mm at the corner
            assert grey.getextrema()[0] < 128  # the ink is dark without its colour
