"""The pathway's own report sections: who owes which, and whether what is written has the section's shape."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

from pathways import rules
from pathways.facts import CaseFacts
from pathways.gaps import Gap, gap
from pathways.opinion import SectionContent
from pathways.schema import Pathway, ReportSection, SectionKind
from pathways.vocabulary import Slug, Text

UNKNOWN = Text(en="This pathway has no section {key}.", es="Esta vía no tiene la sección {key}.")
MISSING = Text(en="The section “{title}” is missing.", es="Falta la sección «{title}».")
WRONG_KIND = Text(en="The section “{title}” does not take {field}.", es="La sección «{title}» no admite {field}.")
ROW_WIDTH = Text(
    en="Row {row} of “{title}” has {cells} cells; there are {columns} columns.",
    es="La fila {row} de «{title}» tiene {cells} celdas; hay {columns} columnas.",
)
EMPTY_ROW = Text(en="Row {row} of “{title}” is empty.", es="La fila {row} de «{title}» está vacía.")
NO_ITEM = Text(en="“{title}” has no item {item}.", es="«{title}» no tiene el elemento {item}.")
ITEM_TWICE = Text(en="“{title}” has item {item} twice.", es="«{title}» tiene dos veces el elemento {item}.")
NOT_RATED = Text(en="“{title}”: item {item} is not rated.", es="«{title}»: el elemento {item} no está puntuado.")
SCORE_BEYOND = Text(
    en="The score of “{title}” is above {most}, the end of its scale.",
    es="La puntuación de «{title}» supera {most}, el final de su escala.",
)

#: The fields of SectionContent that a kind takes besides prose, which may accompany any of them.
FIELD: dict[SectionKind, str] = {
    SectionKind.TEXT: "text",
    SectionKind.TABLE: "rows",
    SectionKind.CHECKLIST: "checks",
    SectionKind.RATINGS: "ratings",
    SectionKind.SCORE: "score",
}


def applying(pathway: Pathway, facts: CaseFacts) -> tuple[ReportSection, ...]:
    """The sections that this case's report has."""
    return tuple(section for section in pathway.report.sections if rules.holds(section.when, facts))


def owed(pathway: Pathway, role: Slug, seats: Collection[Slug], facts: CaseFacts) -> tuple[ReportSection, ...]:
    """The required sections that an expert of this role must write, on a panel of these roles."""
    chair = pathway.panel.chair
    return tuple(
        section for section in applying(pathway, facts) if section.required and role in _writers(section, chair, seats)
    )


def _writers(section: ReportSection, chair: Slug, seats: Collection[Slug]) -> Collection[Slug]:
    named = [role for role in section.written_by if role in seats]
    if named or section.kind is SectionKind.RATINGS:
        return named or seats
    return (chair,) if chair in seats else seats


def gaps(
    written: Mapping[Slug, SectionContent], defined: Sequence[ReportSection], owed_here: Collection[ReportSection]
) -> Iterator[Gap]:
    """What the sections lack: the owed ones must be there, and every one that is there must have its shape."""
    for key in written.keys() - {section.key for section in defined}:
        yield gap(f"/sections/{key}", UNKNOWN, key=key)
    for section in defined:
        content = written.get(section.key, SectionContent())
        found = [*_foreign(section, content), *SHAPES[section.kind](section, content)]
        if found:
            yield from found
        elif section in owed_here and not _is_filled(section, content):
            yield _gap(section, "", MISSING)


def _is_filled(section: ReportSection, content: SectionContent) -> bool:
    value = getattr(content, FIELD[section.kind])
    return value is not None if section.kind is SectionKind.SCORE else bool(value)


def _foreign(section: ReportSection, content: SectionContent) -> Iterator[Gap]:
    for field in content.model_dump(exclude_defaults=True):
        if field not in ("text", FIELD[section.kind]):
            yield _gap(section, f"/{field}", WRONG_KIND, field=field)


def _prose(*_: object) -> Iterator[Gap]:
    return iter(())


def _table(section: ReportSection, content: SectionContent) -> Iterator[Gap]:
    columns = len(section.columns)
    for index, row in enumerate(content.rows):
        if len(row) != columns:
            yield _gap(section, f"/rows/{index}", ROW_WIDTH, row=index + 1, cells=len(row), columns=columns)
        elif not any(cell.strip() for cell in row):
            yield _gap(section, f"/rows/{index}", EMPTY_ROW, row=index + 1)


def _checklist(section: ReportSection, content: SectionContent) -> Iterator[Gap]:
    return _items(section, "checks", [check.item for check in content.checks])


def _ratings(section: ReportSection, content: SectionContent) -> Iterator[Gap]:
    """Once an expert rates, they rate every item: a panel's median over a part of it would mislead."""
    rated = [rating.item for rating in content.ratings]
    yield from _items(section, "ratings", rated)
    for item in range(len(section.items)):
        if rated and item not in rated:
            yield _gap(section, "/ratings", NOT_RATED, item=item + 1)


def _items(section: ReportSection, field: str, items: Sequence[int]) -> Iterator[Gap]:
    for index, item in enumerate(items):
        if item >= len(section.items):
            yield _gap(section, f"/{field}/{index}/item", NO_ITEM, item=item + 1)
        elif item in items[:index]:
            yield _gap(section, f"/{field}/{index}/item", ITEM_TWICE, item=item + 1)


def _score(section: ReportSection, content: SectionContent) -> Iterator[Gap]:
    most = section.bands[-1].up_to if section.bands else None
    if most is not None and content.score is not None and content.score > most:
        yield _gap(section, "/score", SCORE_BEYOND, most=f"{most:g}")


SHAPES: dict[SectionKind, Callable[[ReportSection, SectionContent], Iterator[Gap]]] = {
    SectionKind.TEXT: _prose,
    SectionKind.TABLE: _table,
    SectionKind.CHECKLIST: _checklist,
    SectionKind.RATINGS: _ratings,
    SectionKind.SCORE: _score,
}


def _gap(section: ReportSection, place: str, message: Text, **named: object) -> Gap:
    en = message.en.format(title=section.title.en, **named)
    es = message.es.format(title=section.title.es, **named)
    return Gap(place=f"/sections/{section.key}{place}", message=Text(en=en, es=es))
