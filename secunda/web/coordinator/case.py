"""The page of one case: where it stands, what is there and what is missing, who reads it, what was said and done."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import Depends, Request, Response

from models import Patient
from pathways.matching import MEASURES
from secunda import clock
from secunda.case_context import CaseContext
from secunda.db import transaction
from secunda.permissions import Permission
from secunda.views.candidates import CandidateLine, candidates
from secunda.views.case_show import case_view
from secunda.views.history import HistoryLine, history
from secunda.views.reading import reading_in
from secunda.views.words import STAGES
from secunda.web.clocks import time_left
from secunda.web.coordinator import case_words, words
from secunda.web.coordinator.case_names import names_of
from secunda.web.coordinator.offers import offers
from secunda.web.coordinator.position import STATES, stations
from secunda.web.coordinator.scope import case_for
from secunda.web.pages import language_of, page
from secunda.web.patient.purposes import PURPOSES
from secunda.web.routes import web_router
from secunda.web.session import SignedIn, allowed

router = web_router()
Reader = Annotated[SignedIn, Depends(allowed(Permission.SEE_CASES))]
SHOWN_EVENTS = 25  # the newest; the rest is asked for


@router.get("/cases/{reference}")
def show(reference: str, request: Request, person: Reader, all: bool = False) -> Response:
    """Everything of one case that the reader may see."""
    language, now = language_of(request), clock.now()
    with transaction() as session:
        case = case_for(session, person, reference)
        context = CaseContext(session, case, now)
        view = case_view(context)
        patient = session.get_one(Patient, case.patient_id)
        searched: list[CandidateLine] = []
        events: list[HistoryLine] = []
        people: Mapping[str, str] = {}
        with reading_in(session) as reader:
            if person.may(Permission.SEE_PANEL):
                searched = candidates(reader, case.reference)
            if person.may(Permission.SEE_HISTORY):
                names = names_of(context, view, language)
                people = names["recipient"]
                events = history(reader, case.reference, language, names=names)[::-1]
        offered = offers(context, view, person)
        titles = {flag.key: flag.title for flag in context.pathway.flags}
    return page(
        request,
        "coordinator/case.html.j2",
        case=view,
        row=case,
        now=now,
        patient=patient,
        stations=stations(case),
        states=STATES,
        candidates=_by_role(searched),
        people=people,
        events=events if all else events[:SHOWN_EVENTS],
        more_events=0 if all else max(0, len(events) - SHOWN_EVENTS),
        words=words,
        told=case_words,
        measures={one.key: one.title for one in MEASURES},
        stages=STAGES,
        time_left=lambda due, still=False: time_left(due, now, language, stands_still=still),
        offered=offered,
        purposes={one.key: one.title for one in PURPOSES},
        was_added=request.query_params.get("added", "").isdigit(),
        flag_titles=titles,
        missing=sum(one.status == "pending" and one.obligation != "recommended" for one in view.checklist),
    )


def _by_role(found: list[CandidateLine]) -> dict[str, list[CandidateLine]]:
    """The excluded are told by their reasons; a directory of a thousand is not listed."""
    roles: dict[str, list[CandidateLine]] = {}
    for line in found:
        if line.chosen or line.score is not None or len(roles.get(line.role, ())) < 12:
            roles.setdefault(line.role, []).append(line)
    return roles
