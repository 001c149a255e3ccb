"""Figures of all cases: charts that are tables, so that everybody reads them."""

from collections.abc import Callable, Iterator, Mapping
from typing import Annotated, Final

from fastapi import Depends, Request, Response

from models.status import CaseStatus
from pathways.vocabulary import Specialty
from secunda import clock
from secunda.db import transaction
from secunda.errors import NotFoundError
from secunda.permissions import Permission
from secunda.views.figures import Figures, figures
from secunda.views.words import STAGES
from secunda.web.catalogues import N_, say, translations
from secunda.web.coordinator import words
from secunda.web.pages import language_of, page
from secunda.web.routes import web_router
from secunda.web.session import SignedIn, allowed
from secunda.web.tables import Cell, csv_answer

router = web_router()
#: What programmes of this kind aim at: 5 and 10 working days from the complete file, which are 7 and 14 of the
#: calendar's, and the share on time.
TARGETS = {"median_days": 7, "p95_days": 14, "on_time": 0.95}


@router.get("/overview")
def overview(
    request: Request,
    person: Annotated[SignedIn, Depends(allowed(Permission.SEE_OVERVIEW))],
) -> Response:
    """Of the last ninety days."""
    with transaction() as session:
        found = figures(session, clock.now())
    return page(
        request,
        "coordinator/overview.html.j2",
        found=found,
        words=words,
        stages={status.value: title for status, title in STAGES.items()},
        specialties={one.value: words.SPECIALTIES[one] for one in Specialty},
        targets=TARGETS,
        may_list=person.may(Permission.SEE_CASES),
    )


@router.get("/overview/{table}.csv", dependencies=[Depends(allowed(Permission.SEE_OVERVIEW))])
def export(table: str, request: Request) -> Response:
    """One of the tables, for spreadsheets."""
    if table not in TABLES:
        raise NotFoundError("There is no such table.")
    language = language_of(request)
    gettext = translations(language).gettext
    with transaction() as session:
        found = figures(session, clock.now())
    header, rows = TABLES[table]
    return csv_answer(
        f"secunda-{table}-{clock.now():%Y-%m-%d}", [gettext(one) for one in header], list(rows(found, language))
    )


def _stages(found: Figures, language: str) -> Iterator[list[Cell]]:
    for one in found.stages:
        yield [say(STAGES[CaseStatus(one.name)], language), one.count]


def _specialties(found: Figures, language: str) -> Iterator[list[Cell]]:
    for one in found.specialties:
        yield [translations(language).gettext(words.SPECIALTIES[Specialty(one.name)]), one.count]


def _turnaround(found: Figures, language: str) -> Iterator[list[Cell]]:
    for one in found.turnaround:
        name = words.SPECIALTIES[one.specialty] if one.specialty else ""
        figure = [None if value is None else round(value, 3) for value in (one.on_time, one.median_days, one.p95_days)]
        yield [translations(language).gettext(name) if name else "", one.delivered, *figure]


def _experts(found: Figures, language: str) -> Iterator[list[Cell]]:  # noqa: ARG001 - names are the same in all
    for one in found.experts:
        yield [one.code, one.name, one.load, one.capacity]


Rows = Callable[[Figures, str], Iterator[list[Cell]]]
#: Name in the address → its header, and its rows.
TABLES: Final[Mapping[str, tuple[tuple[str, ...], Rows]]] = {
    "stages": ((N_("Stage"), N_("Cases")), _stages),
    "specialties": ((N_("Specialty"), N_("Cases")), _specialties),
    "turnaround": (
        (N_("Specialty"), N_("Delivered"), N_("On time, share"), N_("Median, days"), N_("P95, days")),
        _turnaround,
    ),
    "experts": ((N_("Code"), N_("Expert"), N_("Open places"), N_("At once")), _experts),
}
