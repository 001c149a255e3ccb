"""The case page: everything that a coordinator does from it, on real cases."""

import pytest

from models.status import AssignmentStatus, CaseStatus, RequirementStatus
from models.user_status import Role
from pathways.vocabulary import Specialty
from tests.integration.conftest import Launch
from tests.integration.web.browsing import signed_in


def test_a_coordinator_reminds_waives_and_limits(launched: Launch) -> None:
    case = launched()
    case.consents()
    browser = signed_in()
    address = f"/cases/{case.reference}"
    browser.open(address)
    assert "Awaiting documents" in browser.text and "Núria Marcador Prova" in browser.text
    browser.send(f"{address}/remind")
    assert case.said("documents_reminder") and case.events("reminded")[0].actor == "user:ana@example.org"
    key = next(row.key for row in case.requirements.values() if row.obligation == "required")
    refused = browser.http.post(f"{address}/waive", data={"key": key, "csrf_token": token(browser)})
    assert refused.status_code == 422 and "Name the physician" in refused.text
    browser.open(address)
    browser.send(f"{address}/waive", {"key": key, "reason": "not needed for this question", "agreed_by": "Dr Soler"})
    assert case.requirements[key].status is RequirementStatus.WAIVED
    assert "not needed for this question" in browser.text


def test_a_seat_is_given_to_the_next_expert_with_the_reason(launched: Launch) -> None:
    case = launched()
    case.goes_to_the_panel()
    role, seat = sorted(case.panel.items())[0]
    before = case.expert(role)
    browser = signed_in()
    browser.open(f"/cases/{case.reference}")
    browser.send(f"/cases/{case.reference}/reassign", {"seat": str(seat.id), "reason": "fell ill"})
    case.walker.settle(case.reference)
    assert case.expert(role) != before
    browser.open(f"/cases/{case.reference}")
    assert "fell ill" in browser.text
    other = launched()
    other.goes_to_the_panel()
    foreign = next(iter(other.panel.values()))
    forbidden = browser.http.post(
        f"/cases/{case.reference}/reassign",
        data={"seat": str(foreign.id), "reason": "x", "csrf_token": token(browser)},
    )
    assert forbidden.status_code == 404 and other.panel[foreign.role].status is AssignmentStatus.REQUESTED


def test_urgency_clocks_and_hold(launched: Launch) -> None:
    case = launched()
    case.goes_to_the_panel()
    browser, address = signed_in(), f"/cases/{case.reference}"
    browser.open(address)
    browser.send(f"{address}/urgency", {"urgency": "P1", "reason": "phoned by the requester"})
    assert case.case.urgency == "P1" and "phoned by the requester" in browser.text
    browser.send(f"{address}/hold", {"reason": "the patient travels"})
    assert case.status is CaseStatus.ON_HOLD and "the patient travels" in browser.text
    browser.send(f"{address}/resume")
    case.walker.settle(case.reference)
    assert case.status is CaseStatus.AWAITING_ACCEPTANCE
    browser.open(address)
    browser.send(f"{address}/withdraw", {"reason": "treated elsewhere"})
    assert case.status is CaseStatus.CLOSED
    assert "treated elsewhere" in browser.text and not browser.page.xpath("//form[contains(@action, '/withdraw')]")


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.PAYER_VIEWER, Role.OPS])
def test_who_only_looks_changes_nothing(launched: Launch, role: Role) -> None:
    case = launched(Specialty.CARDIOLOGY, payer="mutua-norte")
    browser = signed_in(role, "eva@example.org", "mutua-norte" if role is Role.PAYER_VIEWER else "")
    browser.open("/account")
    for action in ("remind", "hold", "withdraw", "resume", "urgency", "waive"):
        answer = browser.http.post(
            f"/cases/{case.reference}/{action}",
            data={"reason": "x", "key": "ecg", "urgency": "P1", "csrf_token": token(browser)},
        )
        assert answer.status_code == 403, action
    assert case.status is CaseStatus.AWAITING_CONSENT
    if role is Role.AUDITOR:
        browser.open(f"/cases/{case.reference}")
        assert "Marcador" not in browser.text and "The case was launched" in browser.text


def token(browser: object) -> str:
    return str(browser.page.xpath("//input[@name='csrf_token']/@value")[0])  # type: ignore[attr-defined]
