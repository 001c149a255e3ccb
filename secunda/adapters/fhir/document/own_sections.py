"""The sections that only this pathway has, in words: tables line by line, checklists, ratings, scores."""

from collections.abc import Iterator

from secunda.adapters.fhir.document.elements import table
from secunda.reporting.content import ReportContent
from secunda.reporting.sections import (
    ChecklistSection,
    FilledSection,
    RatingsSection,
    ScoreSection,
    TableSection,
)
from secunda.reporting.words import Words

MET = {True: "met_yes", False: "met_no", None: "met_open"}


def own_sections(content: ReportContent, words: Words) -> Iterator[tuple[str, list[str]]]:
    """(title, paragraphs) of each, in the pathway's order."""
    for section in content.sections:
        yield words.local(section.title), [said for said in (_said(section, words), section.text) if said]


def _said(section: FilledSection, words: Words) -> str:
    match section:
        case TableSection():
            return table(section.rows, [words.local(column) for column in section.columns])
        case ChecklistSection():
            return table([words.local(one.title), words.text(MET[one.met]), one.note] for one in section.criteria)
        case RatingsSection():
            return table([words.local(one.title), ", ".join(map(str, one.ratings))] for one in section.items)
        case ScoreSection():
            band = words.local(section.band.title) if section.band else ""
            return table([[words.number(section.score), band]]) if section.score is not None else ""
        case _:
            return ""
