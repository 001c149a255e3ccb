"""From the message in somebody's mailbox to the page that it leads to."""

from uuid import UUID

from playwright.sync_api import Page, expect

from models import Assignment, Case, Expert
from models.status import AssignmentStatus, CaseStatus
from secunda import cases
from secunda.db import transaction
from tests.functional.web.post import code_in, letter
from tests.integration.web.browsing import PASSWORD, code_of

MOST_TABS = 60


def expert_and_case(assignment: UUID) -> tuple[str, UUID]:
    """Whom messages about an assignment go to, and its case."""
    with transaction() as session:
        found = session.get_one(Assignment, assignment)
        return f"expert:{session.get_one(Expert, found.expert_id).code}", found.case_id


def case_of(reference: str) -> UUID:
    with transaction() as session:
        return cases.by_reference(session, reference).id


def tab_to(page: Page, place: str) -> None:
    """Press Tab until the focus is there, as somebody without a mouse does."""
    for _ in range(MOST_TABS):
        if page.locator(f"{place}:focus").count():
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the keyboard does not reach {place} on {page.url}")


def comes_in(page: Page, link: str, recipient: str, case: UUID) -> None:
    """Open the link, ask for the code, and type what the message says; with the keyboard alone."""
    page.goto(link)
    tab_to(page, "main button.primary")
    page.keyboard.press("Enter")
    page.wait_for_selector("#code")
    tab_to(page, "#code")
    page.keyboard.type(code_in(letter("access_code", recipient, case)))
    page.keyboard.press("Enter")
    expect(page.locator(".leave")).to_be_visible()


def signs_in(page: Page, email: str) -> None:
    """From the form that a page behind the sign-in leads to, with password and second factor."""
    page.fill("#email", email)
    page.fill("#password", PASSWORD)
    page.click("main button.primary")
    page.fill("#code", code_of(email))
    page.click("main button.primary")


def status_of(assignment: UUID) -> AssignmentStatus:
    with transaction() as session:
        return session.get_one(Assignment, assignment).status


def stage_of(case: UUID) -> CaseStatus:
    with transaction() as session:
        return session.get_one(Case, case).status
