"""A pathway as a page on the terminal."""

from collections.abc import Iterable

from rich import box
from rich.markup import escape
from rich.table import Table

from pathways.loader import LoadedPathway
from pathways.schema import DocumentFormat, DocumentRequirement, Pathway, Role
from pathways.triage import UNIVERSAL_RULES
from secunda.cli.output import console
from secunda.cli.showing import DRAFT, words

Rows = Iterable[tuple[str, ...]]


def print_pathway(loaded: LoadedPathway) -> None:
    """To standard output."""
    pathway, screen = loaded.pathway, console()
    screen.print(f"[bold]{escape(pathway.title.en)}[/bold]  {pathway.version}  {loaded.hash[:12]}")
    if pathway.review.is_draft:
        screen.print(DRAFT)
    ages = pathway.eligibility.ages
    codes = ", ".join(f"{one.system} {one.code}" for one in pathway.eligibility.codes)
    screen.print(f"\nTakes patients from {ages.from_} to {ages.to} years with: {escape(codes)}")
    for title, (headings, rows) in _tables(pathway).items():
        screen.print(f"\n[bold]{title}[/bold]")
        screen.print(_table(headings, rows))


def _tables(pathway: Pathway) -> dict[str, tuple[tuple[str, ...], Rows]]:
    panel, deadlines = pathway.panel, pathway.deadlines
    roles = (*panel.roles, *filter(None, (panel.extra_reader,)))
    return {
        "Documents": (
            ("Key", "LOINC", "Title", "Obligation", "Notes"),
            [(one.key, ", ".join(one.loinc), one.title.en, one.obligation, _notes(one)) for one in pathway.documents],
        ),
        "Flags": (
            ("Key", "Title", ""),
            [(one.key, one.title.en, "red flag: emergency" if one.red_flag else "") for one in pathway.flags],
        ),
        f"Triage (otherwise {pathway.triage.default})": (
            ("Class", "When", ""),
            [(one.urgency, one.reason.en, one.key) for one in (*pathway.triage.rules, *UNIVERSAL_RULES)],
        ),
        f"Panel, adjudicated by {words(panel.adjudication)}": (
            ("Role", "Title", "Any of", "Notes"),
            [(one.key, one.title.en, ", ".join(one.subspecialties), _role(one, panel.chair)) for one in roles],
        ),
        "Deadlines": (
            ("Class", "Accept", "Opinion", "Adjudication", "Report"),
            [
                (
                    urgency,
                    *(
                        str(spans.get(urgency, "–"))
                        for spans in (deadlines.acceptance, deadlines.opinion, deadlines.adjudication, deadlines.report)
                    ),
                )
                for urgency in sorted(deadlines.report)
            ],
        ),
        "Report sections": (
            ("Key", "Title", "Kind"),
            [(one.key, one.title.en, one.kind) for one in pathway.report.sections],
        ),
    }


def _notes(one: DocumentRequirement) -> str:
    notes = [] if one.format is DocumentFormat.ANY else [words(one.format)]
    notes += [f"at most {one.maximum_age} old"] if one.maximum_age else []
    notes += ["where the case calls for it"] if one.when.strip() != "true" else []
    return ", ".join(notes)


def _role(one: Role, chair: str) -> str:
    notes = ["chair"] if one.key == chair else []
    notes += ["reads blind first"] if one.blind_first else []
    notes += [f"{one.seats} seats"] if one.seats > 1 else []
    notes += ["where the case calls for it"] if one.when.strip() != "true" else []
    return ", ".join(notes)


def _table(headings: tuple[str, ...], rows: Rows) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for heading in headings:
        table.add_column(heading, overflow="fold")
    for row in rows:
        table.add_row(*map(escape, row))
    return table
