"""Notices leave as they are queued, and again when their pause is over; what is past its time is forgotten."""

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlmodel import col, func, select

from models import ApiClient, ClientAssertion, IdempotencyRecord, RateWindow, WebhookDelivery, WebhookEndpoint
from models.door_status import DeliveryStatus
from secunda import clock, forgetting
from secunda.db import transaction
from secunda.settings import settings
from secunda.webhooks import at_once
from secunda.webhooks.endpoints import NewEndpoint, add_endpoint
from secunda.webhooks.queueing import queue_test
from tests.integration.receiver import Receiver, listening

PATIENCE = 60.0  # seconds; what is waited for takes a fraction of one


@pytest.fixture
def receiver(store: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    with listening() as found:
        monkeypatch.setenv("SECUNDA_WEBHOOK_ALLOWED_HOSTS", f'["127.0.0.1:{found.port}"]')
        settings.cache_clear()
        yield found


@pytest.fixture
def sending(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A process that sends, as the worker does beside its cases; it looks by itself once an hour only."""
    monkeypatch.setattr(at_once, "LONGEST_PAUSE", 3600.0)
    loop = asyncio.new_event_loop()
    work = loop.create_task(at_once.keep_sending("test"))
    thread = threading.Thread(target=lambda: loop.run_until_complete(asyncio.wait([work])))
    thread.start()
    yield
    loop.call_soon_threadsafe(work.cancel)
    thread.join(PATIENCE)
    at_once._threads().shutdown()
    at_once._threads.cache_clear()
    loop.close()


def queued(receiver: Receiver) -> str:
    """A notice of a new endpoint; its id."""
    with transaction() as session:
        endpoint, _ = add_endpoint(session, NewEndpoint("payer-one", f"{receiver.url}{uuid4().hex}"))
        return queue_test(session, endpoint, uuid4())


def until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.05)


def row(message: str) -> WebhookDelivery:
    with transaction() as session:
        return session.exec(select(WebhookDelivery).where(WebhookDelivery.message_id == message)).one()


@pytest.mark.usefixtures("sending")
def test_a_notice_leaves_with_the_commit_that_queued_it(receiver: Receiver) -> None:
    message = queued(receiver)
    until(lambda: row(message).status is DeliveryStatus.DELIVERED)
    assert [one.id for one in receiver.heard] == [message]


@pytest.mark.usefixtures("sending")
def test_a_notice_that_was_not_taken_comes_again_after_five_seconds(receiver: Receiver) -> None:
    receiver.answers.append((500, {}))
    message = queued(receiver)
    until(lambda: row(message).status is DeliveryStatus.DELIVERED)
    assert [one.id for one in receiver.heard] == [message, message]
    took = row(message).delivered_at - row(message).created_at  # type: ignore[operator]
    assert took >= timedelta(seconds=5)


def old_delivery(endpoint: WebhookEndpoint, days: int, **values: Any) -> WebhookDelivery:
    at = clock.wall() - timedelta(days=days)
    given = {"type": "webhook.test", "body": "{}", "next_attempt_at": at, "created_at": at, **values}
    return WebhookDelivery(endpoint_id=endpoint.id, message_id=f"msg_{uuid4().hex}", **given)


def test_what_is_past_its_time_is_forgotten_and_nothing_else(receiver: Receiver) -> None:
    now = clock.wall()
    past, to_come = now - timedelta(minutes=1), now + timedelta(minutes=1)
    with transaction() as session:
        client = ApiClient(client_id="one", payer="payer-one", name="One", created_at=now)
        endpoint, _ = add_endpoint(session, NewEndpoint("payer-one", receiver.url))
        session.add(client)
        session.flush()
        session.add_all(
            [
                old_delivery(endpoint, 31, status=DeliveryStatus.DELIVERED),
                old_delivery(endpoint, 31, status=DeliveryStatus.FAILED),
                old_delivery(endpoint, 31, status=DeliveryStatus.QUEUED),
                old_delivery(endpoint, 29, status=DeliveryStatus.DELIVERED),
            ]
        )
        for key, at in (("past", past), ("kept", to_come)):
            session.add(RateWindow(key=key, ends_at=at, taken=1))
            session.add(ClientAssertion(client_id=client.id, jti=key, expires_at=at))
            times = {"claimed_until": past, "created_at": past, "expires_at": at}
            session.add(
                IdempotencyRecord(client_id=client.id, key=key, route="/", body_digest="0", claim=uuid4(), **times)
            )
    with transaction() as session:
        found = forgetting.forget(session, now)
    counts = {"webhook_delivery": 2, "idempotency_record": 1, "client_assertion": 1, "rate_window": 1, "link_visit": 0}
    assert found == counts
    with transaction() as session:
        assert forgetting.forget(session, now) == dict.fromkeys(counts, 0)
        assert session.exec(select(func.count(col(WebhookDelivery.id)))).one() == 2
