"""Those who run the machinery send again what failed: with a reason, once, and nothing that must not leave any more."""

from typing import Any
from uuid import UUID

import pytest
from sqlmodel import col, select

from models import Assignment, Event, Message, WebhookDelivery
from models.door_status import DeliveryStatus, WebhookStatus
from models.status import AssignmentStatus, CaseStatus, MessageStatus
from models.user_status import Role
from models.webhook_endpoint import WebhookEndpoint
from secunda import clock
from secunda.db import transaction
from secunda.operating.again import message_again
from secunda.outbox import resend
from tests.integration.conftest import Launch
from tests.integration.walk import Walk
from tests.integration.web.browsing import Browser, signed_in
from tests.integration.web.test_case_page import token
from tests.integration.web.test_ops_pages import case_of

RESEND, REDELIVER = "/ops/failures/resend", "/ops/failures/redeliver"
WHY = "The gateway was down until nine."
NIL = "user:nil@example.org"


def a_message(walk: Walk, event: str = "consent_requested", **facts: Any) -> UUID:
    """One that failed; returns its id."""
    status = facts.pop("status", MessageStatus.FAILED)
    with transaction() as session:
        message = Message(
            case_id=case_of(session, walk.reference).id, event=event, recipient=facts.pop("recipient", "patient"),
            occasion=f"lost:{event}", channel="sms", language="en", due_at=clock.now(), created_at=clock.now(),
            parameters=facts, status=status, attempts=5, failure="gateway_down",
        )  # fmt: skip
        session.add(message)
        return message.id


def a_webhook(walk: Walk | None, status: WebhookStatus = WebhookStatus.ENABLED) -> UUID:
    with transaction() as session:
        endpoint = WebhookEndpoint(
            payer="example-health", url="https://hooks.example.org/x", status=status, created_at=clock.wall()
        )
        session.add(endpoint)
        session.flush()
        delivery = WebhookDelivery(
            endpoint_id=endpoint.id, case_id=case_of(session, walk.reference).id if walk else None, message_id="msg_1",
            type="review.stage_changed", body="{}", status=DeliveryStatus.FAILED, attempts=10, last_status_code=503,
            next_attempt_at=clock.wall(), created_at=clock.wall(),
        )  # fmt: skip
        session.add(delivery)
        return delivery.id


def state(table: type[Any], key: UUID) -> Any:
    with transaction() as session:
        return session.get_one(table, key).status


def ops() -> Browser:
    return signed_in(Role.OPS, "nil@example.org")


def post(browser: Browser, address: str, **fields: Any) -> Any:
    """What somebody sends who has an older page before them."""
    browser.open("/ops/failures")
    return browser.http.post(address, data=fields | {"csrf_token": token(browser)}, follow_redirects=False)


def noted(kind: str) -> list[Event]:
    with transaction() as session:
        return list(session.exec(select(Event).where(col(Event.kind) == kind)))


def test_a_message_is_chosen_on_the_page_and_sent_again_with_a_reason(launched: Launch) -> None:
    walk = launched()
    key, browser = a_message(walk), ops()
    browser.open("/ops/failures")
    (link,) = browser.page.xpath("//*[@id='messages']//a[contains(@href, 'message=')]")
    browser.open(link.get("href"))
    assert "every 15s" not in browser.answer.text, "what is being written must not be taken away"
    browser.send(RESEND, {"reason": " "})
    assert browser.answer.status_code == 422 and "A reason is owed" in browser.text
    browser.open(link.get("href"))
    browser.send(RESEND, {"reason": WHY})
    assert (browser.path, state(Message, key)) == ("/ops/failures", MessageStatus.QUEUED)
    assert "No message failed" in browser.text
    again = post(browser, RESEND, message=key, reason=WHY)
    assert again.status_code == 409 and "being sent again already" in again.text
    (event,) = noted("message_resent")
    assert (event.actor, event.data["reason"]) == (NIL, WHY)


