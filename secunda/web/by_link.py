"""The guard of experts' and patients' pages: who came in by a link and a code sees what that link is about.

The address names an assignment or a case by its random id; the cookie must belong to a visit of exactly that one.
"""

from typing import Final
from uuid import UUID

from fastapi import Request, Response
from sqlmodel import Session, col, select

from models import Case, Event
from secunda import cases, events
from secunda.db import transaction
from secunda.errors import NotFoundError
from secunda.recipients import RecipientKind
from secunda.reviews.reading import record_read
from secunda.visits.standing import Visitor, look_up
from secunda.web.security import cookie_name, cookies_are_secure

#: Where each kind of visitor's pages begin.
HOMES: Final = {
    RecipientKind.EXPERT: "/expert/{}",
    RecipientKind.PATIENT: "/patient/{}",
    RecipientKind.REQUESTER: "/requester/{}",
}


class NotInError(NotFoundError):
    """Nobody is in by the link of this page: the visit has ended, or it was another one's."""

    code = "not_in_by_link"

    def __init__(self, kind: RecipientKind, subject_id: UUID) -> None:
        super().__init__("This page opens by the link in your message.", "Open the newest link, or ask for a new one.")
        self.kind, self.subject_id = kind, subject_id


class ByLink:
    """A page for one kind of visitor: `visitor: Annotated[Visitor, Depends(ByLink(RecipientKind.…))]`."""

    def __init__(self, kind: RecipientKind) -> None:
        self.kind = kind

    def __call__(self, request: Request, subject: UUID) -> Visitor:
        found = visitor(request, self.kind, subject)
        if found is None:
            raise NotInError(self.kind, subject)
        return found


def visitor(request: Request, kind: RecipientKind, subject: UUID) -> Visitor | None:
    """Who is in with this browser, by a link about this subject; None for nobody."""
    token = request.cookies.get(cookie_of(subject), "")
    if not token:
        return None
    with transaction() as session:
        found = look_up(session, kind, subject, token)
    if found is not None:
        request.state.visitor_language = found.language
    return found


def cookie_of(subject: UUID) -> str:
    """One cookie a subject: an expert may have two cases open side by side."""
    return cookie_name(f"link-{subject.hex[:16]}")


def give_cookie(response: Response, subject: UUID, token: str) -> None:
    """Kept until the browser closes; the server decides how long it is good for."""
    response.set_cookie(cookie_of(subject), token, httponly=True, secure=cookies_are_secure(), samesite="lax", path="/")


def take_cookie(response: Response, subject: UUID) -> None:
    response.delete_cookie(cookie_of(subject), path="/", secure=cookies_are_secure(), httponly=True)


def home_of(kind: RecipientKind, subject: UUID) -> str:
    return HOMES[kind].format(subject)


def note_read(session: Session, visitor: Visitor, what: str, **which: int) -> Case:
    """That the visitor read it, as an event, once a visit; returns the case, locked."""
    case = cases.lock(session, visitor.case_id)
    said = {**which, "visit": str(visitor.visit_id)[:8]}
    known = select(Event.id).where(
        Event.case_id == case.id,
        Event.kind == events.READ,
        Event.actor == visitor.actor,
        col(Event.data).contains({"what": what, **said}),
    )
    if session.exec(known.limit(1)).first() is None:
        record_read(session, case, visitor.actor, what, **said)
    return case
