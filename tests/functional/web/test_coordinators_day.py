"""A coordinator's day in a real browser, on a real system: signed in by hand, without a mouse, and without JavaScript.

One system for all of it: PostgreSQL, the application under uvicorn, Chromium.
"""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from io import BytesIO
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from models.user_status import Role
from secunda.accounts.managing import user_by_email
from secunda.actions.attach import attach
from secunda.actions.consent import give_consent
from secunda.actions.experts import import_experts
from secunda.db import transaction
from secunda.demo.papers import study
from secunda.documents import Said
from secunda.postgres import EmbeddedPostgres
from secunda.web.session import open_session
from tests.conftest import CHECKOUT, a_database, use_settings
from tests.integration.surroundings import bundle, launch_case
from tests.integration.web.browsing import PASSWORD, an_account, code_of

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
AXE = CHECKOUT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PAGES = (
    "/cases?part=open",
    "/cases/{case}",
    "/launch",
    "/overview",
    "/cases/{case}/documents/1",
    "/pathways",
    "/pathways/cardiology",
    "/account",
    "/about",
)

pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine: apt-get install chromium"),
    pytest.mark.xdist_group("browser"),
]


@dataclass
class System:
    address: str
    browser: Browser
    case: str
    token: str
    script_errors: list[str] = field(default_factory=list)

    def page(self, *, javascript: bool = True, signed_in: bool = True, width: int = 1280, language: str = "en") -> Page:
        context = self.browser.new_context(
            java_script_enabled=javascript, locale=language, viewport={"width": width, "height": 900}
        )
        if signed_in:
            context.add_cookies([{"name": "secunda-session", "value": self.token, "url": self.address}])
        page = context.new_page()
        page.set_default_timeout(30_000)
        page.on("pageerror", lambda error: self.script_errors.append(str(error)))
        return page


@pytest.fixture(scope="module")
def system(postgres: EmbeddedPostgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    patch = pytest.MonkeyPatch()
    home = tmp_path_factory.mktemp("home")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    use_settings(patch, environment="test", home=home, public_url=address)
    with a_database(postgres, patch):
        case, token = _people_and_cases()
        server = subprocess.Popen(
            [sys.executable, "-m", "uvicorn", "secunda.api.app:app", "--port", str(port), "--log-level", "warning"],
            env=dict(os.environ),
        )
        try:
            _wait_for(address)
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
                yield System(address, browser, case, token)
                browser.close()
        finally:
            server.terminate()
            server.wait(30)
    patch.undo()


def _people_and_cases() -> tuple[str, str]:
    import_experts(CHECKOUT / "examples" / "experts.csv")
    case = launch_case(requester="Clínica del Mar")
    launch_case(requester="Hospital de Ponent", payer="mutua-norte")
    give_consent(case, "patient")
    attach(case, BytesIO(study("XA", date(2026, 2, 1), 4)), "requester", Said(title="Angiography", loinc="18745-0"))
    with transaction() as session:
        an_account(session, Role.COORDINATOR, "ana@example.org")
        an_account(session, Role.COORDINATOR, "berta@example.org")
    with transaction() as session:
        return case, open_session(session, user_by_email(session, "ana@example.org"), "Chromium", verified=True)


def _wait_for(address: str) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            if httpx.get(f"{address}/health/live").status_code < 500:
                return
        except httpx.HTTPError:
            time.sleep(0.2)
    raise RuntimeError("the application did not start")


def test_signing_in_with_the_keyboard_alone(system: System) -> None:
    page = system.page(signed_in=False)
    page.goto(f"{system.address}/cases")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.focus("#email")
    page.keyboard.type("berta@example.org")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_selector("#code")
    page.focus("#code")
    page.keyboard.type(code_of("berta@example.org"))
    page.keyboard.press("Enter")
    page.wait_for_selector("h1:has-text('Cases')")
    page.click("summary:has-text('Ana Puig')")
    page.click("text=Sign out")
    page.wait_for_selector("h1:has-text('Sign in')")


def test_searching_renews_the_list_in_place(system: System) -> None:
    page = system.page()
    page.goto(f"{system.address}/cases?part=open")
    assert page.locator("a.case-link").count() == 2
    page.keyboard.press("/")
    page.keyboard.type("ponent")
    expect(page.locator("a.case-link")).to_have_count(1, timeout=30_000)
    assert "search=ponent" in page.url


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_a_case_is_put_on_hold_and_resumed(system: System, javascript: bool) -> None:
    page = system.page(javascript=javascript)
    page.goto(f"{system.address}/cases/{system.case}")
    page.click("summary:has-text('Put on hold')")
    page.fill("#reason-hold", "the patient travels")
    page.click("button:has-text('Put on hold')")
    page.wait_for_selector(".badge:has-text('On hold')")
    assert page.locator("text=the patient travels").count() >= 1
    page.click("button:has-text('Resume')")
    page.wait_for_selector(".badge:has-text('On hold')", state="detached")


def test_pictures_scroll_and_change_their_window(system: System) -> None:
    page = system.page()
    page.goto(f"{system.address}/cases/{system.case}/documents/1")
    page.wait_for_selector(".picture.is-shown")
    said = page.locator("[data-told]")
    assert said.text_content().startswith("1 / 4")  # type: ignore[union-attr]
    before = said.text_content()
    page.focus(".picture-view")
    page.keyboard.press("ArrowDown")
    expect(said).to_contain_text("2 / 4", timeout=30_000)
    page.keyboard.press("w")
    assert said.text_content() != before


def test_a_case_is_launched_from_files(system: System, tmp_path: Path) -> None:
    (tmp_path / "patient.json").write_bytes(bundle("C18.7"))
    (tmp_path / "note.txt").write_text("First opinion: watch and wait.")
    page = system.page()
    page.goto(f"{system.address}/launch")
    page.set_input_files("#files", [tmp_path / "patient.json", tmp_path / "note.txt"])
    page.click("button:has-text('Continue')")
    page.wait_for_selector("text=This is what was understood")
    page.fill("#requester", "Hospital de la Vall")
    page.fill("#questions", "Which treatment first?")
    page.click("text=Keep and look again")
    page.wait_for_selector("#requester")
    page.click("button:has-text('Launch the case')")
    page.wait_for_selector("h1:has-text('SO-')")
    assert page.locator("text=Which treatment first?").count() == 1


@pytest.mark.skipif(not AXE.is_file(), reason="axe-core is not installed: make setup")
@pytest.mark.parametrize("width", [1280, 390], ids=["desktop", "phone"])
def test_nothing_keeps_people_out(system: System, width: int) -> None:
    """axe-core finds nothing on any page, and no page is wider than the screen."""
    context = system.browser.new_context(bypass_csp=True, locale="es", viewport={"width": width, "height": 844})
    context.add_cookies([{"name": "secunda-session", "value": system.token, "url": system.address}])
    page = context.new_page()
    found = []
    for path in (one.format(case=system.case) for one in (PAGES if width > 1000 else PAGES[:4])):
        page.goto(system.address + path)
        page.add_script_tag(path=AXE)
        result = page.evaluate("tags => axe.run({runOnly: tags})", WCAG)
        found += [
            f"{path}: {one['id']} {[node['html'][:90] for node in one['nodes']][:3]}" for one in result["violations"]
        ]
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found.append(f"{path} is wider than {width} pixels")
    context.close()
    assert found == []


def test_no_script_failed_on_the_way(system: System) -> None:
    assert system.script_errors == []
