"""The day of somebody who runs Secunda, in a real browser on the whole system: a case is stopped, and goes on.

It comes before the tests that kill the parts of this system.
"""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright
from sqlmodel import col, select, update

from models import Case, Message
from models.status import CaseStatus, HoldCause, IncidentKind, MessageStatus
from models.user_status import Role
from pathways.vocabulary import Specialty
from secunda import db, incidents
from secunda.accounts.managing import user_by_email
from secunda.background import Running
from secunda.db import transaction
from secunda.settings import Settings
from secunda.web.session import open_session
from tests.conftest import CHECKOUT
from tests.functional import carrying
from tests.functional.conftest import wait_until
from tests.integration.web.browsing import an_account

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
AXE = CHECKOUT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PAGES = ("/ops", "/ops/backlog", "/ops/failures", "/ops/repairs", "/ops/storage", "/ops/cases/{case}")

pytestmark = [
    pytest.mark.system,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine: apt-get install chromium"),
    pytest.mark.timeout(300),
    pytest.mark.xdist_group("up"),
]


@dataclass
class Desk:
    """A browser in which ops are signed in, and the case that the day is about."""

    address: str
    browser: Browser
    case: str
    tokens: dict[str, str]
    script_errors: list[str] = field(default_factory=list)

    def page(self, *, width: int = 1280, language: str = "en", javascript: bool = True, role: str = "ops") -> Page:
        context = self.browser.new_context(
            locale=language,
            viewport={"width": width, "height": 900},
            java_script_enabled=javascript,
            bypass_csp=False,
        )
        context.add_cookies([{"name": "secunda-session", "value": self.tokens[role], "url": self.address}])
        page = context.new_page()
        page.set_default_timeout(60_000)
        page.on("pageerror", lambda error: self._note(page.url, str(error)))
        return page

    def _note(self, address: str, error: str) -> None:
        """Prefect's own pages are not ours to mend: their graph of a run asks for what our policy refuses."""
        if "/ops/prefect/" not in address:
            self.script_errors.append(error)


@pytest.fixture(scope="module")
def desk(running: Running, using: Settings) -> Iterator[Desk]:
    db.engine.cache_clear()
    case = carrying.launch_example(Specialty.ORTHOPEDICS, requester="Markerhospital")
    wait_until(lambda: carrying.case_of(case).status is CaseStatus.AWAITING_CONSENT, what="the wait for consent")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield Desk(using.public_url, browser, case, {role: signed_in(Role(role)) for role in ("ops", "coordinator")})
        browser.close()
    db.engine().dispose()
    db.engine.cache_clear()


def signed_in(role: Role) -> str:
    with transaction() as session:
        an_account(session, role, f"{role}@example.org")
    with transaction() as session:
        return open_session(session, user_by_email(session, f"{role}@example.org"), "Chromium", verified=True)


def test_in_the_morning_all_is_well(desk: Desk) -> None:
    page = desk.page()
    page.goto(f"{desk.address}/")
    expect(page.locator("h1")).to_have_text("Operations")
    expect(page.locator("#workers .badge.good")).to_have_text("living", timeout=60_000)
    expect(page.locator(".all-well")).to_contain_text("All is well", timeout=120_000)  # the page renews itself
    assert page.locator("#parts .badge.good").count() == 6


def test_a_failed_message_leads_to_its_case(desk: Desk) -> None:
    with transaction() as session:
        case_id = session.exec(select(Case.id).where(Case.reference == desk.case)).one()
        failed = {"status": MessageStatus.FAILED, "failure": "invalid_number", "attempts": 6, "channel": "sms"}
        session.exec(update(Message).where(col(Message.case_id) == case_id).values(**failed))
    incidents.note(IncidentKind.WORKER_LOST, desk.case)
    page = desk.page(language="es")
    page.goto(f"{desk.address}/ops")
    page.click("#look-messages")
    expect(page.locator("#messages")).to_contain_text("invalid number")
    page.click(f"#messages tbody tr:first-child a:has-text('{desk.case}')")
    expect(page.locator("h2.reference")).to_have_text(desk.case)
    assert "Markerhospital" not in page.content()


