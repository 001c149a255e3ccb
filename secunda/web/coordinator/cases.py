"""The work list: what needs somebody now, all that is open, what was closed."""

from typing import Annotated, Any
from urllib.parse import parse_qsl

from fastapi import Depends, Form, Request, Response
from sqlmodel import Session, col, delete, select

from models import SavedView
from models.status import CaseStatus
from secunda import clock
from secunda.db import transaction
from secunda.errors import BadInputError
from secunda.permissions import Permission
from secunda.rights import running_late
from secunda.views.words import STAGES
from secunda.views.work_list import MOST, Part, Wanted, counts, payers, work_list
from secunda.web.catalogues import say
from secunda.web.clocks import time_left
from secunda.web.coordinator import words
from secunda.web.coordinator.asking import address_of, query_of, wanted_of
from secunda.web.pages import language_of, page
from secunda.web.routes import see_other, web_router
from secunda.web.session import SignedIn, allowed

router = web_router()
Reader = Annotated[SignedIn, Depends(allowed(Permission.SEE_CASES))]
MOST_VIEWS = 20


@router.get("/cases")
def cases(request: Request, person: Reader) -> Response:
    """A page of the work list; htmx asks for the table alone."""
    wanted, now = wanted_of(request.query_params, person.payer), clock.now()
    with transaction() as session:
        found = work_list(session, wanted, now)
        values = {} if request.headers.get("HX-Request") else _around(session, person, wanted)
    language = language_of(request)
    if values:
        values["statuses"] = [(one.value, say(STAGES[one], language)) for one in STAGES if one is not CaseStatus.CLOSED]
    shown: dict[str, Any] = {
        "lines": found.lines,
        "wanted": wanted,
        "words": words,
        "stages": STAGES,
        "time_left": lambda due, still=False: time_left(due, now, language, stands_still=still),
        "next_page": address_of(wanted, after=found.next) if found.next else "",
        "first_page": address_of(wanted) if wanted.after else "",
        "query": query_of(wanted),
        "address_of": lambda **changed: address_of(wanted, **changed),
    }
    template = "coordinator/case_table.html.j2" if request.headers.get("HX-Request") else "coordinator/cases.html.j2"
    return page(request, template, **shown, **values)


@router.post("/cases/views")
def save_view(
    person: Reader, name: Annotated[str, Form(max_length=60)] = "", query: Annotated[str, Form()] = ""
) -> Response:
    """Keep the filters of the list under a name; the same name again replaces them."""
    called = name.strip()
    if not called:
        raise BadInputError("The view has no name.", "Give it one.")
    wanted = wanted_of(dict(parse_qsl(query)), person.payer)
    with transaction() as session:
        views = session.exec(select(SavedView).where(SavedView.user_id == person.user_id)).all()
        known = next((one for one in views if one.name == called), None)
        if known is None and len(views) >= MOST_VIEWS:
            raise BadInputError(f"There are {MOST_VIEWS} saved views already.", "Remove one first.")
        view = known or SavedView(user_id=person.user_id, name=called, query="", created_at=clock.wall())
        view.query = query_of(wanted)[:400]
        session.add(view)
    return see_other(address_of(wanted))


@router.post("/cases/views/remove")
def remove_view(person: Reader, name: Annotated[str, Form()] = "") -> Response:
    """Forget a saved view."""
    with transaction() as session:
        session.exec(delete(SavedView).where(col(SavedView.user_id) == person.user_id, col(SavedView.name) == name))
    return see_other("/cases")


def _around(session: Session, person: SignedIn, wanted: Wanted) -> dict[str, Any]:
    """What stands around the table; patients' requests that run late stand there for closed cases too."""
    now, rights = clock.now(), wanted.part is Part.MINE and person.may(Permission.ACT_ON_CASES)
    views = select(SavedView).where(SavedView.user_id == person.user_id).order_by(col(SavedView.name))
    return {
        "late_rights": running_late(session, now) if rights else [],
        "counts": counts(session, wanted, now),
        "most": MOST,
        "views": session.exec(views).all(),
        "payers": [] if person.payer else payers(session),
        "parts": [Part.OPEN, Part.CLOSED] if person.payer else list(Part),
    }
