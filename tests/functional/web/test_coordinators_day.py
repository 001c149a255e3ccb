"""A coordinator's day in a real browser, on a real system: signed in by hand, without a mouse, and without JavaScript.

The system is that of `conftest.py`.
"""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.functional.conftest import wait_until
from tests.functional.web.conftest import System
from tests.functional.web.looking import Looks
from tests.integration.surroundings import bundle
from tests.integration.web.browsing import PASSWORD, code_of

PAGES = (
    "/cases?part=open",
    "/cases/{case}",
    "/launch",
    "/overview",
    "/cases/{case}/documents/1",
    "/cases/{disputed}/board",
    "/pathways",
    "/pathways/cardiology",
    "/account",
    "/about",
)

pytestmark = [pytest.mark.system, pytest.mark.timeout(300), pytest.mark.xdist_group("browser")]


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
    assert page.locator("a.case-link").count() > 1
    page.keyboard.press("/")
    page.keyboard.type("ponent")
    expect(page.locator("a.case-link")).to_have_count(1, timeout=30_000)
    assert "search=ponent" in page.url


def test_arrows_go_from_case_to_case(system: System) -> None:
    page = system.page()
    page.goto(f"{system.address}/cases?part=open")
    links = page.locator("a.case-link")
    page.keyboard.press("/")
    for key, place in (("ArrowDown", 0), ("ArrowDown", 1), ("ArrowUp", 0), ("End", -1)):
        page.keyboard.press(key)
        expect(links.nth(place)).to_be_focused(timeout=30_000)
    reference = links.nth(-1).inner_text()
    page.keyboard.press("Enter")
    page.wait_for_selector(f"h1:has-text('{reference}')")


def test_a_view_keeps_the_filters_that_are_shown_now(system: System) -> None:
    """Also those that were chosen after the page was loaded, and the export has them too."""
    page = system.page()
    page.goto(f"{system.address}/cases?part=open")
    page.select_option("#payer", "mutua-norte")
    expect(page.locator("a.case-link")).to_have_count(1, timeout=30_000)
    assert "payer=mutua-norte" in (page.get_attribute("a:has-text('Export as CSV')", "href") or "")
    page.click("summary:has-text('Keep this view')")
    page.fill("#view-name", "Norte")
    page.click("button:has-text('Keep')")
    page.wait_for_selector("a:has-text('★ Norte')")
    assert "payer=mutua-norte" in page.url
    page.click("button:has-text('Forget the view')")
    page.wait_for_selector("a:has-text('★ Norte')", state="detached")


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_papers_are_attached_on_the_case_s_page(system: System, tmp_path: Path, javascript: bool) -> None:
    kind = "seen" if javascript else "sent"
    (tmp_path / "letter.txt").write_text(f"The letter that was {kind}.")
    (tmp_path / "bad.exe").write_bytes(b"MZ\x90\x00" + bytes(300))
    page = system.page(javascript=javascript)
    page.goto(f"{system.address}/cases/{system.case}")
    page.click("summary:has-text('Attach documents')")
    page.set_input_files("#attach-files", tmp_path / "letter.txt")
    page.fill("#attach-source", f"Hospital {kind}")
    page.click("button:has-text('Attach')")
    page.wait_for_selector("text=The documents were added")
    page.wait_for_selector(f"td:has-text('Hospital {kind}')")
    page.click("summary:has-text('Attach documents')")
    page.set_input_files("#attach-files", tmp_path / "bad.exe")
    page.click("button:has-text('Attach')")
    page.wait_for_selector("text=The file is a Windows program.")


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
    page.fill("#questions", "Which treatment first, and why?")  # what was typed last is launched, kept or not
    page.click("button:has-text('Launch the case')")
    page.wait_for_selector("h1:has-text('SO-')")
    assert page.locator("text=Which treatment first, and why?").count() == 1


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_nothing_keeps_people_out(system: System, phone: bool) -> None:
    """axe-core finds nothing on any page, and no page is wider than the screen."""
    page, looks = system.page(phone=phone, language="es"), Looks()
    for path in PAGES[:4] if phone else PAGES:
        page.goto(system.address + path.format(case=system.case, disputed=system.world.disputed))
        looks.at(page)
    assert looks.found == []


def test_the_board_decides_where_the_experts_do_not_agree(system: System) -> None:
    """On a phone and in Spanish; the system's own worker carries the case on."""
    page, case = system.page(phone=True, language="es"), system.world.disputed
    page.goto(f"{system.address}/cases/{case}")
    page.click(f"main a[href='/cases/{case}/board']")
    looks = Looks()
    looks.at(page)
    for name, value in {"stance": "supported", "diagnosis": "confirmed", "treatment": "clarified"}.items():
        page.select_option(f"[name={name}]", value)
    page.fill("[name=reason]", "Se ha oído a los tres.")
    page.locator("form[action$='/board'] button").click()
    expect(page.locator("h1")).to_contain_text(case)
    wait_until(lambda: _has_gone_on(page, case), what="the case to go on")
    assert looks.found == []


def _has_gone_on(page: Page, case: str) -> bool:
    page.reload()
    return page.locator(f"main a[href='/cases/{case}/board']").count() == 0


def test_no_script_failed_on_the_way(system: System) -> None:
    assert system.script_errors == []
