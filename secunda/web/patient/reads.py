"""Who looked at the patient's data, in words, from the case's own log."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from fastapi import Request, Response
from sqlmodel import col, select

from models import Assignment, Event, Expert
from pathways.vocabulary import Text
from secunda import clock, events
from secunda.case_context import CaseContext
from secunda.db import transaction
from secunda.web.by_link import note_read
from secunda.web.catalogues import N_
from secunda.web.patient.guards import Patient, visitor_page
from secunda.web.routes import web_router

router = web_router(prefix="/patient/{subject}/who-looked")
MOST: Final = 500  # of the newest

WHAT: Final = {
    "case": N_("the request"),
    "document": N_("a document"),
    "documents": N_("the list of documents"),
    "opinion": N_("an opinion"),
    "preview": N_("an opinion"),
    "report": N_("the report"),
}
TEAM: Final = N_("The coordination team")
#: How an actor's name begins → who that is.
WHO: Final = {
    "patient": N_("You"),
    "requester": N_("Whoever asked for the second opinion"),
    "client": N_("Your insurer"),
    "secunda": N_("Secunda itself"),
}


@dataclass(frozen=True)
class Look:
    """One read. `role`: of an expert."""

    at: datetime
    who: str
    role: Text | None
    what: str
    number: int | None


@router.get("")
def show(request: Request, visitor: Patient) -> Response:
    """The newest first."""
    with transaction() as session:
        case = note_read(session, visitor, "case")
        context = CaseContext(session, case, clock.now())
        roles = _roles(context)
        query = select(Event).where(Event.case_id == case.id, Event.kind == events.READ)
        found = session.exec(query.order_by(col(Event.sequence).desc()).limit(MOST))
        looks = [_look(event, roles) for event in found]
    return visitor_page(request, visitor, "who_looked", looks=looks)


def _look(event: Event, roles: dict[str, Text]) -> Look:
    beginning = event.actor.partition(":")[0]
    who = N_("An expert of your case") if beginning == "expert" else WHO.get(beginning, TEAM)
    number = event.data.get("number")
    what = WHAT.get(str(event.data.get("what", "")), WHAT["case"])
    return Look(event.at, who, roles.get(event.actor), what, int(number) if number else None)


def _roles(context: CaseContext) -> dict[str, Text]:
    """`expert:<code>` → the role that they have, or had, in this case."""
    panel = context.pathway.panel
    titles = {role.key: role.title for role in (*panel.roles, *filter(None, (panel.extra_reader,)))}
    query = select(Assignment.role, Expert.code).join(Expert, col(Expert.id) == Assignment.expert_id)
    rows = context.session.exec(query.where(Assignment.case_id == context.case.id))
    return {f"expert:{code}": titles[role] for role, code in rows if role in titles}
