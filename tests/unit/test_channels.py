"""Each channel takes a good message, and says of every refusal whether another attempt can help."""

import email
import email.policy
import logging
import socket
from collections.abc import Iterator
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secunda.channels import (
    CHANNELS,
    Channel,
    DeliveryError,
    OutgoingMessage,
    email_sendgrid,
    open_channels,
    sms_twilio,
)
from secunda.channels.file import FileEmail, FileSms
from secunda.channels.refusals import HTTP_REFUSALS, http_refusal, twilio_refusal
from secunda.errors import BadInputError
from secunda.settings import Settings
from tests.fakes.vendors import GARBLED, HANG_UP, SILENCE, FakeVendors, fake_vendors

MESSAGE_ID = UUID("6f1c0f9e-5f0f-4a6e-8d43-1d2f0a4f9c11")
EMAIL = OutgoingMessage(MESSAGE_ID, "ada@example.org", "The text, ñ.", "Asunto: ñandú", "<p>The text</p>")
SMS = OutgoingMessage(MESSAGE_ID, "+34600000000", "Secunda: hola")


@pytest.fixture
def vendors() -> Iterator[FakeVendors]:
    with fake_vendors() as running:
        yield running


@pytest.fixture
def providers(vendors: FakeVendors) -> dict[str, Channel]:
    return dict(open_channels(Settings(environment="test", **vendors.settings())))


def refused(channel: Channel, message: OutgoingMessage) -> DeliveryError:
    with pytest.raises(DeliveryError) as caught:
        channel.send(message)
    assert message.address not in str(caught.value)
    assert caught.value.__cause__ is None
    return caught.value


def test_every_transport_of_the_table_can_be_opened(vendors: FakeVendors) -> None:
    for channel, transports in CHANNELS.items():
        for transport in transports:
            values = vendors.settings() | {f"{channel}_channel": transport}
            opened = open_channels(Settings(environment="test", **values))[channel]
            assert opened.idempotent == (transport == "file")


def test_a_message_hides_its_address_and_text_from_logs() -> None:
    assert "ada@" not in repr(EMAIL)
    assert "text" not in repr(EMAIL)


def test_sendgrid_takes_an_email_with_our_id(vendors: FakeVendors, providers: dict[str, Channel]) -> None:
    receipt = providers["email"].send(EMAIL)
    assert [(taken.address, taken.message_id) for taken in vendors.taken] == [("ada@example.org", str(MESSAGE_ID))]
    assert receipt.provider_reference.startswith("SM")


def test_twilio_takes_an_sms_and_names_it(vendors: FakeVendors, providers: dict[str, Channel]) -> None:
    message = OutgoingMessage(MESSAGE_ID, "00 34 (600) 000-000", "hola")
    assert providers["sms"].send(message).provider_reference == f"SM{1:032x}"
    assert vendors.taken[0].address == "+34600000000"


@pytest.mark.parametrize(("channel", "message"), [("email", EMAIL), ("sms", SMS)])
@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        (302, "permanent"),
        (400, "permanent"),
        (401, "permanent"),
        (403, "permanent"),
        (413, "permanent"),
        (422, "permanent"),
        (429, "transient"),
        (500, "transient, maybe sent"),
        (502, "transient, maybe sent"),
        (503, "transient"),
        (504, "transient, maybe sent"),
        (HANG_UP, "transient, maybe sent"),
    ],
)
def test_a_refusal_is_permanent_or_transient(
    vendors: FakeVendors, channel: str, message: OutgoingMessage, answer: int, verdict: str
) -> None:
    vendors.answers.append(answer)
    error = refused(open_channels(Settings(environment="test", **vendors.settings()))[channel], message)
    assert error.permanent == (verdict == "permanent")
    assert error.maybe_sent == verdict.endswith("maybe sent")
    assert not vendors.taken


