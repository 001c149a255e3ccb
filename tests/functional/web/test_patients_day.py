"""A patient's day, on a phone; and the same core without JavaScript, and for whoever asked for the second opinion."""

import re
from io import BytesIO
from typing import Any

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import Page, expect

from models.status import CaseStatus
from tests.functional.conftest import wait_until
from tests.functional.web.coming_in import case_of, comes_in, stage_of, tab_to
from tests.functional.web.conftest import System
from tests.functional.web.looking import Looks
from tests.functional.web.post import letter, link_in

pytestmark = [pytest.mark.system, pytest.mark.timeout(300), pytest.mark.xdist_group("browser")]


def a_photograph() -> dict[str, Any]:
    """As a phone's camera sends it, with where it was turned to."""
    picture = Image.new("RGB", (1200, 900), "white")
    ImageDraw.Draw(picture).text((80, 80), "Informe de alta", fill="black", font_size=60)
    file, said = BytesIO(), Image.Exif()
    said[0x0112] = 6
    picture.save(file, "JPEG", exif=said)
    return {"name": "IMG_0001.jpg", "mimeType": "image/jpeg", "buffer": file.getvalue()}


@pytest.mark.parametrize(
    ("language", "phone", "javascript"),
    [("es", True, True), ("en", False, False)],
    ids=["es phone", "en desktop without JavaScript"],
)
def test_a_patient_goes_from_the_message_to_their_rights(
    system: System, language: str, phone: bool, javascript: bool
) -> None:
    looks = Looks() if javascript else None
    case = case_of(system.world.begun[language])
    page = system.page(signed_in=False, phone=phone, javascript=javascript, language=language)
    comes_in(page, link_in(letter("consent_requested", "patient", case)), "patient", case)
    home = page.url
    if looks:
        looks.at(page)
    _consents(page, looks)
    wait_until(lambda: stage_of(case) is CaseStatus.AWAITING_DOCUMENTS, what="the case's next stage")
    _sends_a_photograph(page, home, looks)
    _asks(page, home, looks)
    _looks_around(page, home, looks)
    _opens_nothing_else(system, page)
    page.goto(home)
    page.locator(".leave button").click()
    assert page.request.get(home).status in (401, 403, 404, 410)
    assert looks is None or looks.found == []


def _consents(page: Page, looks: Looks | None) -> None:
    """Each purpose apart, with the keyboard alone; and one of them is taken back."""
    tab_to(page, "main a.primary")
    page.keyboard.press("Enter")
    page.wait_for_selector("#second_opinion")
    if looks:
        looks.at(page)
    assert page.locator("main .card").count() >= 2
    _gives(page, "second_opinion")
    page.wait_for_url(re.compile("/patient/[^/]+$"))
    page.locator(".doors a").first.press("Enter")
    _gives(page, "quality")
    expect(page.locator("#quality .badge.good")).to_be_visible()
    page.locator("#quality summary").press("Enter")
    page.locator("#quality button").press("Enter")
    expect(page.locator("#quality .badge.good")).to_have_count(0)
    expect(page.locator("#second_opinion .badge.good")).to_be_visible()


def _gives(page: Page, purpose: str) -> None:
    tab_to(page, f"#read-{purpose}")
    page.keyboard.press("Space")
    tab_to(page, f"#{purpose} button")
    page.keyboard.press("Enter")


def _sends_a_photograph(page: Page, home: str, looks: Looks | None) -> None:
    page.goto(f"{home}/documents")
    if looks:
        looks.at(page)
    one = page.locator("details:has(input[capture=environment])").first
    if one.get_attribute("open") is None:
        one.locator("summary").click()
    one.locator("input[capture=environment]").set_input_files(a_photograph())
    one.locator("button").click()
    expect(page.locator(".notice.good").first).to_be_visible()
    expect(page.locator("#here li")).to_have_count(1)
    if looks:
        looks.at(page)


def _asks(page: Page, home: str, looks: Looks | None) -> None:
    page.goto(f"{home}/questions")
    page.fill("#text", "May I <b>travel</b>?")
    page.locator("#ask button").click()
    expect(page.locator("main")).to_contain_text("May I <b>travel</b>?")
    if looks:
        looks.at(page)


def _looks_around(page: Page, home: str, looks: Looks | None) -> None:
    page.goto(f"{home}/who-looked")
    assert page.locator("main li").count() >= 1
    if looks:
        looks.at(page)
    page.goto(f"{home}/rights")
    for right in ("access", "erasure"):
        page.locator(f"#{right} button").click()
        expect(page.locator(f"#{right} .notice.good")).to_be_visible()
    if looks:
        looks.at(page)
    assert page.request.get(f"{home}/report").status == 404


def _opens_nothing_else(system: System, page: Page) -> None:
    other = system.world.report_of("es")
    for path in (
        f"/patient/{other}",
        f"/patient/{other}/report",
        f"/requester/{other}",
        f"/expert/{system.world.blind}",
    ):
        assert page.request.get(system.address + path).status in (401, 403, 404, 410)


def test_whoever_asked_sends_what_is_missing(system: System) -> None:
    looks, case = Looks(), system.world.patient
    page = system.page(signed_in=False, language="es")
    comes_in(page, link_in(letter("documents_requested", "requester", case)), "requester", case)
    looks.at(page)
    page.goto(f"{page.url}/documents")
    looks.at(page)
    assert page.locator("input[type=file]").count() >= 2
    assert looks.found == []
