"""The pathway as an SVG picture that needs no software but a browser: one band a step, its cards in a grid."""

import textwrap
from functools import lru_cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from pathways.draw.steps import Card, Say, Step, Tell, steps, untold
from pathways.draw.words import WORDS
from pathways.schema import Pathway
from pathways.vocabulary import Frozen, Text

# All lengths in pixels.
WIDTH, MARGIN, BAND_LEFT = 1180, 24, 250
CARD_WIDTH, GAP, COLUMNS = 292, 12, 3
LINE, PADDING = 18, 12
TITLE_LETTERS, LINE_LETTERS, NOTE_LETTERS = 33, 38, 30  # that fit on a line of its box


class Box(Frozen):
    """A card on the page; `titles` and `lines` are wrapped."""

    x: int
    y: int
    width: int
    height: int
    tone: str
    titles: tuple[str, ...]
    lines: tuple[str, ...]


class Band(Frozen):
    """A step on the page."""

    y: int
    height: int
    title: str
    notes: tuple[str, ...]
    boxes: tuple[Box, ...]


def draw_svg(pathway: Pathway, language: str = "en", say: Say = Text.in_language, tell: Tell = untold) -> str:
    """The picture as SVG 1.1 text. Raises PathwayError for a language that drawings do not have."""
    bands: list[Band] = []
    y = 96
    for step in steps(pathway, language, say, tell):
        band = _band(step, y)
        bands.append(band)
        y += band.height + 2 * GAP
    return _template().render(
        width=WIDTH,
        height=y + 2 * MARGIN,
        margin=MARGIN,
        line=LINE,
        padding=PADDING,
        band_left=BAND_LEFT,
        bands=bands,
        language=language,
        title=f"{say(pathway.title, language)} {pathway.version}",
        draft=WORDS[language]["draft"] if pathway.review.is_draft else "",
        closed=WORDS[language]["closed"],
    )


def _band(step: Step, y: int) -> Band:
    notes = tuple(line for note in step.notes for line in textwrap.wrap(note, NOTE_LETTERS))
    boxes: list[Box] = []
    top = y + PADDING
    for first in range(0, len(step.cards), COLUMNS):
        row = [
            _box(card, BAND_LEFT + column * (CARD_WIDTH + GAP), top)
            for column, card in enumerate(step.cards[first : first + COLUMNS])
        ]
        tallest = max(box.height for box in row)
        boxes += [box.model_copy(update={"height": tallest}) for box in row]
        top += tallest + GAP
    height = max(top - y, 2 * PADDING + LINE * (len(notes) + 1))
    return Band(y=y, height=height, title=step.title, notes=notes, boxes=tuple(boxes))


def _box(card: Card, x: int, y: int) -> Box:
    titles = tuple(textwrap.wrap(card.title, TITLE_LETTERS))
    told = (card.label, *card.drawn) if card.label else card.drawn
    lines = tuple(line for text in told for line in textwrap.wrap(text, LINE_LETTERS))
    height = 2 * PADDING + LINE * (len(titles) + len(lines)) - 4
    return Box(x=x, y=y, width=CARD_WIDTH, height=height, tone=card.tone, titles=titles, lines=lines)


@lru_cache(maxsize=1)
def _template() -> Template:
    folder = FileSystemLoader(Path(__file__).parent)
    environment = Environment(
        loader=folder, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.get_template("pathway.svg.j2")
