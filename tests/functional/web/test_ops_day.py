"""The day of those who run the machinery: what it says of itself, a case by its reference, Prefect's dashboard."""

import re

import pytest
from playwright.sync_api import Page, expect

from models.user_status import Role
from tests.functional.web.coming_in import signs_in, tab_to
from tests.functional.web.conftest import System
from tests.functional.web.desk import PEOPLE
from tests.functional.web.looking import Looks

pytestmark = [pytest.mark.system, pytest.mark.timeout(300), pytest.mark.xdist_group("browser")]
NIL = PEOPLE[Role.OPS]


@pytest.mark.parametrize(("language", "phone"), [("es", True), ("en", False)], ids=["es phone", "en desktop"])
def test_ops_look_after_the_machinery(system: System, language: str, phone: bool) -> None:
    page, looks = system.page(role=Role.OPS, language=language, phone=phone), Looks()
    page.goto(f"{system.address}/ops")
    expect(page.locator("#parts .badge.good")).not_to_have_count(0)
    expect(page.locator("#workers .badge.good")).to_have_count(1)
    for tab in range(page.locator(".tabs a").count()):
        page.locator(".tabs a").nth(tab).click()
        expect(page.locator(".tabs a").nth(tab)).to_have_attribute("aria-current", "page")
        if phone:
            looks.at(page)
    _finds_a_case(page, system.case)
    looks.at(page)
    assert looks.found == []
    assert page.request.get(f"{system.address}/cases/{system.case}").status == 403


def _finds_a_case(page: Page, reference: str) -> None:
    """With the keyboard alone."""
    tab_to(page, "#reference")
    page.keyboard.type(reference.lower())
    page.keyboard.press("Enter")
    expect(page.locator("h2.reference")).to_have_text(reference)
    assert "Clínica del Mar" not in page.content() and "Marcador" not in page.content()


def test_prefect_s_dashboard_opens_behind_the_same_sign_in(system: System) -> None:
    page = system.page(role=Role.OPS)
    page.goto(f"{system.address}/ops")
    page.click("a.button[href^='/ops/prefect']")
    expect(page).to_have_title(re.compile("Prefect"))
    expect(page.locator("body")).to_contain_text(re.compile("Runs"))
    for stranger in (system.page(signed_in=False), system.page()):
        answer = stranger.goto(f"{system.address}/ops/prefect/")
        assert answer is not None and "Prefect" not in stranger.title()


def test_ops_sign_in_and_find_what_waits_without_javascript(system: System) -> None:
    page = system.page(signed_in=False, javascript=False, phone=True, language="es")
    page.goto(f"{system.address}/ops/backlog")
    signs_in(page, NIL)
    expect(page.locator(".tabs a[aria-current]")).to_have_attribute("href", "/ops/backlog")
    page.fill("#reference", system.case)
    page.click(".find button")
    expect(page.locator("h2.reference")).to_have_text(system.case)
