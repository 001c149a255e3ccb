"""What ops are told: certificates and how long they are good for, what to look at first, and the last backup."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding
from cryptography.hazmat.primitives.serialization.pkcs12 import serialize_key_and_certificates
from cryptography.x509.oid import NameOID

from models.user_status import Role
from pathways.vocabulary import Specialty
from secunda import clock
from secunda.adapters.signing.expiry import certificates
from secunda.adapters.signing.held import Purpose
from secunda.db import transaction
from secunda.operating import certificates as standing
from secunda.operating.attention import Matter, State, attention
from secunda.operating.backlog import Backlog, Queue
from secunda.operating.certificates import Standing, known_certificates
from secunda.operating.components import Component, Part, Trouble
from secunda.operating.remembering import Remembered
from secunda.operating.workers import WorkerLine
from secunda.settings import Settings
from tests.conftest import use_settings
from tests.integration.surroundings import an_expert_of
from tests.integration.web.browsing import signed_in

PASSPHRASE = b"open sesame"
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.fixture
def keys(tmp_path: Path, store: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Settings]:
    """A folder with certificates of every standing, and an authority."""
    folder = tmp_path / "keys"
    folder.mkdir()
    now = clock.wall()
    for name, days in {"organisation": 40, "good": 400, "soon": 7, "ended": -3}.items():
        (folder / f"{name}.p12").write_bytes(a_key(name, now + timedelta(days=days), PASSPHRASE))
    (folder / "locked.p12").write_bytes(a_key("locked", now + timedelta(days=90), b"another"))
    authority = tmp_path / "trusted.pem"
    authority.write_bytes(a_certificate("Authority", now + timedelta(days=3000))[1].public_bytes(Encoding.PEM))
    standing._remembered.cache_clear()
    yield use_settings(
        monkeypatch, signing_folder=folder, signing_passphrase=PASSPHRASE.decode(), trusted_certificates=authority
    )
    standing._remembered.cache_clear()


def a_certificate(name: str, until: datetime) -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate]:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    since = until - timedelta(days=4000)
    builder = x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number(), since, until)
    return key, builder.sign(key, hashes.SHA256())


def a_key(name: str, until: datetime, passphrase: bytes) -> bytes:
    key, certificate = a_certificate(name, until)
    encryption = BestAvailableEncryption(passphrase)
    return serialize_key_and_certificates(name.encode(), key, certificate, None, encryption)


def test_certificates_stand_with_the_days_that_are_left(keys: Settings) -> None:
    lines = known_certificates(clock.wall(), patience=60)
    assert lines is not None
    told = {(one.purpose, one.name): one.standing for one in lines}
    assert told == {
        (Purpose.SEAL, ""): Standing.RENEW,
        (Purpose.EXPERT, "good"): Standing.GOOD,
        (Purpose.EXPERT, "soon"): Standing.SOON,
        (Purpose.EXPERT, "ended"): Standing.ENDED,
        (Purpose.EXPERT, "locked"): Standing.FAULT,
        (Purpose.AUTHORITY, "Authority"): Standing.GOOD,
    }
    assert [one.name for one in lines][:2] == ["locked", "ended"]  # the worst first


def test_the_page_tells_them_and_who_has_none(keys: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PREFECT_API_URL", "http://127.0.0.1:9/api")
    with transaction() as session:
        session.add_all(
            [
                an_expert_of(Specialty.CARDIOLOGY, "cardiac_surgeon", code="good"),
                an_expert_of(Specialty.CARDIOLOGY, "cardiac_surgeon", code="without"),
            ]
        )
    browser = signed_in(Role.OPS)
    browser.open("/ops/storage")
    rows = {row.xpath("th")[0].text_content(): row.text_content() for row in browser.page.xpath("//tbody/tr")}
    assert "renew it soon" in rows["Seal of the organisation"] and "39" in rows["Seal of the organisation"]
    assert "does not open: check the file and its passphrase" in rows["Expertlocked"]
    assert "Active experts without a certificate: 1." in browser.text


def test_a_missing_seal_is_told(keys: Settings) -> None:
    assert keys.signing_folder is not None
    (keys.signing_folder / "organisation.p12").unlink()
    (seal,) = [one for one in certificates(keys) if one.purpose is Purpose.SEAL]
    assert (seal.valid_until, seal.fault) == (None, "missing")


def test_a_time_stamp_service_that_does_not_answer_is_told(keys: Settings) -> None:
    using = keys.model_copy(update={"timestamp_url": "http://127.0.0.1:9/tsa"})
    (service,) = [one for one in certificates(using) if one.purpose is Purpose.TIMESTAMP]
    assert service.fault == "does not answer"


def test_what_takes_long_is_found_out_beside() -> None:
    may_go = threading.Event()

    def find() -> str:
        assert may_go.wait(60)
        return "found"

    remembered = Remembered(find, good_for=3600)
    assert remembered.known() is None
    may_go.set()
    until = threading.Event()
    for _ in range(600):
        if remembered.known() is not None:
            break
        until.wait(0.1)
    assert remembered.known() == "found"


CALM = Backlog(cases=9, marked=1, executing=1, overdue=0, failing=0, stopped=0, lag=timedelta(seconds=1))
WORKER = WorkerLine(name="machine-1", heard_at=NOW, living=True, holds=(), held=0)
ALL_WELL = State(
    parts=(Component(part=Part.DATABASE, ok=True),),
    workers=(WORKER,),
    backlog=CALM,
    queues=(Queue(channel="email", waiting=4, due=2, lag=timedelta(seconds=20)),),
    failed_messages=0,
    failed_webhooks=0,
    disabled_endpoints=0,
    certificates=(),
    backup=None,
    backup_age=timedelta(hours=30),
)


@pytest.mark.parametrize(
    ("change", "matter", "grave"),
    [
        ({"parts": (Component(part=Part.PREFECT, ok=False, trouble=Trouble.SILENT),)}, Matter.PART, True),
        ({"workers": ()}, Matter.NO_WORKER, True),
        ({"backlog": CALM.model_copy(update={"overdue": 2})}, Matter.OVERDUE, True),
        ({"backlog": CALM.model_copy(update={"stopped": 1})}, Matter.STOPPED, True),
        ({"backlog": CALM.model_copy(update={"failing": 1})}, Matter.FAILING, False),
        ({"queues": (Queue(channel="sms", waiting=4, due=3, lag=timedelta(hours=1)),)}, Matter.OUTBOX, False),
        ({"failed_messages": 1}, Matter.MESSAGES, False),
        ({"failed_webhooks": 1}, Matter.WEBHOOKS, False),
        ({"disabled_endpoints": 1}, Matter.ENDPOINTS, False),
        ({"workers": (WORKER, WORKER.model_copy(update={"living": False}))}, Matter.SILENT, False),
        ({"backup_age": timedelta(days=3)}, Matter.BACKUP, False),
    ],
    ids=lambda value: value.value if isinstance(value, Matter) else "",
)
def test_each_matter_is_named_and_the_grave_ones_first(change: dict[str, object], matter: Matter, grave: bool) -> None:
    assert attention(ALL_WELL) == []
    (look,) = attention(ALL_WELL.model_copy(update=change))
    assert (look.matter, look.grave) == (matter, grave)