def test_a_case_is_found_and_its_run_cancelled_in_the_dashboard(desk: Desk) -> None:
    """By the keyboard as far as the pages are ours; from there on in Prefect's own."""
    page = desk.page()
    page.goto(f"{desk.address}/ops")
    page.focus("#reference")
    page.keyboard.type(desk.case.lower())
    page.keyboard.press("Enter")
    expect(page.locator("h2.reference")).to_have_text(desk.case)
    page.click("a:has-text('Run in Prefect')")
    expect(page.get_by_text("Awaiting consent").first).to_be_visible(timeout=60_000)
    page.get_by_role("button", name="Cancel").click()
    page.get_by_role("dialog").get_by_role("button", name="Confirm").click()
    wait_until(lambda: carrying.case_of(desk.case).hold_cause is HoldCause.RUN_CANCELLED, what="the hold")


def test_the_cancelled_case_stands_in_the_backlog_and_goes_on_when_retried(desk: Desk) -> None:
    page = desk.page(width=390, language="es", javascript=False)
    page.goto(f"{desk.address}/ops/backlog")
    assert desk.case in (page.locator("#cancelled").text_content() or "")
    run = carrying.case_of(desk.case).flow_run_id
    retried = desk.page()
    retried.goto(f"{desk.address}/ops/prefect/runs/flow-run/{run}")
    retried.get_by_role("button", name="Retry").first.click()
    retried.get_by_role("dialog").get_by_role("button", name="Retry").click()
    wait_until(lambda: carrying.case_of(desk.case).status is CaseStatus.AWAITING_CONSENT, what="the case going on")


def test_a_coordinator_neither_opens_the_dashboard_nor_prefect_itself(desk: Desk, using: Settings) -> None:
    cookies = {"secunda-session": desk.tokens["coordinator"]}
    for path in ("/ops", "/ops/prefect/", "/ops/prefect/api/admin/version"):
        assert httpx.get(desk.address + path, cookies=cookies).status_code == 403
    direct = f"http://127.0.0.1:{using.prefect_port}/api"
    assert httpx.post(f"{direct}/flow_runs/filter", json={}).status_code == 401
    page = desk.page(role="coordinator")
    page.goto(f"{desk.address}/cases/{desk.case}")
    run = str(carrying.case_of(desk.case).flow_run_id)
    assert page.locator(f"dd:has-text('{run}')").count() == 1
    assert page.locator("a[href*='prefect'], a[href^='/ops']").count() == 0


def test_the_figures_say_the_same(desk: Desk) -> None:
    figures = httpx.get(f"{desk.address}/metrics", headers={"authorization": "Bearer a-token-of-the-tests"}).text
    assert 'secunda_workers{state="living"} 1.0' in figures
    assert 'secunda_messages_failed{channel="sms",reason="invalid_number"}' in figures
    assert desk.case not in figures


@pytest.mark.skipif(not AXE.is_file(), reason="axe-core is not installed: make setup")
@pytest.mark.parametrize(
    ("width", "language"), [(1280, "en"), (390, "es")], ids=["desktop in English", "phone in Spanish"]
)
def test_nothing_keeps_ops_out(desk: Desk, width: int, language: str) -> None:
    """axe-core finds nothing on any page, and no page is wider than the screen."""
    context = desk.browser.new_context(bypass_csp=True, locale=language, viewport={"width": width, "height": 844})
    context.add_cookies([{"name": "secunda-session", "value": desk.tokens["ops"], "url": desk.address}])
    page = context.new_page()
    found = []
    for path in (one.format(case=desk.case) for one in PAGES):
        page.goto(desk.address + path)
        page.add_script_tag(path=AXE)
        result = page.evaluate("tags => axe.run({runOnly: tags})", WCAG)
        found += [
            f"{path}: {one['id']} {[node['html'][:90] for node in one['nodes']][:3]}" for one in result["violations"]
        ]
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found.append(f"{path} is wider than {width} pixels")
    context.close()
    assert found == []


def test_no_script_failed_on_the_way(desk: Desk) -> None:
    assert desk.script_errors == []
