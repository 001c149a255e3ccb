"""The work list as a file for spreadsheets: what the filters in force show, all pages of it.

Cases are named by their references: no patient leaves the domain store this way.
"""

from collections.abc import Callable, Iterator
from typing import Annotated, Final

from fastapi import Depends, Request, Response

from secunda import clock, logs
from secunda.db import transaction
from secunda.permissions import Permission
from secunda.views.words import STAGES, WORDS
from secunda.views.work_list import Wanted, WorkLine, work_list
from secunda.web.catalogues import N_, say, translations
from secunda.web.coordinator import words
from secunda.web.coordinator.asking import wanted_of
from secunda.web.pages import language_of
from secunda.web.routes import web_router
from secunda.web.session import SignedIn, allowed
from secunda.web.tables import Cell, csv_answer

router = web_router()
AT_ONCE: Final = 5000  # cases a query
COLUMNS: Final = (
    N_("Case"),
    N_("Specialty"),
    N_("Urgency"),
    N_("Stage"),
    N_("Outcome"),
    N_("Who must act"),
    N_("Payer"),
    N_("Requester"),
    N_("Documents missing"),
    N_("Answers missing"),
    N_("Opinions missing"),
    N_("Messages failed"),
    N_("Launched"),
    N_("Waiting since"),
    N_("Report due"),
    N_("Answer to the payer due"),
    N_("Closed"),
)


@router.get("/cases/export.csv")
def export(request: Request, person: Annotated[SignedIn, Depends(allowed(Permission.SEE_CASES))]) -> Response:
    """Written while it is sent, so that a hundred thousand cases need no more memory than fifty."""
    wanted = wanted_of({**request.query_params, "after": ""}, person.payer)
    language = language_of(request)
    gettext = translations(language).gettext
    logs.info("work_list_exported", name=str(person.user_id), what=wanted.part.value)
    rows = (_row(line, language, gettext) for line in _all(wanted))
    return csv_answer(f"secunda-{clock.now():%Y-%m-%d}", [gettext(one) for one in COLUMNS], rows)


def _all(wanted: Wanted) -> Iterator[WorkLine]:
    now = clock.now()
    while True:
        with transaction() as session:
            found = work_list(session, wanted, now, AT_ONCE)
        yield from found.lines
        if not found.next:
            return
        wanted = wanted.going_on(found.next)


def _row(line: WorkLine, language: str, gettext: Callable[[str], str]) -> list[Cell]:
    return [
        line.reference,
        gettext(words.SPECIALTIES[line.specialty]),
        line.urgency,
        say(STAGES[line.status], language),
        say(WORDS[line.outcome.value], language) if line.outcome else None,
        gettext(words.OWNERS[line.must_act]),
        line.payer,
        line.requester,
        line.documents_missing,
        line.answers_missing,
        line.opinions_missing,
        line.messages_failed,
        line.launched_at,
        line.waiting_since,
        line.report_due_at,
        line.answer_due_at,
        line.closed_at,
    ]