@pytest.mark.parametrize(("channel", "message"), [("email", EMAIL), ("sms", SMS)])
def test_a_provider_that_falls_silent_is_given_up_in_time(
    vendors: FakeVendors, channel: str, message: OutgoingMessage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(email_sendgrid, "SEND_TIMEOUT", 0.2)
    monkeypatch.setattr(sms_twilio, "SEND_TIMEOUT", 0.2)
    open_channels.cache_clear()
    vendors.answers.append(SILENCE)
    error = refused(open_channels(Settings(environment="test", **vendors.settings()))[channel], message)
    assert (error.reason_code, error.permanent, error.maybe_sent) == ("no_answer", False, True)
    open_channels.cache_clear()


@pytest.mark.parametrize(("channel", "message"), [("email", EMAIL), ("sms", SMS)])
def test_a_provider_that_is_down_is_tried_again(channel: str, message: OutgoingMessage) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        down = FakeVendors(url=f"http://127.0.0.1:{unused.getsockname()[1]}")
        error = refused(open_channels(Settings(environment="test", **down.settings()))[channel], message)
    assert not error.permanent


@pytest.mark.parametrize(("channel", "message"), [("email", EMAIL), ("sms", SMS)])
def test_a_garbled_success_is_never_sent_again(
    vendors: FakeVendors, providers: dict[str, Channel], channel: str, message: OutgoingMessage
) -> None:
    vendors.answers.append(GARBLED)
    assert providers[channel].send(message).provider_reference == ""


def test_an_unsubscribed_number_is_permanent_and_says_so(vendors: FakeVendors, providers: dict[str, Channel]) -> None:
    vendors.unsubscribed.add(SMS.address)
    assert refused(providers["sms"], SMS).reason_code == "unsubscribed"


def test_a_wrong_number_is_permanent(providers: dict[str, Channel]) -> None:
    error = refused(providers["sms"], OutgoingMessage(MESSAGE_ID, "call me", "hola"))
    assert (error.reason_code, error.permanent) == ("invalid_number", True)


def test_a_wrong_key_is_permanent(vendors: FakeVendors) -> None:
    values = vendors.settings() | {"sendgrid_api_key": "SG.other"}
    error = refused(open_channels(Settings(environment="test", **values))["email"], EMAIL)
    assert (error.reason_code, error.permanent) == ("not_authenticated", True)


@pytest.mark.parametrize("missing", ["sendgrid_api_key", "twilio_auth_token", "sms_from"])
def test_a_provider_without_credentials_is_refused_by_name(vendors: FakeVendors, missing: str) -> None:
    with pytest.raises(BadInputError, match=f"SECUNDA_{missing.upper()}"):
        open_channels(Settings(environment="test", **vendors.settings() | {missing: ""}))


def test_the_vendors_code_is_more_precise_than_the_status() -> None:
    assert twilio_refusal(400, 21611).permanent is False
    assert twilio_refusal(429, 63038).permanent is True
    assert twilio_refusal(400, 99999).reason_code == "rejected"
    assert twilio_refusal(503, None).permanent is False


@given(st.integers(300, 599))
def test_every_status_is_classified(status: int) -> None:
    error = http_refusal(status)
    assert error.permanent == (status < 500) or status in HTTP_REFUSALS


def test_the_sdks_log_no_address(
    vendors: FakeVendors, providers: dict[str, Channel], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    providers["email"].send(EMAIL)
    providers["sms"].send(SMS)
    vendors.answers.extend([400, 400])
    refused(providers["email"], EMAIL)
    refused(providers["sms"], SMS)
    said = caplog.text
    for secret in ("ada@example.org", "600000000", "hola", "SG.key"):
        assert secret not in said


def test_an_email_sent_twice_is_one_file(tmp_path_factory: pytest.TempPathFactory) -> None:
    using = Settings(environment="test", home=tmp_path_factory.mktemp("home"))
    channel = FileEmail(using)
    assert channel.send(EMAIL) == channel.send(EMAIL)
    (file,) = using.outbox_folder.iterdir()
    assert file.name == f"{MESSAGE_ID}.eml"
    assert file.stat().st_mode & 0o077 == 0
    read = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
    assert (read["To"], read["Subject"]) == ("ada@example.org", "Asunto: ñandú")
    plain, html = read.get_body(("plain",)), read.get_body(("html",))
    assert plain is not None and plain.get_content().strip() == "The text, ñ."
    assert html is not None and html.get_content_type() == "text/html"


@pytest.mark.parametrize(
    "address", ["", "nobody", "a@b\nBcc: all@example.org", "a b@example.org", "a@example.org, b@c.org"]
)
def test_a_file_email_needs_one_address(tmp_path_factory: pytest.TempPathFactory, address: str) -> None:
    using = Settings(environment="test", home=tmp_path_factory.mktemp("home"))
    message = OutgoingMessage(MESSAGE_ID, address, "text", "subject")
    with pytest.raises(DeliveryError) as caught:
        FileEmail(using).send(message)
    assert (caught.value.reason_code, caught.value.permanent) == ("invalid_address", True)
    assert not using.outbox_folder.exists()


def test_an_sms_is_a_text_file(tmp_path_factory: pytest.TempPathFactory) -> None:
    using = Settings(environment="test", home=tmp_path_factory.mktemp("home"))
    receipt = FileSms(using).send(SMS)
    assert receipt.provider_reference == f"file:{MESSAGE_ID}.txt"
    assert (using.outbox_folder / f"{MESSAGE_ID}.txt").read_text() == "To: +34600000000\n\nSecunda: hola\n"


def test_an_outbox_that_cannot_be_written_is_tried_again(tmp_path_factory: pytest.TempPathFactory) -> None:
    home = tmp_path_factory.mktemp("home")
    (home / "outbox").write_text("a file where the folder should be")
    with pytest.raises(DeliveryError) as caught:
        FileSms(Settings(environment="test", home=home)).send(SMS)
    assert not caught.value.permanent
