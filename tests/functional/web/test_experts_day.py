"""An expert's day: from the message to the signature, and what the patient then gets."""

import os
import re
import signal

import httpx
import pytest
from playwright.sync_api import Page, expect

from models.status import AssignmentStatus
from secunda import clock
from secunda.links import VALID_FOR, LinkTarget, link_to
from secunda.recipients import RecipientKind
from tests.functional.conftest import wait_until
from tests.functional.web.coming_in import comes_in, expert_and_case, status_of, tab_to
from tests.functional.web.conftest import PATIENCE, System
from tests.functional.web.looking import Looks
from tests.functional.web.post import letter, link_in
from tests.functional.web.writing import fill_in_everything

pytestmark = [pytest.mark.system, pytest.mark.timeout(300), pytest.mark.xdist_group("browser")]
SAVED = re.compile("Guardado|Saved")
NOT_SAVED = re.compile("Sin guardar|Not saved")


@pytest.mark.parametrize(("language", "phone"), [("es", False), ("en", True)], ids=["es desktop", "en phone"])
def test_an_expert_goes_from_the_message_to_the_signature(system: System, language: str, phone: bool) -> None:
    looks, seat = Looks(), system.world.asked[language]
    recipient, case = expert_and_case(seat)
    page = system.page(signed_in=False, phone=phone, language=language)
    link = link_in(letter("offer", recipient, case, seat))
    page.goto(link)
    looks.at(page)
    comes_in(page, link, recipient, case)
    assert page.locator("html").get_attribute("lang") == language

    _accepts(page, looks)
    _reads(page, looks)
    page.locator("main a.primary").click()
    _writes(page, looks)
    if not phone:
        _survives_the_death_of_the_server(system, page)
    _signs(page, looks)
    assert status_of(seat) is AssignmentStatus.COMPLETED
    assert looks.found == []
    _opens_nothing_else(system, page, link)


def _accepts(page: Page, looks: Looks) -> None:
    expect(page.locator("main")).to_contain_text("180 €")
    assert page.locator("ol.questions li").count() >= 1
    looks.at(page)
    page.locator("#accept button").click()  # the attestation is owed: the browser says so
    expect(page.locator("#attested")).to_be_visible()
    tab_to(page, "#attested")
    page.keyboard.press("Space")
    tab_to(page, "#accept button")
    page.keyboard.press("Enter")
    expect(page.locator("main a.primary")).to_be_visible()
    looks.at(page)


def _reads(page: Page, looks: Looks) -> None:
    """A document opens as a file, and pictures in the viewer."""
    home = page.url
    papers = page.locator("#documents a").evaluate_all("links => links.map(link => [link.href, link.innerText])")
    plain = next(address for address, text in papers if "DICOM" not in text)
    answer = page.request.get(plain)
    assert answer.ok and answer.headers["x-content-type-options"] == "nosniff"
    pictures = next((address for address, text in papers if "DICOM" in text), None)
    if pictures:
        page.goto(pictures)
        page.wait_for_selector(".picture.is-shown")
        looks.at(page)
        page.goto(home)


def _writes(page: Page, looks: Looks) -> None:
    """Saved by itself, also through a lost connection."""
    page.locator("#gaps a").first.click()
    assert page.evaluate("document.querySelector(location.hash) !== null")
    looks.at(page)
    saving = page.locator("#saving")
    page.fill("#diagnosis", "Stable angina")
    expect(saving).to_contain_text(SAVED)
    page.context.set_offline(True)
    page.fill("#diagnosis", "Stable angina, three vessels")
    expect(saving).to_contain_text(NOT_SAVED)
    looks.at(page)
    page.context.set_offline(False)
    expect(saving).to_contain_text(SAVED)
    page.reload()
    assert page.input_value("#diagnosis") == "Stable angina, three vessels"
    preview = page.request.get(page.url.split("/opinion")[0] + "/preview")
    assert preview.ok and preview.body().startswith(b"%PDF")  # also while things are missing


