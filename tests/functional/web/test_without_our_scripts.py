"""What somebody sees whom our scripts do not reach: axe-core finds nothing there either, whatever is folded together.

axe-core is a script itself, so the browser runs scripts here, but gets none of ours, and the style of who has none.
"""

from uuid import UUID

import pytest
from playwright.sync_api import Page, Route, expect

from models.user_status import Role
from secunda.recipients import RecipientKind
from tests.functional.web.coming_in import case_of
from tests.functional.web.conftest import System
from tests.functional.web.looking import Looks
from tests.integration.web.visiting import link, newest_code

pytestmark = [pytest.mark.system, pytest.mark.timeout(300), pytest.mark.xdist_group("browser")]
UNFOLD = "document.querySelectorAll('details').forEach(one => { one.open = true })"
#: What the style sheet asks about scripts, asked so that it says what it says to whoever has none.
ASKED, ASKED_WITHOUT = "scripting: enabled", "scripting: none"


class Unscripted:
    """Somebody's pages without our scripts, each looked at with everything unfolded."""

    def __init__(self, page: Page) -> None:
        self.page, self.looks = page, Looks()
        page.route("**/static/**/*.js", lambda route: route.abort())
        page.route("**/static/**/*.css", _as_without_scripts)

    def opens(self, *addresses: str) -> None:
        for address in addresses:
            self.page.goto(address)
            self.sees()

    def sees(self) -> None:
        self.page.evaluate(UNFOLD)
        self.looks.at(self.page, dark=False)

    def comes_in(self, address: str, subject: UUID) -> None:
        self.opens(address)
        self.page.click("main button.primary")
        self.page.fill("#code", newest_code(subject))
        self.sees()
        self.page.click("main button.primary")
        expect(self.page.locator(".leave")).to_be_visible()


def _as_without_scripts(route: Route) -> None:
    answer = route.fetch()
    route.fulfill(response=answer, body=answer.text().replace(ASKED, ASKED_WITHOUT))


def test_the_coordinator_s_pages(system: System) -> None:
    at, case = system.address, system.world.desk.cases["plain"]
    stranger = Unscripted(system.page(signed_in=False, language="es"))
    stranger.opens(f"{at}/sign-in")
    coordinator = Unscripted(system.page(language="es"))
    coordinator.opens(f"{at}/cases?part=open")
    expect(coordinator.page.locator(".filters .show")).to_be_visible()
    coordinator.opens(f"{at}/cases/{case}", f"{at}/launch", f"{at}/cases/{system.case}/documents/1")
    coordinator.opens(f"{at}/cases/{system.world.disputed}/board", f"{at}/overview", f"{at}/pathways/cardiology")
    assert stranger.looks.found + coordinator.looks.found == []


def test_the_expert_s_pages(system: System) -> None:
    seat = system.world.offered
    expert = Unscripted(system.page(signed_in=False, phone=True))
    expert.comes_in(system.address + link(RecipientKind.EXPERT, seat), seat)
    expert.sees()
    expert.page.check("#attested")
    expert.page.click("#accept button")
    expect(expert.page.locator("#documents")).to_be_visible()
    home = expert.page.url
    expert.sees()
    expert.opens(f"{home}/opinion", f"{home}/sign")
    assert expert.looks.found == []


def test_the_patient_s_pages(system: System) -> None:
    case = case_of(system.world.desk.cases["plain"])
    patient = Unscripted(system.page(signed_in=False, phone=True, language="es"))
    patient.comes_in(system.address + link(RecipientKind.PATIENT, case), case)
    home = patient.page.url
    patient.opens(home, *(f"{home}/{door}" for door in ("consent", "documents", "questions", "rights")))
    assert patient.looks.found == []


def test_the_pages_of_ops(system: System) -> None:
    ops = Unscripted(system.page(role=Role.OPS))
    pages = ("", "/backlog", f"/cases/{system.case}")
    ops.opens(*(f"{system.address}/ops{page}" for page in pages))
    assert ops.looks.found == []
