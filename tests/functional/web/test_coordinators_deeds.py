"""Everything that the case page lets a coordinator do, through the real pages, one after the other as on a real day."""

from dataclasses import replace

import pytest
from fastapi.routing import APIRoute
from playwright.sync_api import Page, expect

from models.user_status import Role
from secunda.web.coordinator import case_actions, panel_actions, paper_actions, rights_actions
from tests.functional.web.coming_in import signs_in, tab_to
from tests.functional.web.conftest import System
from tests.functional.web.deeds import DEEDS, Deed
from tests.functional.web.desk import PEOPLE, STRETCHES
from tests.functional.web.doing import does, is_seen

pytestmark = [pytest.mark.system, pytest.mark.timeout(300), pytest.mark.xdist_group("browser")]
CARLA = PEOPLE[Role.COORDINATOR]
#: Walked in test_coordinators_day.py.
ELSEWHERE = {"documents"}
HELD = Deed(
    "hold",
    ("El caso quedó en pausa. Motivo: viaja", "The case was put on hold. Reason: viaja"),
    typed={"reason": "viaja"},
    shows=(".page-head .badge", "En pausa", "On hold"),
)
RESUMED = Deed("resume", ("El caso se reanudó", "The case was resumed"), gone="form[action$='/resume']")


def test_the_table_has_every_action_of_the_case_page() -> None:
    routers = (case_actions.router, panel_actions.router, paper_actions.router, rights_actions.router)
    routes = [route for router in routers for route in router.routes if isinstance(route, APIRoute)]
    done = {deed.action for deeds in DEEDS.values() for deed in deeds}
    assert done | ELSEWHERE == {route.path.rsplit("/", 1)[1] for route in routes}


@pytest.mark.parametrize("stretch", DEEDS)
def test_what_is_done_on_the_page_of_a_case_is_seen_there(system: System, stretch: str) -> None:
    """In Spanish and English, at a desk and on a phone, by turns."""
    language, phone, _ = STRETCHES[stretch]
    address = f"{system.address}/cases/{system.world.desk.cases[stretch]}"
    page, who = None, None
    for deed in DEEDS[stretch]:
        if page is None or deed.by is not who:
            page, who = system.page(role=deed.by, language=language, phone=phone), deed.by
            page.goto(address)
        does(page, deed)
        is_seen(page, deed, language, PEOPLE[deed.by])


def test_the_core_of_the_day_goes_without_javascript(system: System) -> None:
    case = system.world.desk.cases["plain"]
    page = system.page(signed_in=False, javascript=False, phone=True, language="es")
    page.goto(f"{system.address}/cases")
    signs_in(page, CARLA)
    _finds(page, case)
    waived = next(deed for deed in DEEDS["papers"] if deed.action == "waive")
    for deed in (HELD, RESUMED, waived, DEEDS["papers"][0]):
        does(page, deed)
        is_seen(page, deed, "es", CARLA)


def _finds(page: Page, case: str) -> None:
    page.locator(".tabs a").nth(1).click()
    assert page.locator("a.case-link").count() > 1
    page.fill("#search", case)
    page.click(".filters button")
    expect(page.locator("a.case-link")).to_have_count(1)
    page.click("a.case-link")
    expect(page.locator("h1")).to_contain_text(case)


def test_a_case_is_held_and_resumed_with_the_keyboard_alone(system: System) -> None:
    page = system.page(role=Role.COORDINATOR, language="es")
    held = replace(HELD, told=("Motivo: vuelve tarde", ""))
    page.goto(f"{system.address}/cases/{system.world.desk.cases['plain']}")
    tab_to(page, "a[href='#actions']")
    page.keyboard.press("Enter")
    tab_to(page, "details:has(form[action$='/hold']) > summary")
    page.keyboard.press("Enter")
    tab_to(page, "#reason-hold")
    page.keyboard.type("vuelve tarde")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    is_seen(page, held, "es", CARLA)
    tab_to(page, "form[action$='/resume'] button")
    page.keyboard.press("Space")
    is_seen(page, RESUMED, "es", CARLA)


def test_no_script_failed_on_the_way(system: System) -> None:
    assert system.script_errors == []