def _survives_the_death_of_the_server(system: System, page: Page) -> None:
    """It comes back by itself; what is written meanwhile waits in the page."""
    started = [one for one in system.running.lines() if (one.get("name"), one.get("state")) == ("api", "starting")]
    os.kill(int(started[-1]["detail"].split()[-1]), signal.SIGKILL)
    page.fill("#treatment", "Surgery")
    expect(page.locator("#saving")).to_contain_text(SAVED, timeout=2 * PATIENCE)  # typing took away what it said
    page.reload()
    assert page.input_value("#treatment") == "Surgery"


def _signs(page: Page, looks: Looks) -> None:
    fill_in_everything(page)
    expect(page.locator("#gaps a")).to_have_count(0)
    page.locator("button[value=sign]").click()
    expect(page.locator("#attested")).to_be_visible()
    looks.at(page)
    preview = page.request.get(page.url.removesuffix("/sign") + "/preview")
    assert preview.body().startswith(b"%PDF")
    tab_to(page, "#attested")
    page.keyboard.press("Space")
    tab_to(page, "#sign button")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text(re.compile("firmad|signed"))
    looks.at(page)


def _opens_nothing_else(system: System, page: Page, used: str) -> None:
    """Neither another's seat nor a patient's page; the used link explains itself in another browser."""
    others = [f"/expert/{system.world.blind}", f"/expert/{system.world.declined}/opinion"]
    others += [f"/patient/{system.world.patient}", f"/requester/{system.world.patient}/documents"]
    for path in others:
        assert page.request.get(system.address + path).status in (401, 403, 404, 410)
    assert httpx.get(used).status_code == 410
    old = link_to(LinkTarget(RecipientKind.EXPERT, system.world.blind), clock.wall() - 2 * VALID_FOR)
    answer = page.goto(old)
    assert answer is not None and answer.status == 410
    page.locator("main button.primary").click()
    expect(page.locator("h1")).to_contain_text(re.compile("camino|on its way"))


def test_the_patient_gets_the_report_when_the_last_expert_has_signed(system: System) -> None:
    """The cases of the test above, which the system's worker has carried on to the sealed PDF."""
    case = system.world.report_of("es")
    page = system.page(signed_in=False, phone=True, language="es")
    comes_in(page, link_in(letter("report_ready", "patient", case)), "patient", case)
    looks = Looks()
    looks.at(page)
    with page.expect_download() as downloading:
        page.locator("main a.primary").click()
    assert downloading.value.path().read_bytes().startswith(b"%PDF")
    assert looks.found == []


def test_an_offer_is_declined_without_javascript(system: System) -> None:
    seat = system.world.declined
    recipient, case = expert_and_case(seat)
    page = system.page(signed_in=False, javascript=False, phone=True)
    link = link_in(letter("offer", recipient, case, seat))
    page.goto(link)
    comes_in(page, link, recipient, case)
    page.click("summary")
    page.check("#why-2")
    page.fill("#note", "ask a surgeon")
    page.locator("details button").click()
    expect(page.locator("h1")).to_have_text("There is nothing left to do")
    wait_until(lambda: status_of(seat) is AssignmentStatus.REJECTED, what="the end of the offer")


def test_a_blind_reader_signs_without_javascript_and_is_then_shown_the_first_opinion(system: System) -> None:
    seat = system.world.blind
    recipient, case = expert_and_case(seat)
    page = system.page(signed_in=False, javascript=False)
    comes_in(page, link_in(letter("opinion_requested", recipient, case, seat)), recipient, case)
    home, before = page.url, page.locator("#documents a").count()
    hidden = next(number for number in range(1, 20) if page.request.get(f"{home}/documents/{number}").status == 404)
    page.locator("main a.primary").click()
    page.fill("#diagnosis", "")
    page.locator("button:text-is('Save')").last.click()
    assert page.locator("#gaps a").count() >= 1
    page.fill("#diagnosis", "A nodule of 6 mm")
    page.locator("button[value=sign]").click()
    page.check("#attested")
    page.locator("#sign button").click()
    page.goto(home)
    assert page.locator("#documents a").count() > before
    assert page.request.get(f"{home}/documents/{hidden}").ok


def test_no_script_failed_on_the_way(system: System) -> None:
    assert system.script_errors == []
