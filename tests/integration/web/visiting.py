"""Coming in by a link as a person does: open it, ask for the code, type it."""

from uuid import UUID

from sqlmodel import col, select

from models import Case, LinkVisit
from secunda.db import transaction
from secunda.links import LinkTarget, link_to
from secunda.recipients import RecipientKind
from secunda.visits.code import code_of
from secunda.web.security import cookie_name
from tests.integration.walk import Walk
from tests.integration.web.browsing import Browser


def reader() -> Browser:
    """A browser that was set to English, whatever its owner is written to in."""
    browser = Browser()
    browser.http.cookies.set(cookie_name("language"), "en")
    return browser


def link(kind: RecipientKind, subject: UUID) -> str:
    """The path of a link that leaves now."""
    return "/d/" + link_to(LinkTarget(kind, subject)).rsplit("/", 1)[1]


def newest_code(subject: UUID) -> str:
    with transaction() as session:
        query = select(LinkVisit.id).where(LinkVisit.subject_id == subject).order_by(col(LinkVisit.asked_at).desc())
        waiting = session.exec(query.where(col(LinkVisit.verified_at).is_(None))).first()
    assert waiting is not None
    return code_of(waiting)


def follow(browser: Browser, path: str, subject: UUID) -> Browser:
    """From the link to the page behind it."""
    browser.open(path)
    browser.send(f"{path}/code")
    browser.send(f"{path}/open", {"code": newest_code(subject)})
    return browser


def case_id(walk: Walk) -> UUID:
    case: Case = walk.case
    return case.id


def as_patient(walk: Walk) -> Browser:
    """The patient of a case, on their first page."""
    subject = case_id(walk)
    return follow(reader(), link(RecipientKind.PATIENT, subject), subject)


def as_expert(walk: Walk, role: str) -> Browser:
    """Whoever holds a role, on their first page."""
    subject = walk.panel[role].id
    return follow(reader(), link(RecipientKind.EXPERT, subject), subject)