def test_a_payer_is_told_again(launched: Launch) -> None:
    walk = launched()
    key, browser = a_webhook(walk), ops()
    browser.open(f"/ops/failures?still=1&webhook={key}")
    browser.send(REDELIVER, {"reason": WHY})
    assert state(WebhookDelivery, key) is DeliveryStatus.QUEUED
    assert post(browser, REDELIVER, webhook=key, reason=WHY).status_code == 409
    (event,) = noted("webhook_redelivered")
    assert (event.actor, event.data["reason"], event.data["message"]) == (NIL, WHY, "msg_1")
    assert "https://" not in str(event.data)


def test_what_must_not_leave_any_more_is_neither_offered_nor_sent(launched: Launch) -> None:
    walk = launched()
    walk.goes_to_the_panel()
    role = sorted(walk.panel)[0]
    gone = walk.panel[role]
    with transaction() as session:
        session.get_one(Assignment, gone.id).status = AssignmentStatus.REJECTED
    expert = {"recipient": "expert:cardiac-1", "role": role, "due_at": "2026-09-27T22:30:00+00:00"}
    refused = {
        a_message(walk, "offer", assignment=str(gone.id), **expert): "the link is withdrawn",
        a_message(walk, "access_code", code=str(gone.id)): "good for some minutes",
        a_message(walk, "consent_reminder", status=MessageStatus.SENT): "did not fail",
        a_message(walk, "new_link", status=MessageStatus.CANCELLED): "did not fail",
    }
    browser = ops()
    browser.open("/ops/failures")
    assert browser.page.xpath("//a[contains(@href, 'message=')]") == []
    for key, told in refused.items():
        before = state(Message, key)
        answer = post(browser, RESEND, message=key, reason=WHY)
        assert answer.status_code == 409 and told in answer.text
        assert state(Message, key) is before
    assert noted("message_resent") == []


def test_the_coordinator_s_door_refuses_a_withdrawn_link_too(launched: Launch) -> None:
    walk = launched()
    walk.goes_to_the_panel()
    role = sorted(walk.panel)[0]
    gone = walk.panel[role]
    walk.declines(role)
    offer = next(one for one in walk.said("offer") if one.parameters["assignment"] == str(gone.id))
    with transaction() as session:
        session.get_one(Message, offer.id).status = MessageStatus.FAILED
    with transaction() as session, pytest.raises(Exception, match="link is withdrawn"):
        resend(session, offer.id, WHY, NIL, clock.now())


def test_of_a_closed_case_only_notices_are_sent_again(launched: Launch) -> None:
    walk = launched()
    asked, told = a_message(walk), a_message(walk, "case_withdrawn")
    walk.withdraws()
    assert walk.status is CaseStatus.CLOSED
    browser = ops()
    browser.open("/ops/failures")
    offered = [str(link.get("href")) for link in browser.page.xpath("//a[contains(@href, 'message=')]")]
    assert len(offered) == 1 and str(told) in offered[0]
    assert "too late for case" in post(browser, RESEND, message=asked, reason=WHY).text
    assert post(browser, RESEND, message=told, reason=WHY).status_code == 303


def test_a_test_and_an_endpoint_that_is_switched_off_are_told_nothing(launched: Launch) -> None:
    walk = launched()
    trial, off, browser = a_webhook(None), a_webhook(walk, WebhookStatus.DISABLED), ops()
    browser.open("/ops/failures")
    assert browser.page.xpath("//a[contains(@href, 'webhook=')]") == []
    assert "This was a test" in post(browser, REDELIVER, webhook=trial, reason=WHY).text
    assert "Enable it first" in post(browser, REDELIVER, webhook=off, reason=WHY).text
    assert noted("webhook_redelivered") == []


def test_nobody_else_sends_anything_again(launched: Launch) -> None:
    walk = launched()
    key = a_message(walk)
    browser = signed_in(Role.COORDINATOR)
    browser.open("/cases")
    fields = {"message": str(key), "reason": WHY, "csrf_token": token(browser)}
    assert browser.http.post(RESEND, data=fields).status_code == 403
    assert ops().http.post(RESEND, data={"message": str(key), "reason": WHY}).status_code == 403, "no token"
    assert state(Message, key) is MessageStatus.FAILED
    message_again(key, NIL, WHY)
    assert state(Message, key) is MessageStatus.QUEUED
