"""Webhooks from the event to the receiver: what is told, to whom, how often, and what the network may not do."""

import asyncio
import socket
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlmodel import Session, col, select
from standardwebhooks import WebhookVerificationError

from models import Case, WebhookDelivery, WebhookEndpoint
from models.door_status import DeliveryStatus, WebhookKind, WebhookStatus
from models.status import CaseStatus
from pathways.vocabulary import Specialty
from secunda import cases
from secunda.db import transaction
from secunda.errors import BadInputError, ConflictError, NotFoundError
from secunda.sealing import seal_text
from secunda.settings import settings
from secunda.webhooks import endpoints, log, sending, signing
from secunda.webhooks.claiming import LEASE, claim
from secunda.webhooks.delivering import Sender, deliver_webhooks
from secunda.webhooks.endpoints import NewEndpoint, add_endpoint
from secunda.webhooks.outcomes import MOST_ATTEMPTS, SCHEDULE
from secunda.webhooks.queueing import ANSWERED, EVENT_TYPES, STAGE_CHANGED, queue, queue_test
from tests.certificates import a_certificate
from tests.conftest import use_settings
from tests.integration.receiver import Receiver, listening
from tests.integration.surroundings import employ
from tests.integration.test_reviews import PAYER, launched
from tests.integration.walk import Walk
from tests.integration.walking import Walker

Listens = Callable[..., tuple[Any, str]]


