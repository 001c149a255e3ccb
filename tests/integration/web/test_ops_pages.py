"""The pages of those who run the machinery: what they say, to whom, and that they name no patient."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

from models import Case, Message, UserSession, WebhookDelivery, WebhookEndpoint
from models.door_status import DeliveryStatus, WebhookStatus
from models.status import CaseStatus, HoldCause, IncidentKind, MessageStatus
from models.user_status import Role
from pathways.vocabulary import Specialty
from secunda import cases, clock, incidents, lease
from secunda.actions.hold import hold
from secunda.backup.noting import note_backup
from secunda.db import transaction
from secunda.settings import settings
from tests.conftest import use_settings
from tests.integration.surroundings import launch_case
from tests.integration.web.browsing import Browser, signed_in
from tests.integration.web.prefect_peer import PrefectPeer, prefect_peer

PAGES = ("/ops", "/ops/backlog", "/ops/failures", "/ops/repairs", "/ops/storage")
#: What the bundle and the people around the case say of the patient; none of it may be told here.
MARKERS = (
    *("Marcador", "Núria", "MARC-0610504", "1961-05", "May 1961", "nuria@example.org", "600000001"),
    *("Markerhospital", "requester@example.org", "Markerquestion", "Markerreason", "Markerwords"),
)


@pytest.fixture
def prefect(store: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[PrefectPeer]:
    with prefect_peer() as peer:
        monkeypatch.setenv("PREFECT_API_URL", peer.api_url)
        peer.answers["/api/admin/version"] = (200, {}, "3.8.8")
        peer.answers["/api/work_pools/pathways"] = (200, {}, {"is_paused": False})
        peer.answers["/api/work_pools/pathways/workers/filter"] = (200, {}, [])
        peer.answers["/api/deployments/filter"] = (200, {}, [])
        peer.answers["/api/flow_runs/count"] = (200, {}, 3)
        yield peer


@pytest.fixture
def away(store: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Prefect does not answer."""
    monkeypatch.setenv("PREFECT_API_URL", "http://127.0.0.1:9/api")


def case_of(session: Session, reference: str) -> Case:
    return cases.lock(session, session.exec(select(Case.id).where(Case.reference == reference)).one())


def a_case_in_trouble() -> str:
    """Everything that these pages tell of happened around one case; returns its reference."""
    reference = launch_case(requester="Markerhospital", questions=("Markerquestion of the hip?",))
    hold(reference, "user:ana@example.org", "Markerreason: the patient travels")
    with transaction() as session:
        case = case_of(session, reference)
        case.hold_cause, case.failures, case.flow_run_id = HoldCause.RUN_FAILED, 3, case.id
        _messages(session, case)
        _webhooks(session, case)
    incidents.note(IncidentKind.WORKER_LOST, reference)
    note_backup(settings(), 1_234_567, 1, 0)
    return reference


def _messages(session: Session, case: Case) -> None:
    facts: dict[str, Any] = {"case_id": case.id, "event": "consent_requested", "language": "en"}
    facts |= {"due_at": clock.now(), "created_at": clock.now(), "parameters": {"said": "Markerwords"}}
    for number, (status, channel) in enumerate(
        [(MessageStatus.FAILED, "sms"), (MessageStatus.UNKNOWN, "email"), (MessageStatus.QUEUED, "email")]
    ):
        session.add(
            Message(
                recipient="patient" if number else "expert:cardiac-1",
                occasion=f"trouble-{number}",
                channel=channel,
                status=status,
                attempts=2,
                failure="invalid_number",
                **facts,
            )
        )


def _webhooks(session: Session, case: Case) -> None:
    for status, told in ((WebhookStatus.ENABLED, ""), (WebhookStatus.DISABLED, "the receiver answered 410 Gone")):
        endpoint = WebhookEndpoint(
            payer="example-health", url="https://hooks.example.org/secret-path", status=status, status_reason=told,
            created_at=clock.wall(),
        )  # fmt: skip
        session.add(endpoint)
        session.flush()
        delivery = WebhookDelivery(
            endpoint_id=endpoint.id, case_id=case.id, message_id=f"msg_{status}", type="review.stage_changed",
            body="{}", status=DeliveryStatus.FAILED, attempts=10, next_attempt_at=clock.wall(), last_status_code=503,
            created_at=clock.wall(),
        )  # fmt: skip
        session.add(delivery)


def test_only_ops_open_these_pages(away: None) -> None:
    reference = launch_case()
    addresses = (
        *PAGES,
        f"/ops/cases/{reference}",
        f"/ops/cases?reference={reference}",
        "/ops/prefect",
        "/ops/prefect/",
    )
    for role in Role:
        browser = signed_in(role, f"{role}@example.org", payer="mutua" if role is Role.PAYER_VIEWER else "")
        for address in addresses:
            status = browser.open(address).status_code
            assert (status == 403) is (role is not Role.OPS), (role, address, status)
        if role is not Role.OPS:
            assert 'href="/ops' not in browser.open("/account").text
    for address in addresses:
        stranger = Browser()
        stranger.open(address)
        assert stranger.path.startswith("/sign-in"), address


def test_ops_see_no_case_as_coordinators_do(away: None) -> None:
    reference = launch_case()
    browser = signed_in(Role.OPS)
    assert browser.open("/").status_code == 200 and browser.path == "/ops"
    for address in ("/cases", f"/cases/{reference}", f"/cases/{reference}/documents/1", "/launch"):
        assert browser.open(address).status_code in (403, 404), address


