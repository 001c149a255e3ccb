"""Spanish that is Spanish."""

from collections.abc import Iterator

from pathways.check.subject import Subject
from pathways.errors import Problem
from pathways.placed import Node, PlacedMapping, PlacedSequence, Steps

SHORT = 3  # words; names such as "PET-CT" or "Score SYNTAX II" are alike in both languages


def translations(subject: Subject) -> Iterator[Problem]:
    """Texts whose Spanish is blank, or the English again."""
    yield from _texts(subject, (), subject.root)


def _texts(subject: Subject, steps: Steps, node: Node) -> Iterator[Problem]:
    if isinstance(node, PlacedMapping):
        if isinstance(node.get("en"), str) and isinstance(node.get("es"), str):
            yield from _text(subject, steps, node["en"].strip(), node["es"].strip())
        for key, value in node.items():
            yield from _texts(subject, (*steps, key), value)
    elif isinstance(node, PlacedSequence):
        for index, item in enumerate(node):
            yield from _texts(subject, (*steps, index), item)


def _text(subject: Subject, steps: Steps, english: str, spanish: str) -> Iterator[Problem]:
    if not spanish or not english:
        language = "Spanish" if not spanish else "English"
        yield subject.problem((*steps, "en" if spanish else "es"), f"the {language} text is blank", "write it")
    elif english == spanish and len(english.split()) > SHORT:
        yield subject.problem((*steps, "es"), "the Spanish text is the English one", "translate it")
