"""What must not happen between two pages or beside one, found in the printed file itself."""

import io
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pikepdf
from pypdfium2 import PdfDocument

from tests.functional.pdf_structure import _kids, elements

MARGIN = 60.0  # points; the page's side margins are 65
PATIENTS_PAGES = 2
_HEADINGS = {"/H1", "/H2", "/H3"}


def faults(data: bytes) -> list[str]:
    """Headings without their text, rows in two parts, text beyond the margins, a patient's part of too many pages."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        numbers = {page.objgen: number for number, page in enumerate(pdf.pages, start=1)}
        found = [*_headings(pdf, numbers), *_rows(pdf, numbers), *_patients_part(pdf, numbers)]
        titles = _titles(pdf)
    return [*found, *_beyond(data), *_order(data, titles)]


def _pages(element: Any, numbers: dict[Any, int]) -> Iterator[int]:
    """The pages that an element's content stands on, in reading order."""
    for kid in _kids(element):
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            yield from _pages(kid, numbers)
        elif "/Pg" in element:
            yield numbers[element.Pg.objgen]


def _headings(pdf: pikepdf.Pdf, numbers: dict[Any, int]) -> Iterator[str]:
    content = [
        (str(element.S), page)
        for element, parent in elements(pdf)
        if not any(isinstance(kid, pikepdf.Dictionary) and "/S" in kid for kid in _kids(element))
        for page in _pages(element, numbers)
        for element in [parent if str(parent.get("/S", "")) in _HEADINGS else element]
    ]
    for (kind, page), (_, next_page) in pairwise(content):
        if kind in _HEADINGS and next_page != page:
            yield f"a heading stands alone at the foot of page {page}"


def _rows(pdf: pikepdf.Pdf, numbers: dict[Any, int]) -> Iterator[str]:
    for element, _ in elements(pdf):
        if element.S == "/TR" and len(pages := set(_pages(element, numbers))) > 1:
            yield f"a row is divided between pages {sorted(pages)}"


def _patients_part(pdf: pikepdf.Pdf, numbers: dict[Any, int]) -> Iterator[str]:
    first = [min(_pages(element, numbers)) for element, _ in elements(pdf) if element.S == "/H2"][-1]
    if (length := len(pdf.pages) - first + 1) > PATIENTS_PAGES:
        yield f"the patient's part has {length} pages"


def _titles(pdf: pikepdf.Pdf) -> list[str]:
    """The headings as the bookmarks have them, in order."""
    found, waiting = [], [pdf.Root.Outlines.get("/First")]
    while waiting:
        item = waiting.pop()
        if item is not None:
            found.append(str(item.Title))
            waiting += [item.get("/Next"), item.get("/First")]
    return found


def _beyond(data: bytes) -> Iterator[str]:
    for number, page in enumerate(PdfDocument(data), start=1):
        text, (width, height) = page.get_textpage(), page.get_size()
        for place in range(text.count_rects()):
            left, bottom, right, top = text.get_rect(place)
            if not (MARGIN <= left <= right <= width - MARGIN and 0 <= bottom <= top <= height):
                yield f"page {number}: text at {left:.0f}–{right:.0f}"


def _order(data: bytes, titles: list[str]) -> Iterator[str]:
    """Text that is copied out comes in the order of the report."""
    text = _flat("".join(page.get_textpage().get_text_range() for page in PdfDocument(data)))
    place = 0
    for title in titles:
        found = text.find(_flat(title), place)
        if found < 0:
            yield f"the heading “{title}” is not read in its place"
        else:
            place = found + len(_flat(title))


def _flat(text: str) -> str:
    return "".join(character for character in text if not character.isspace() and character not in "-\ufffe\u00ad")