def test_no_page_and_no_figure_says_who_the_patient_is(prefect: PrefectPeer, monkeypatch: pytest.MonkeyPatch) -> None:
    use_settings(monkeypatch, metrics_token="a-token-of-the-tests")
    reference = a_case_in_trouble()
    browser = signed_in(Role.OPS)
    for address in (*PAGES, f"/ops/cases/{reference}"):
        assert browser.open(address).status_code == 200, address
        found = [marker for marker in MARKERS if marker in browser.answer.text]
        assert found == [], address
        assert "secret-path" not in browser.answer.text
    figures = browser.open("/metrics", authorization="Bearer a-token-of-the-tests").text
    assert 'secunda_messages_failed{channel="sms",reason="invalid_number"} 1.0' in figures
    assert [marker for marker in (*MARKERS, reference, "cardiac-1") if marker in figures] == []


def test_the_first_page_says_what_to_look_at(prefect: PrefectPeer) -> None:
    a_case_in_trouble()
    browser = signed_in(Role.OPS)
    browser.open("/ops")
    for told in (
        *("Look at this first", "No worker lives", "Cases stopped by a fault", "Messages that failed"),
        *("Webhooks that failed", "Webhook endpoints switched off", "some are missing: run “secunda deploy”"),
    ):
        assert told in browser.text, told
    for one in browser.page.xpath("//section[contains(@class, 'looks')]//a"):  # each leads to where more of it stands
        address, _, anchor = one.get("href").partition("#")
        there = signed_in_again(browser).open(address).text
        assert f'id="{anchor}"' in there, one.get("href")


def signed_in_again(browser: Browser) -> Browser:
    """The same person in another window."""
    other = Browser()
    other.http.cookies = browser.http.cookies
    return other


def test_all_is_well_while_nothing_waits(prefect: PrefectPeer) -> None:
    names = ("oncology", "cardiology", "orthopedics", "rare_disease", "neurology", "radiology", "chronic_disease")
    there = [{"name": name} for name in (*names, "reconcile", "deliver-messages")]
    prefect.answers["/api/deployments/filter"] = (200, {}, there)
    heard = {"name": "machine-1", "status": "ONLINE", "last_heartbeat_time": clock.wall().isoformat()}
    prefect.answers["/api/work_pools/pathways/workers/filter"] = (200, {}, [heard])
    browser = signed_in(Role.OPS)
    browser.open("/ops")
    assert "All is well" in browser.text
    prefect.answers["/api/work_pools/pathways"] = (200, {}, {"is_paused": True})
    browser.open("/ops")
    assert "is paused in Prefect" in browser.text and "All is well" not in browser.text


def test_pages_open_while_prefect_is_away(away: None) -> None:
    a_case_in_trouble()
    browser = signed_in(Role.OPS)
    for address in PAGES:
        assert browser.open(address).status_code == 200
    browser.open("/ops")
    assert "does not answer" in browser.text
    assert browser.open("/ops/prefect/api/flow_runs/" + "0" * 32).status_code == 503


def test_a_worker_lives_while_it_is_heard_or_holds_a_case(prefect: PrefectPeer) -> None:
    reference = launch_case()
    with transaction() as session:
        lease.acquire(session, reference, "worker:machine-2", 60)
    heard = clock.wall() - timedelta(minutes=10)
    prefect.answers["/api/work_pools/pathways/workers/filter"] = (
        200,
        {},
        [
            {"name": "machine-1", "status": "OFFLINE", "last_heartbeat_time": heard.isoformat()},
            {"name": "machine-2", "status": "OFFLINE", "last_heartbeat_time": heard.isoformat()},
            {"name": "long-gone", "status": "OFFLINE", "last_heartbeat_time": "2020-01-01T00:00:00Z"},
        ],
    )
    browser = signed_in(Role.OPS)
    browser.open("/ops")
    rows = {row.xpath("th")[0].text: row.text_content() for row in browser.page.xpath("//*[@id='workers']//tbody/tr")}
    assert set(rows) == {"machine-1", "machine-2"}
    assert "silent" in rows["machine-1"] and "10 minutes ago" in rows["machine-1"]
    assert "living" in rows["machine-2"] and reference in rows["machine-2"]


def test_overdue_cases_stand_with_how_late_they_are(prefect: PrefectPeer) -> None:
    reference = launch_case(specialty=Specialty.ONCOLOGY)
    with transaction() as session:
        case = case_of(session, reference)
        case.status, case.next_deadline_at = CaseStatus.AWAITING_CONSENT, clock.now() - timedelta(hours=3)
        case.flow_run_id = case.id
        run = f"/ops/prefect/runs/flow-run/{case.id}"
    browser = signed_in(Role.OPS)
    browser.open("/ops/backlog")
    (row,) = browser.page.xpath("//*[@id='overdue']//tbody/tr")
    assert reference in row.text_content() and "3 hours" in row.text_content()
    assert row.xpath(f".//a[@href='{run}']") and row.xpath(f".//a[@href='/ops/cases/{reference}']")
    browser.open(f"/ops/cases?reference={reference.lower()}")
    assert browser.path == f"/ops/cases/{reference}" and "3 hours late" in browser.text
    assert browser.open("/ops/cases?reference=SO-NONE-NONE").status_code == 404


def test_a_page_that_renews_itself_keeps_no_session_alive(away: None) -> None:
    browser = signed_in(Role.OPS)
    an_hour_ago = clock.wall() - timedelta(minutes=30)

    def last_seen() -> Any:
        with transaction() as session:
            return session.exec(select(UserSession)).one()

    with transaction() as session:
        row = session.exec(select(UserSession)).one()
        row.last_seen_at = an_hour_ago
        session.add(row)
    browser.open("/ops", **{"X-Renewal": "yes"})
    assert last_seen().last_seen_at == an_hour_ago
    browser.open("/ops")
    assert last_seen().last_seen_at > an_hour_ago