@pytest.fixture
def receiver(store: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    """A receiver on this machine, whose host operations have allowed."""
    with listening() as found:
        monkeypatch.setenv("SECUNDA_WEBHOOK_ALLOWED_HOSTS", f'["127.0.0.1:{found.port}", "hooks.example:{found.port}"]')
        settings.cache_clear()
        yield found


@pytest.fixture
def listens(receiver: Receiver) -> Listens:
    """Write an endpoint down; returns its key and its secret."""

    def listen(payer: str = PAYER, url: str = "", **values: Any) -> tuple[Any, str]:
        with transaction() as session:
            endpoint, secret = add_endpoint(session, NewEndpoint(payer, url or receiver.url, **values))
            return endpoint.id, secret

    return listen


def send(at: datetime | None = None) -> dict[str, int]:
    """Send what is due at a wall time (now, so that the receiver takes the signature)."""
    return deliver_webhooks(sender=Sender(wall=lambda: at or datetime.now(UTC), jitter=lambda: 0.0))


def rows(session: Session) -> list[WebhookDelivery]:
    return list(session.exec(select(WebhookDelivery).order_by(col(WebhookDelivery.created_at))))


@pytest.fixture
def deliveries(store: str) -> Callable[[], list[WebhookDelivery]]:
    def found() -> list[WebhookDelivery]:
        with transaction() as session:
            return rows(session)

    return found


@pytest.fixture
def waits(listens: Listens, walker: Walker) -> tuple[Any, str, Walk]:
    """One endpoint, and one review with one notice that is due."""
    key, secret = listens(event_types=(STAGE_CHANGED,))
    employ(Specialty.ORTHOPEDICS)
    return key, secret, launched(walker)


def test_a_payer_hears_of_every_stage_and_of_the_answer(
    listens: Listens, receiver: Receiver, walker: Walker, deliveries: Callable[[], list[WebhookDelivery]]
) -> None:
    _, secret = listens()
    listens("other-health", f"{receiver.url}/other")
    employ(Specialty.ORTHOPEDICS)
    walk = launched(walker)
    walk.goes_to_its_end()
    assert send() == {"delivered": len(deliveries())}
    said = [one.verified(secret) for one in receiver.heard]
    assert {one.path for one in receiver.heard} == {"/hooks"}, "another payer's endpoint hears nothing"
    stages = [one["data"]["stage"] for one in said if one["type"] == STAGE_CHANGED]
    assert set(stages) == {event.data["after"] for event in walk.events("status_changed")}
    assert stages.count("closed") == 1
    assert [one["data"]["reference"] for one in said if one["type"] == ANSWERED] == [walk.reference]
    assert all(set(one) == {"type", "timestamp", "data"} for one in said)
    assert all(set(one["data"]) == {"reference", "stage"} for one in said), "nothing but the reference and the stage"
    assert len({one.id for one in receiver.heard}) == len(said)
    assert send() == {}
    with pytest.raises(WebhookVerificationError):
        receiver.heard[0].verified(signing.new_secret())


def test_a_notice_is_written_in_the_transaction_of_its_event_or_not_at_all(
    waits: tuple[Any, str, Walk], deliveries: Callable[[], list[WebhookDelivery]]
) -> None:
    before = len(deliveries())
    with pytest.raises(RuntimeError), transaction() as session:
        case = cases.lock_by_reference(session, waits[2].reference)
        cases.move(session, case, CaseStatus.ON_HOLD, "test", waits[2].walker.time.at)
        assert len(rows(session)) == before + 1
        raise RuntimeError
    assert len(deliveries()) == before


def test_saying_it_twice_is_one_notice(
    waits: tuple[Any, str, Walk], deliveries: Callable[[], list[WebhookDelivery]]
) -> None:
    before = len(deliveries())
    with transaction() as session:
        case = cases.lock_by_reference(session, waits[2].reference)
        first = queue(session, case, STAGE_CHANGED, waits[2].walker.time.at)
        assert (first, queue(session, case, STAGE_CHANGED, waits[2].walker.time.at)) == (0, 0)
    assert len(deliveries()) == before


def test_a_receiver_that_fails_is_tried_on_the_schedule_and_then_no_more(
    waits: tuple[Any, str, Walk], receiver: Receiver, deliveries: Callable[[], list[WebhookDelivery]]
) -> None:
    receiver.usual = (500, {})
    at = datetime.now(UTC)
    for pause in SCHEDULE:
        assert send(at) == {"deferred": 1}
        assert send(at + pause - timedelta(seconds=1)) == {}, "not before its time"
        at += pause
    assert send(at) == {"failed": 1}
    assert send(at + timedelta(days=30)) == {}
    (found,) = deliveries()
    assert (found.status, found.attempts, found.last_status_code) == (DeliveryStatus.FAILED, MOST_ATTEMPTS, 500)
    assert len({one.id for one in receiver.heard}) == 1
    assert [event.data["attempts"] for event in waits[2].events("webhook_failed")] == [10]
    receiver.usual = (200, {})
    with transaction() as session:
        log.redeliver(session, PAYER, found.id, at)
    assert send(at) == {"delivered": 1}
    assert receiver.heard[-1].id == receiver.heard[0].id, "sent again under its own id"


def test_gone_disables_the_endpoint_and_cancels_the_rest(
    waits: tuple[Any, str, Walk], receiver: Receiver, deliveries: Callable[[], list[WebhookDelivery]]
) -> None:
    waits[2].consents()
    receiver.answers = [(410, {})]
    receiver.seconds = 0.3  # so that the second is not sent before the first is answered
    with transaction() as session:
        (first, *_) = claim(session, 1, datetime.now(UTC), uuid4())
    with transaction() as session:
        session.get_one(WebhookDelivery, first.id).claimed_until = datetime.now(UTC) - timedelta(seconds=1)
        for other in rows(session):
            if other.id != first.id:
                other.next_attempt_at = datetime.now(UTC) + timedelta(hours=1)
    assert send()["failed"] == 1
    with transaction() as session:
        endpoint = session.exec(select(WebhookEndpoint)).one()
        assert (endpoint.status, endpoint.status_reason) == (WebhookStatus.DISABLED, "the receiver answered 410 Gone")
    assert {one.status for one in deliveries()} == {DeliveryStatus.FAILED, DeliveryStatus.CANCELLED}
    heard = len(receiver.heard)
    waits[2].sends_everything()
    assert send(datetime.now(UTC) + timedelta(hours=2)) == {}
    assert len(receiver.heard) == heard, "nothing is said any more"
    with transaction() as session:
        with pytest.raises(ConflictError, match="disabled"):
            log.redeliver(session, PAYER, first.id, datetime.now(UTC))
        endpoints.enable(session.exec(select(WebhookEndpoint)).one())
        session.flush()
        log.redeliver(session, PAYER, first.id, datetime.now(UTC))
    assert send() == {"delivered": 1}


def test_what_happens_while_an_endpoint_is_disabled_is_noted_and_sent_only_when_asked_for(
    waits: tuple[Any, str, Walk], receiver: Receiver, deliveries: Callable[[], list[WebhookDelivery]]
) -> None:
    key, secret, walk = waits
    send()
    heard = len(receiver.heard)
    with transaction() as session:
        endpoints.disable(endpoints.own_endpoint(session, PAYER, key), "maintenance", datetime.now(UTC))
    walk.consents()
    walk.sends_everything()
    noted = [one for one in deliveries() if one.status is DeliveryStatus.CANCELLED]
    assert len(noted) == len(deliveries()) - 1 > 1
    assert {one.last_error for one in noted} == {"the endpoint was disabled"}
    with transaction() as session, pytest.raises(ConflictError, match="disabled"):
        log.redeliver_missed(session, endpoints.own_endpoint(session, PAYER, key))
    with transaction() as session:
        endpoints.enable(endpoints.own_endpoint(session, PAYER, key))
    assert send(datetime.now(UTC) + timedelta(days=2)) == {}, "nothing is sent by itself"
    with transaction() as session:
        log.redeliver(session, PAYER, noted[0].id, datetime.now(UTC))
    assert send() == {"delivered": 1}
    with transaction() as session:
        endpoint = endpoints.own_endpoint(session, PAYER, key)
        assert log.redeliver_missed(session, endpoint) == len(noted) - 1
        assert log.redeliver_missed(session, endpoint) == 0
    assert send() == {"delivered": len(noted) - 1}
    assert {one.id for one in receiver.heard[heard:]} == {one.message_id for one in noted}
    receiver.heard[-1].verified(secret)


def test_what_waits_when_an_endpoint_is_disabled_is_kept_with_the_reason(
    waits: tuple[Any, str, Walk], receiver: Receiver, deliveries: Callable[[], list[WebhookDelivery]]
) -> None:
    with transaction() as session:
        endpoints.disable(endpoints.own_endpoint(session, PAYER, waits[0]), "maintenance", datetime.now(UTC))
    assert send() == {"cancelled": 1}
    assert [(one.status, one.last_error) for one in deliveries()] == [
        (DeliveryStatus.CANCELLED, "the endpoint was disabled")
    ]
    assert not receiver.heard


def test_a_disabled_endpoint_is_not_tried_out(waits: tuple[Any, str, Walk]) -> None:
    with transaction() as session:
        endpoint = endpoints.own_endpoint(session, PAYER, waits[0])
        endpoints.disable(endpoint, "maintenance", datetime.now(UTC))
        with pytest.raises(ConflictError, match="disabled"):
            queue_test(session, endpoint, uuid4())


def test_a_receiver_that_asks_for_patience_gets_it(waits: tuple[Any, str, Walk], receiver: Receiver) -> None:
    receiver.answers = [(429, {"Retry-After": "600"}), (503, {"Retry-After": "nonsense"})]
    at = datetime.now(UTC)
    assert send(at) == {"deferred": 1}
    assert send(at + timedelta(seconds=599)) == {}
    assert send(at + timedelta(seconds=600)) == {"deferred": 1}
    assert send(at + timedelta(seconds=900)) == {"delivered": 1}


def test_a_rotated_secret_overlaps_with_the_one_before(waits: tuple[Any, str, Walk], receiver: Receiver) -> None:
    key, old, walk = waits
    with transaction() as session:
        new = signing.rotate(endpoints.own_endpoint(session, PAYER, key, locked=True), datetime.now(UTC))
    send()
    assert receiver.heard[-1].verified(old) == receiver.heard[-1].verified(new)
    with transaction() as session:
        endpoints.own_endpoint(session, PAYER, key).previous_secret_until = datetime.now(UTC)
    walk.consents()
    send()
    receiver.heard[-1].verified(new)
    with pytest.raises(WebhookVerificationError):
        receiver.heard[-1].verified(old)


def test_a_sender_that_died_leaves_a_notice_that_is_sent_again_under_its_id(
    waits: tuple[Any, str, Walk], receiver: Receiver, deliveries: Callable[[], list[WebhookDelivery]]
) -> None:
    now = datetime.now(UTC)
    with transaction() as session:
        (dead,) = claim(session, 9, now, uuid4())
    assert send(now + LEASE / 2) == {}
    later = now + LEASE + timedelta(seconds=1)
    assert send(later) == {"requeued": 1, "delivered": 1}
    (found,) = deliveries()
    assert (found.status, found.message_id, found.attempts) == (DeliveryStatus.DELIVERED, dead.message_id, 2)


def test_senders_at_once_send_each_notice_once(waits: tuple[Any, str, Walk], receiver: Receiver) -> None:
    with transaction() as session:
        endpoint = endpoints.own_endpoint(session, PAYER, waits[0])
        for _ in range(20):
            queue_test(session, endpoint, uuid4())
    counts: list[dict[str, int]] = []
    threads = [threading.Thread(target=lambda: counts.append(send())) for _ in range(3)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sum(one.get("delivered", 0) for one in counts) == 21
    assert len(receiver.heard) == len({one.id for one in receiver.heard}) == 21


# What the network may not do


def test_a_redirect_is_not_followed(waits: tuple[Any, str, Walk], receiver: Receiver) -> None:
    receiver.usual = (307, {"Location": f"http://127.0.0.1:{receiver.port}/inside"})
    assert send() == {"deferred": 1}
    assert [one.path for one in receiver.heard] == ["/hooks"]


@pytest.mark.parametrize("drips", [False, True])
def test_a_slow_answer_is_not_waited_for_without_end(
    waits: tuple[Any, str, Walk], receiver: Receiver, monkeypatch: pytest.MonkeyPatch, *, drips: bool
) -> None:
    monkeypatch.setenv("SECUNDA_WEBHOOK_SECONDS", "0.5")
    settings.cache_clear()
    receiver.drips, receiver.seconds = drips, 0.0 if drips else 3.0
    started = datetime.now(UTC)
    assert send() == {"deferred": 1}
    assert datetime.now(UTC) - started < timedelta(seconds=10)
    with transaction() as session:
        assert [one.last_error for one in rows(session)] == ["timeout"]


def test_a_huge_answer_is_not_read(waits: tuple[Any, str, Walk], receiver: Receiver) -> None:
    receiver.usual, receiver.body = (200, {"Content-Length": str(10**12)}), b"x" * 2**20
    assert send() == {"delivered": 1}


def test_the_connection_goes_to_the_address_that_was_checked(
    waits: tuple[Any, str, Walk], receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The name is looked up once: whoever answers for it differently the second time is not asked a second time."""
    asked: list[str] = []
    real = socket.getaddrinfo

    def look_up(host: Any, *arguments: Any, **options: Any) -> Any:
        asked.append(str(host))
        return real("127.0.0.1" if host == "hooks.example" else host, *arguments, **options)

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    with transaction() as session:
        session.exec(select(WebhookEndpoint)).one().url = f"http://hooks.example:{receiver.port}/hooks"
    assert send() == {"delivered": 1}
    assert asked.count("hooks.example") == 1
    assert receiver.heard[0].headers["host"] == f"hooks.example:{receiver.port}"


@pytest.mark.parametrize(("name", "error"), [("hooks.example", ""), ("other.example", "certificate")])
def test_the_certificate_must_be_that_of_the_name_and_not_of_the_address(
    home: Path, monkeypatch: pytest.MonkeyPatch, name: str, error: str
) -> None:
    path, context = a_certificate(home, "hooks.example")
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    sending._trust.cache_clear()
    real = socket.getaddrinfo
    monkeypatch.setattr(
        socket,
        "getaddrinfo",
        lambda host, *more, **also: real("127.0.0.1" if "example" in host else host, *more, **also),
    )
    with listening(context) as found:
        use_settings(monkeypatch, webhook_allowed_hosts=f'["{name}:{found.port}"]')
        answer = asyncio.run(sending.send(f"https://{name}:{found.port}/hooks", {}, "{}", 10.0))
    sending._trust.cache_clear()
    assert (answer.is_taken, answer.error, len(found.heard)) == (not error, error, 0 if error else 1)


@pytest.mark.parametrize(
    "addresses", [["127.0.0.1"], ["8.8.8.8", "10.0.0.1"], ["169.254.169.254"], ["::ffff:127.0.0.1"]]
)
def test_a_public_name_that_leads_inside_is_not_connected_to(
    waits: tuple[Any, str, Walk], receiver: Receiver, monkeypatch: pytest.MonkeyPatch, addresses: list[str]
) -> None:
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, receiver.port)) for address in addresses]
    real = socket.getaddrinfo
    monkeypatch.setattr(
        socket, "getaddrinfo", lambda host, *more, **also: found if "rebind" in str(host) else real(host, *more, **also)
    )
    with transaction() as session:
        session.exec(select(WebhookEndpoint)).one().url = f"https://rebind.example.org:{receiver.port}/hooks"
    assert send() == {"deferred": 1}
    assert receiver.heard == []
    with transaction() as session:
        assert [one.last_error for one in rows(session)] == ["address_not_allowed"]


def test_an_internal_endpoint_cannot_even_be_written_down(listens: Listens) -> None:
    for url in ("https://10.0.0.8/hooks", "http://example.org/", "https://localhost/"):
        with pytest.raises(BadInputError):
            listens(url=url)
    with pytest.raises(BadInputError, match="no event type"):
        listens(event_types=("review.stage_change",))
    listens()
    with pytest.raises(ConflictError):
        listens()


# Whose it is, and the other kind


def test_another_payers_endpoints_and_deliveries_are_like_none(
    waits: tuple[Any, str, Walk], deliveries: Callable[[], list[WebhookDelivery]]
) -> None:
    with transaction() as session:
        with pytest.raises(NotFoundError) as foreign:
            endpoints.own_endpoint(session, "other-health", waits[0])
        with pytest.raises(NotFoundError) as unknown:
            endpoints.own_endpoint(session, "other-health", uuid4())
        assert str(foreign.value) == str(unknown.value)
        with pytest.raises(NotFoundError):
            log.redeliver(session, "other-health", deliveries()[0].id, datetime.now(UTC))
        assert log.delivery_log(session, "other-health") == ((), None)
        lines, _ = log.delivery_log(session, PAYER, log.DeliveryFilter(reference=waits[2].reference))
    assert [one.type for one in lines] == [STAGE_CHANGED]
    assert lines[0].reference == waits[2].reference


def test_a_case_without_a_review_tells_nobody(
    listens: Listens, launched: Any, deliveries: Callable[[], list[WebhookDelivery]]
) -> None:
    listens("example-health")
    launched(Specialty.CARDIOLOGY, payer="example-health").consents()
    assert deliveries() == []


def test_a_fhir_rest_hook_hears_which_answer_to_ask_for_with_its_own_headers(
    receiver: Receiver, walker: Walker, deliveries: Callable[[], list[WebhookDelivery]]
) -> None:
    with transaction() as session:
        session.add(
            WebhookEndpoint(
                payer=PAYER,
                kind=WebhookKind.FHIR_REST_HOOK,
                url=receiver.url,
                headers={"Authorization": seal_text("Bearer s3cret", signing.HEADER_PURPOSE)},
                created_at=datetime.now(UTC),
            )
        )
    employ(Specialty.ORTHOPEDICS)
    launched(walker).goes_to_its_end()
    assert [one.type for one in deliveries()] == [ANSWERED]
    assert send() == {"delivered": 1}
    (heard,) = receiver.heard
    assert (heard.headers["authorization"], "webhook-signature" in heard.headers) == ("Bearer s3cret", False)
    assert "Marcador" not in heard.body
    assert "/fhir/R4/ClaimResponse/SO-TEST-" in heard.body


def test_every_type_is_one_that_an_endpoint_can_ask_for(listens: Listens) -> None:
    key, _ = listens(event_types=EVENT_TYPES)
    with transaction() as session:
        assert endpoints.own_endpoint(session, PAYER, key).event_types == list(EVENT_TYPES)
        assert session.exec(select(Case.id)).all() == []
