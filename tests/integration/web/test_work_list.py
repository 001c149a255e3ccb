"""The work list: what needs somebody first, found by words, page after page, and never another payer's."""

from datetime import timedelta

import pytest
from sqlmodel import select

from models import Case, Patient
from models.status import CaseStatus
from models.user_status import Role
from pathways.vocabulary import Specialty
from secunda import clock
from secunda.actions.hold import hold
from secunda.db import transaction
from secunda.views import work_list
from secunda.views.work_list import Part, Wanted
from tests.integration.surroundings import launch_case
from tests.integration.web.browsing import Browser, signed_in

pytestmark = pytest.mark.usefixtures("store")


def references(browser: Browser) -> list[str]:
    return [str(one) for one in browser.page.xpath("//a[contains(@class, 'case-link')]/text()")]


def test_what_needs_me_comes_first_and_the_rest_is_one_click_away() -> None:
    held, other = launch_case(requester="Clínica A"), launch_case(requester="Clínica B")
    hold(held, "user:ana", "the patient travels")
    browser = signed_in()
    browser.open("/cases")
    assert references(browser) == [held]
    browser.open("/cases?part=open")
    assert set(references(browser)) == {held, other}
    assert "stands still" in browser.text and "somebody to resume it" in browser.text


def test_a_late_case_needs_me() -> None:
    late = launch_case()
    with transaction() as session:
        session.exec(select(Case)).one().report_due_at = clock.now() - timedelta(days=3, hours=1)
    browser = signed_in()
    browser.open("/cases")
    assert references(browser) == [late] and "3 days late" in browser.text


def test_words_find_the_case_with_or_without_their_accents() -> None:
    wanted = launch_case(requester="Fundació Sant Bartomeu")
    launch_case(requester="Clínica del Mar", condition="I25.2")
    browser = signed_in()
    for words in ("bartomeu", "FUNDACIO bart", wanted[:7], wanted):
        browser.answer = browser.http.get("/cases", params={"part": "open", "search": words})
        assert references(browser) == [wanted], words
    browser.answer = browser.http.get("/cases", params={"part": "open", "search": "nuria marca MARC"})
    assert len(references(browser)) == 2  # by the patient's name and health-card number
    browser.answer = browser.http.get("/cases", params={"part": "open", "search": "nobody' | or 1=1 --"})
    assert references(browser) == []


@pytest.mark.parametrize("sort", work_list.ORDERS)
def test_pages_hold_every_case_once(sort: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work_list, "PAGE", 3)
    known = {launch_case(requester=f"Clínica {number}") for number in range(8)}
    with transaction() as session:
        for number, case in enumerate(session.exec(select(Case))):
            case.report_due_at = clock.now() + timedelta(days=number % 3) if number % 2 else None
    seen: list[str] = []
    after: tuple[str, ...] = ()
    with transaction() as session:
        while True:
            page = work_list.work_list(session, Wanted(part=Part.OPEN, sort=sort, after=after), clock.now())
            seen += [line.reference for line in page.lines]
            after = page.next
            if not after:
                break
    assert len(seen) == 8 and set(seen) == known


def test_a_page_that_nobody_signed_is_the_first() -> None:
    reference = launch_case()
    browser = signed_in()
    browser.open("/cases?part=open&after=WyJQMSIsICJ4Il0.forged&status=nonsense&sort=;drop")
    assert references(browser) == [reference]


def test_filters_are_kept_under_a_name_and_forgotten_again() -> None:
    launch_case(Specialty.NEUROLOGY)
    browser = signed_in()
    browser.open("/cases?part=open&specialty=neurology&sort=due")
    browser.send("/cases/views", {"name": "My brains <b>"})
    assert "★ My brains <b>" in browser.text and "<b>" not in browser.answer.text
    assert "specialty=neurology" in browser.path and "sort=due" in browser.path
    browser.send("/cases/views/remove")
    assert "My brains" not in browser.text


def test_a_payer_s_viewer_sees_its_own_cases_and_no_patient() -> None:
    own = launch_case(payer="mutua-norte")
    other = launch_case(payer="otra", requester="Clínica B")
    browser = signed_in(Role.PAYER_VIEWER, "vera@example.org", "mutua-norte")
    browser.open("/cases?payer=otra&part=open")
    assert references(browser) == []
    browser.open("/cases?part=open")
    assert references(browser) == [own] and "Marcador" not in browser.text
    assert browser.open(f"/cases/{other}").status_code == 404
    assert browser.open(f"/cases/{own}").status_code == 200 and "Marcador" not in browser.text


def test_ops_see_no_cases() -> None:
    reference = launch_case()
    browser = signed_in(Role.OPS, "olga@example.org")
    assert browser.open("/cases").status_code == 403
    assert browser.open(f"/cases/{reference}").status_code == 403


def test_names_are_shown_as_text_and_never_run() -> None:
    reference = launch_case(requester="<script>alert(1)</script>")
    with transaction() as session:
        session.exec(select(Patient)).one().family_name = "<img src=x onerror=alert(2)>"
    browser = signed_in()
    for address in ("/cases?part=open", f"/cases/{reference}"):
        answer = browser.open(address)
        assert "<script>alert" not in answer.text and "<img src=x" not in answer.text
        assert "<img src=x onerror=alert(2)>" in browser.text


def test_only_a_part_of_the_page_is_sent_when_a_filter_changes() -> None:
    launch_case()
    browser = signed_in()
    answer = browser.open("/cases?part=open", **{"HX-Request": "true"})
    assert answer.text.lstrip().startswith('<div id="case-table"') and "<html" not in answer.text


def test_whoever_is_signed_out_meanwhile_is_led_to_the_sign_in_page_by_htmx_too() -> None:
    answer = Browser().open("/cases", **{"HX-Request": "true"})
    assert answer.headers["hx-redirect"] == "/sign-in?next=/cases"
    assert CaseStatus.CLOSED.value not in answer.text
