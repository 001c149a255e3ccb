"""Both SDKs against the vendors' own OpenAPI files, served by Prism: what we send is what the vendors say they take."""

import fcntl
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from pathways.vocabulary import Language
from secunda.channels import Channel, DeliveryError, OutgoingMessage, open_channels
from secunda.messages import EVENTS, Words, render
from secunda.settings import Settings
from tests.conftest import CHECKOUT

CONTRACT = CHECKOUT / "tests" / "contract"
ACCOUNT = "AC" + "0" * 32
SPECIFICATIONS = {"twilio": "openapi/twilio/twilio_api_v2010.json", "sendgrid": "openapi/sendgrid/oas_v3.json"}
READY_WITHIN = 60.0  # seconds; Prism takes about three

pytestmark = pytest.mark.xdist_group("prism")


@pytest.fixture(scope="module")
def prism() -> Path:
    """Prism's program, installed from the lock file into an ignored folder the first time."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        pytest.skip("node and npm are not here: Prism, which plays the vendors, needs them")
    program = CONTRACT / "node_modules" / ".bin" / "prism"
    with (Path(tempfile.gettempdir()) / "secunda-prism.lock").open("w") as one_at_a_time:
        fcntl.flock(one_at_a_time, fcntl.LOCK_EX)
        if not program.exists():
            _install()
    return program


def _install() -> None:
    command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    done = subprocess.run(command, cwd=CONTRACT, capture_output=True, text=True, timeout=240, check=False)
    if done.returncode:
        pytest.skip(f"npm could not install Prism: {done.stderr.strip()[-300:]}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_for(url: str, process: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + READY_WITHIN
    while time.monotonic() < until:
        assert process.poll() is None, "Prism ended"
        try:
            httpx.get(url)
        except httpx.TransportError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError(f"Prism did not answer within {READY_WITHIN:.0f} s")


@pytest.fixture(scope="module")
def vendors(prism: Path, test_data: Path) -> Iterator[dict[str, str]]:
    """URL of each vendor's mock."""
    urls: dict[str, str] = {}
    processes: list[subprocess.Popen[bytes]] = []
    try:
        for vendor, path in SPECIFICATIONS.items():
            if not (test_data / path).exists():
                pytest.skip(f"{path} is not among the test data")
            port = _free_port()
            command = [str(prism), "mock", "-h", "127.0.0.1", "-p", str(port), "--errors", str(test_data / path)]
            quiet = subprocess.DEVNULL
            processes.append(subprocess.Popen(command, stdout=quiet, stderr=quiet))
            urls[vendor] = f"http://127.0.0.1:{port}"
        for url, process in zip(urls.values(), processes, strict=True):
            _wait_for(url, process)
        yield urls
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait(10)


def channels(vendors: dict[str, str], **values: str) -> dict[str, Channel]:
    defaults = {
        "environment": "test",
        "email_channel": "sendgrid",
        "sendgrid_url": vendors["sendgrid"],
        "sendgrid_api_key": "SG.contract",
        "email_from": "no-reply@example.org",
        "sms_channel": "twilio",
        "twilio_url": vendors["twilio"],
        "twilio_account_sid": ACCOUNT,
        "twilio_auth_token": "contract",
        "sms_from": "+34600000001",
    }
    return open_channels(Settings.model_validate(defaults | values))


def an_email(address: str = "expert@example.org", subject: str = "SO-TEST-0001: offer") -> OutgoingMessage:
    return OutgoingMessage(uuid4(), address, "Plain text.", subject, "<p>HTML.</p>")


def refusal(channel: Channel, message: OutgoingMessage) -> DeliveryError:
    with pytest.raises(DeliveryError) as caught:
        channel.send(message)
    return caught.value


@pytest.mark.parametrize("event", EVENTS)
def test_the_vendors_contracts_take_what_we_say(vendors: dict[str, str], event: str) -> None:
    values = {"due_at": "2026-11-27T13:00:00Z", "role": "Cirugía", "count": 2, "waiting_for": "consent"}
    values |= {"addressee": "expert", "failed_channel": "sms", "next_channel": "email", "doubt": False}
    values |= {"share": 80, "answer": "certified", "code": "123456", "request": "access"}
    link = f"https://example.org/d/{'A' * 53}" if EVENTS[event].linked else ""
    words = Words(event, Language.ES, "Europe/Madrid", "SO-TEST-0001", link, values)
    for channel, address in (("email", "expert@example.org"), ("sms", "+34600000000")):
        said = render(channel, words)
        channels(vendors)[channel].send(OutgoingMessage(uuid4(), address, said.text, said.subject, said.html))


@pytest.mark.parametrize("sender", ["+34600000001", "MG" + "0" * 32, "SECUNDA"])
def test_twilios_contract_takes_our_sms(vendors: dict[str, str], sender: str) -> None:
    message = OutgoingMessage(uuid4(), "+34600000000", "Secunda SO-TEST-0001")
    assert channels(vendors, sms_from=sender)["sms"].send(message).provider_reference.startswith("SM")


@pytest.mark.parametrize(
    "bad", [an_email(address="nobody"), an_email(address=""), OutgoingMessage(uuid4(), "a@example.org", "", "s", "")]
)
def test_sendgrids_contract_refuses_a_bad_email_for_good(vendors: dict[str, str], bad: OutgoingMessage) -> None:
    error = refusal(channels(vendors)["email"], bad)
    assert (error.reason_code, error.permanent) == ("rejected", True)


def test_twilios_contract_refuses_an_unknown_account_for_good(vendors: dict[str, str]) -> None:
    error = refusal(channels(vendors, twilio_account_sid="AC-short")["sms"], OutgoingMessage(uuid4(), "+346", "text"))
    assert (error.reason_code, error.permanent) == ("rejected", True)


def test_both_contracts_refuse_a_sender_without_credentials_for_good(vendors: dict[str, str]) -> None:
    opened = channels(vendors)
    opened["email"]._sdk.client.request_headers.pop("Authorization")  # type: ignore[attr-defined]
    opened["sms"]._sdk.username = None  # type: ignore[attr-defined]
    for channel, message in (("email", an_email()), ("sms", OutgoingMessage(uuid4(), "+34600000000", "text"))):
        error = refusal(opened[channel], message)
        assert (error.reason_code, error.permanent) == ("not_authenticated", True)
    open_channels.cache_clear()


def test_the_contracts_would_notice_a_field_that_is_missing(vendors: dict[str, str]) -> None:
    """The mocks check requests at all: without this, the tests above could not fail."""
    sms = f"{vendors['twilio']}/2010-04-01/Accounts/{ACCOUNT}/Messages.json"
    assert httpx.post(sms, data={"Body": "text"}, auth=(ACCOUNT, "contract")).status_code == 422
    mail = f"{vendors['sendgrid']}/v3/mail/send"
    assert httpx.post(mail, json={}, headers={"Authorization": "Bearer key"}).status_code == 400
