"""A deliverer is killed for real, with both SDKs talking to fake vendors: nothing is lost, nothing goes twice."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy.engine import make_url
from sqlmodel import select

from models import Case, Event, Message
from models.status import MessageStatus
from secunda import cases, clock, outbox
from secunda.channels import OutgoingMessage, Receipt, open_channels
from secunda.db import transaction
from secunda.outbox import Courier
from secunda.postgres import EmbeddedPostgres
from secunda.settings import settings
from tests.conftest import CHECKOUT, use_settings
from tests.factories import a_case
from tests.fakes.vendors import HANG_UP, SILENCE, FakeVendors, fake_vendors

DELIVER = "from secunda import outbox; print(outbox.deliver_due())"


@pytest.fixture
def vendors(database: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeVendors]:
    with fake_vendors() as running:
        use_settings(monkeypatch, **running.settings())
        yield running
    open_channels.cache_clear()


def queue(event: str, **options: str) -> UUID:
    now = clock.now()
    with transaction() as session:
        case = session.exec(select(Case)).first() or a_case(session, jurisdiction="es-ct")
        locked = cases.lock(session, case.id)
        queued = outbox.enqueue(session, locked, event, "patient", "first", {}, now, now, **options)
    assert queued is not None
    return queued


def status_of(message_id: UUID) -> MessageStatus:
    with transaction() as session:
        return session.get_one(Message, message_id).status


def log() -> list[str]:
    with transaction() as session:
        return list(session.exec(select(Event.kind).order_by(Event.sequence)))  # type: ignore[arg-type]


def deliverer(program: str = DELIVER) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", program], cwd=CHECKOUT, env=dict(os.environ), stdout=subprocess.PIPE, text=True
    )


def kill(process: "subprocess.Popen[str]") -> None:
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=20)


def after_the_lease() -> Courier:
    return Courier(wall=lambda: clock.wall() + timedelta(minutes=2))


@pytest.mark.parametrize(("channel", "address"), [("email", "nuria.marcador@example.org"), ("sms", "+34600000000")])
def test_both_vendors_take_what_is_queued(vendors: FakeVendors, channel: str, address: str) -> None:
    message_id = queue("report_ready", channel=channel)
    assert outbox.deliver_due() == {"sent": 1}
    (taken,) = vendors.taken
    assert taken.address == address
    assert "/d/" in taken.text
    assert taken.message_id in ("", str(message_id))
    assert status_of(message_id) is MessageStatus.SENT


def test_a_killed_deliverer_leaves_an_unknown_message_that_is_asked_about_once(vendors: FakeVendors) -> None:
    """Killed while the vendor has the request and has not answered: sent or not, nobody knows."""
    vendors.answers.append(SILENCE)
    message_id = queue("report_ready")
    process = deliverer()
    assert vendors.silent.wait(30)
    kill(process)
    assert status_of(message_id) is MessageStatus.CLAIMED
    assert outbox.deliver_due() == {}
    assert outbox.deliver_due(courier=after_the_lease()) == {"unknown": 1, "sent": 1}
    assert outbox.deliver_due(courier=after_the_lease()) == {}
    assert status_of(message_id) is MessageStatus.UNKNOWN
    assert [taken.address for taken in vendors.taken] == ["coordinator@secunda.invalid"]
    assert log() == ["message_unknown", "message_sent"]


def test_a_person_can_send_an_unknown_message_again_and_the_vendor_sees_the_same_id(vendors: FakeVendors) -> None:
    vendors.answers.append(SILENCE)
    message_id = queue("report_ready")
    process = deliverer()
    assert vendors.silent.wait(30)
    kill(process)
    outbox.deliver_due(courier=after_the_lease())
    with transaction() as session:
        outbox.resend(session, message_id, "She says that nothing came.", "coordinator", clock.now())
    assert outbox.deliver_due() == {"sent": 1}
    assert vendors.taken[-1].message_id == str(message_id)
    assert status_of(message_id) is MessageStatus.SENT


def test_a_file_that_was_being_written_is_written_again(database: str) -> None:
    message_id = queue("report_ready")
    claim = (
        "import os, signal, uuid; from secunda import clock, outbox; from secunda.db import transaction\n"
        "with transaction() as session: outbox.claim(session, 1, clock.now(), clock.wall(), uuid.uuid4())\n"
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    assert deliverer(claim).wait(30) == -signal.SIGKILL
    assert outbox.deliver_due(courier=after_the_lease()) == {"requeued": 1, "sent": 1}
    assert [path.name for path in settings().outbox_folder.iterdir()] == [f"{message_id}.eml"]


def test_a_vendor_that_hangs_up_is_asked_again_with_the_same_id(vendors: FakeVendors) -> None:
    vendors.answers.append(HANG_UP)
    message_id = queue("report_ready")
    assert outbox.deliver_due() == {"deferred": 1}
    later = Courier(now=lambda: clock.now() + timedelta(minutes=1))
    assert outbox.deliver_due(courier=later) == {"sent": 1}
    assert [taken.message_id for taken in vendors.taken] == [str(message_id)]
    assert log() == ["message_deferred", "message_sent"]


def test_an_unsubscribed_number_gets_an_email_instead(vendors: FakeVendors) -> None:
    vendors.unsubscribed.add("+34600000000")
    queue("emergency_redirect")
    assert outbox.deliver_due() == {"failed": 1, "sent": 2}
    assert {taken.address for taken in vendors.taken} == {"nuria.marcador@example.org", "coordinator@secunda.invalid"}


def test_an_outcome_is_noted_although_the_database_is_away_for_a_moment(
    vendors: FakeVendors, postgres: EmbeddedPostgres, database: str
) -> None:
    """The database goes after the vendor took the message, and is back a moment later."""
    message_id = queue("report_ready")
    name = str(make_url(database).database)
    rests: list[float] = []

    def admit(whether: bool) -> None:
        with postgres._connect() as connection:
            connection.execute(f"alter database {name} with allow_connections {whether}".encode())
            connection.execute("select pg_terminate_backend(pid) from pg_stat_activity where datname = %s", [name])

    class GoesDown:
        idempotent = False

        def send(self, message: OutgoingMessage) -> Receipt:
            receipt = open_channels(settings())["email"].send(message)
            admit(False)
            return receipt

    def rest(seconds: float) -> None:
        rests.append(seconds)
        admit(len(rests) == 2)

    assert outbox.deliver_due(courier=Courier(channels={"email": GoesDown()}, rest=rest)) == {"sent": 1}
    assert len(rests) == 2
    assert status_of(message_id) is MessageStatus.SENT
    assert len(vendors.taken) == 1
