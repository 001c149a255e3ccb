"""The pathway as a Mermaid flowchart (https://mermaid.js.org/syntax/flowchart.html), for READMEs and editors."""

from collections.abc import Iterator
from itertools import groupby, pairwise

from pathways.draw.steps import Card, Say, Step, Tell, steps, untold
from pathways.draw.words import WORDS
from pathways.schema import Pathway
from pathways.vocabulary import Text, Urgency

MOST_CARDS = 6
PASSED = ("triage", "panel")
TONES = {
    "P0": "fill:#b3261e,color:#ffffff",
    "P1": "fill:#f6c344,color:#1d1d1f",
    "P2": "fill:#cfe3f7,color:#1d1d1f",
    "P3": "fill:#e3efdc,color:#1d1d1f",
    "mandatory": "stroke-width:3px",
    "recommended": "stroke-dasharray:4 3",
}


def draw(pathway: Pathway, language: str = "en", say: Say = Text.in_language, tell: Tell = untold) -> str:
    """The flowchart's text, ending in a newline. Raises PathwayError for a language that drawings do not have."""
    drawn, words = steps(pathway, language, say, tell), WORDS[language]
    draft = f" ({words['draft']})" if pathway.review.is_draft else ""
    title = say(pathway.title, language).replace('"', "'")
    lines = ["---", f'title: "{title} {pathway.version}{draft}"', "---", "flowchart TD"]
    lines += [f"request([{_quoted(words['request'])}]) --> {drawn[0].key}", *_step(drawn[0])]
    for step, following in pairwise(drawn):
        lines += [*_step(following), *_edges(step, following)]
    lines += _beside(drawn[-1])
    lines += [f"{drawn[-1].key} --> closed([{_quoted(words['closed'])}])"]
    lines += [f"classDef {tone} {style}" for tone, style in TONES.items()]
    return "\n".join(lines) + "\n"


def _step(step: Step) -> Iterator[str]:
    yield f"{step.key}[{_quoted(step.title, *step.notes)}]"
    for name, card in _cards(step):
        yield f"{name}[{_quoted(card.title, *card.drawn)}]{':::' + card.tone if card.tone in TONES else ''}"


def _edges(step: Step, following: Step) -> Iterator[str]:
    """The way passes through the cards of some steps; those of the others stand beside it."""
    if step.key not in PASSED:
        yield from _beside(step)
        yield f"{step.key} --> {following.key}"
        return
    for name, card in _cards(step):
        yield f"{step.key} --> {name}"
        if card.tone != Urgency.P0:  # an emergency is no second opinion: its way ends here
            yield f"{name} --> {following.key}"


def _beside(step: Step) -> Iterator[str]:
    return (f"{step.key} -.- {name}" for name, _ in _cards(step))


def _cards(step: Step) -> list[tuple[str, Card]]:
    return [(f"{step.key}_{number}", card) for number, card in enumerate(_few(step), start=1)]


def _few(step: Step) -> tuple[Card, ...]:
    """The step's cards, or where they would not fit beside each other one list for each tone."""
    if len(step.cards) <= MOST_CARDS:
        return step.cards
    return tuple(
        Card(title=label or step.title, lines=tuple(_in_a_line(card) for card in cards), tone=tone)
        for (tone, label), cards in groupby(step.cards, key=lambda card: (card.tone, card.label))
    )


def _in_a_line(card: Card) -> str:
    return f"{card.title} ({card.drawn[0]})" if card.drawn else card.title


def _quoted(title: str, *lines: str) -> str:
    """A label in quotes, its first line bold; characters that Mermaid reads as syntax are written as entities."""
    escaped = [_escaped(text) for text in lines]
    return '"' + "<br/>".join([f"<b>{_escaped(title)}</b>", *escaped]) + '"'


def _escaped(text: str) -> str:
    for character, entity in (("#", "#35;"), ("&", "#amp;"), ("<", "#lt;"), (">", "#gt;"), ('"', "#quot;")):
        text = text.replace(character, entity)
    return text
