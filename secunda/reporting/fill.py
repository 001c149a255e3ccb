"""From a pathway's section definitions and what the experts wrote to the sections that a report prints."""

from collections.abc import Callable, Sequence

from pathways.facts import CaseFacts
from pathways.opinion import OpinionContent, SectionContent
from pathways.rand import SectionRating, statistics
from pathways.schema import Pathway, ReportSection, SectionKind
from pathways.sections import applying
from secunda.reporting.inputs import SeatInput
from secunda.reporting.sections import (
    Band,
    ChecklistSection,
    Criterion,
    FilledSection,
    RatedItem,
    RatingsSection,
    ScoreSection,
    TableSection,
    TextSection,
)


def sections(
    pathway: Pathway, facts: CaseFacts, body: OpinionContent, seats: Sequence[SeatInput]
) -> tuple[FilledSection, ...]:
    """The pathway's sections in its order: those that somebody wrote, and those that are owed and still empty.

    A section comes from the role that owes it, else from the body, else from whoever wrote it; ratings from everyone.
    """
    owed = {section.key for section in applying(pathway, facts) if section.required}
    found = []
    for section in pathway.report.sections:
        written = _written(section, body, seats)
        if written or section.key in owed:
            found.append(FILLED[section.kind](section, written or SectionContent(), seats))
    return tuple(found)


def _written(section: ReportSection, body: OpinionContent, seats: Sequence[SeatInput]) -> SectionContent | None:
    owing = [seat.opinion for seat in seats if seat.role in section.written_by]
    for opinion in (*owing, body, *(seat.opinion for seat in seats)):
        if section.key in opinion.sections:
            return opinion.sections[section.key]
    return None


Fill = Callable[[ReportSection, SectionContent, Sequence[SeatInput]], FilledSection]


def _text(section: ReportSection, written: SectionContent, _: Sequence[SeatInput]) -> FilledSection:
    return TextSection(key=section.key, title=section.title, required=section.required, text=written.text)


def _table(section: ReportSection, written: SectionContent, _: Sequence[SeatInput]) -> FilledSection:
    """Short rows are filled up with empty cells; a row that is too long is for `completeness` to name."""
    width = len(section.columns)
    return TableSection(
        key=section.key,
        title=section.title,
        required=section.required,
        columns=section.columns,
        rows=tuple(row + ("",) * (width - len(row)) for row in written.rows),
        text=written.text,
    )


def _checklist(section: ReportSection, written: SectionContent, _: Sequence[SeatInput]) -> FilledSection:
    checks = {check.item: check for check in written.checks}
    criteria = []
    for number, title in enumerate(section.items):
        check = checks.get(number)
        criteria.append(Criterion(title=title, met=check.met, note=check.note) if check else Criterion(title=title))
    return ChecklistSection(
        key=section.key,
        title=section.title,
        required=section.required,
        criteria=tuple(criteria),
        text=written.text,
    )


def _ratings(section: ReportSection, written: SectionContent, seats: Sequence[SeatInput]) -> FilledSection:
    given = [
        SectionRating(section=section.key, item=rating.item, value=rating.value)
        for seat in seats
        if section.key in seat.opinion.sections
        for rating in seat.opinion.sections[section.key].ratings
    ]
    found = {each.item: each for each in statistics(given)}
    return RatingsSection(
        key=section.key,
        title=section.title,
        required=section.required,
        items=tuple(
            RatedItem(
                title=title,
                ratings=tuple(rating.value for rating in given if rating.item == number),
                statistics=found.get(number),
            )
            for number, title in enumerate(section.items)
        ),
        text=written.text,
    )


def _score(section: ReportSection, written: SectionContent, _: Sequence[SeatInput]) -> FilledSection:
    return ScoreSection(
        key=section.key,
        title=section.title,
        required=section.required,
        score=written.score,
        bands=tuple(Band(up_to=band.up_to, title=band.title) for band in section.bands),
        text=written.text,
    )


FILLED: dict[SectionKind, Fill] = {
    SectionKind.TEXT: _text,
    SectionKind.TABLE: _table,
    SectionKind.CHECKLIST: _checklist,
    SectionKind.RATINGS: _ratings,
    SectionKind.SCORE: _score,
}
