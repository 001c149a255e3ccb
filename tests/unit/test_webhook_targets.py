"""Where webhooks may go, and that no altered notice is taken for ours."""

import base64
import random
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks import Webhook, WebhookVerificationError

from models import WebhookEndpoint
from secunda.adapters.addresses import is_public
from secunda.errors import BadInputError
from secunda.webhooks.outcomes import MOST_ATTEMPTS, SCHEDULE, pause_after
from secunda.webhooks.signing import headers, new_secret, rotate, secrets_of, set_secret
from secunda.webhooks.targets import check_url
from tests.conftest import use_settings

PRIVATE = [
    "127.0.0.1",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "0.0.0.0",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "192.0.2.1",
    "198.18.0.1",
    "::1",
    "::",
    "fe80::1",
    "fe80::1%eth0",
    "fc00::1",
    "ff02::1",
    "2001:db8::1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::127.0.0.1",
    "2002:7f00:1::1",
    "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::1",
    "not an address",
    "",
]
PUBLIC = ["8.8.8.8", "93.184.216.34", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"]
REFUSED = [
    "http://hooks.example.org/",
    "ftp://hooks.example.org/",
    "https://",
    "https:///path",
    "hooks.example.org",
    "https://user:secret@hooks.example.org/",
    "https://hooks.example.org/#part",
    "https://localhost/",
    "https://LOCALHOST./",
    "https://app.localhost/",
    "https://printer.local/",
    "https://metadata.google.internal/",
    "https://intranet/",
    "https://127.0.0.1/",
    "https://127.1/",
    "https://2130706433/",
    "https://0x7f000001/",
    "https://017700000001/",
    "https://[::1]/",
    "https://[::ffff:10.0.0.1]/",
    "https://169.254.169.254/latest/meta-data",
    "https://10.0.0.8:8443/hooks",
    "javascript:alert(1)",
    "https://hooks.example.org\\@127.0.0.1/",
    "https://hooks.example.org:99999/",
    f"https://hooks.example.org/{'a' * 2000}",
]


@pytest.mark.parametrize("address", PRIVATE)
def test_an_internal_address_is_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_an_address_of_the_open_internet_is(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("url", REFUSED)
def test_an_endpoint_that_could_reach_inside_is_refused(url: str) -> None:
    with pytest.raises(BadInputError) as caught:
        check_url(url)
    assert caught.value.place == "/url"
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    "url", ["https://hooks.example.org/in", "https://hooks.example.org:8443/in?a=1", "https://bücher.example/in"]
)
def test_a_public_https_url_is_taken(url: str) -> None:
    assert check_url(url).scheme == "https"


def test_operations_may_allow_a_host_inside(monkeypatch: pytest.MonkeyPatch) -> None:
    use_settings(monkeypatch, webhook_allowed_hosts='["receiver.internal", "127.0.0.1:8080"]')
    assert check_url("http://receiver.internal/in").host == "receiver.internal"
    assert check_url("http://127.0.0.1:8080/").port == 8080
    with pytest.raises(BadInputError):
        check_url("http://127.0.0.1:8081/")


def an_endpoint() -> tuple[WebhookEndpoint, str]:
    endpoint = WebhookEndpoint(payer="p", url="https://hooks.example.org/", created_at=datetime.now(UTC))
    return endpoint, set_secret(endpoint)


BODY = '{"type":"review.stage_changed","timestamp":"2026-03-02T09:00:00+00:00","data":{"reference":"SO-7K2M-Q9ZD"}}'


def test_what_is_signed_is_verified_by_the_specifications_own_library() -> None:
    endpoint, secret = an_endpoint()
    assert secret not in endpoint.secret
    said = headers(endpoint, "msg_1", BODY, datetime.now(UTC))
    assert Webhook(secret).verify(BODY, said)["data"] == {"reference": "SO-7K2M-Q9ZD"}


def test_of_a_thousand_altered_notices_none_is_accepted() -> None:
    endpoint, secret = an_endpoint()
    dice = random.Random(20261122)
    accepted = 0
    for turn in range(1000):
        said, body = headers(endpoint, f"msg_{turn}", BODY, datetime.now(UTC)), BODY
        what = ("signature", "body", "id", "timestamp", "key")[turn % 5]
        if what == "signature":
            altered = bytearray(base64.b64decode(said["webhook-signature"].partition(",")[2]))
            altered[dice.randrange(len(altered))] ^= 1 << dice.randrange(8)
            said["webhook-signature"] = "v1," + base64.b64encode(altered).decode()
        elif what == "body":
            place = dice.randrange(len(body))
            body = body[:place] + chr((ord(body[place]) - 32 + dice.randrange(1, 94)) % 95 + 32) + body[place + 1 :]
        elif what == "id":
            said["webhook-id"] += str(dice.randrange(10))
        elif what == "timestamp":
            said["webhook-timestamp"] = str(
                int(said["webhook-timestamp"]) + dice.choice((-1, 1)) * dice.randrange(1, 900)
            )
        else:
            secret_of_another = an_endpoint()[1] if turn < 50 else new_secret()
            said["webhook-signature"] = Webhook(secret_of_another).sign(f"msg_{turn}", datetime.now(UTC), body)
        try:
            Webhook(secret).verify(body, said, json_parse=False)
            accepted += 1
        except WebhookVerificationError:
            pass
    assert accepted == 0


def test_after_a_rotation_both_secrets_sign_until_the_overlap_ends() -> None:
    endpoint, old = an_endpoint()
    now = datetime.now(UTC)
    new = rotate(endpoint, now, timedelta(hours=24))
    assert secrets_of(endpoint, now + timedelta(hours=23)) == [new, old]
    said = headers(endpoint, "msg_1", BODY, now)
    for secret in (old, new):
        Webhook(secret).verify(BODY, said)
    later = headers(endpoint, "msg_1", BODY, now + timedelta(hours=24))
    assert len(later["webhook-signature"].split(" ")) == 1
    assert secrets_of(endpoint, now + timedelta(hours=24)) == [new]


def test_the_schedule_is_the_specifications() -> None:
    assert [int(one.total_seconds()) for one in SCHEDULE] == [
        5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400,
    ]  # fmt: skip
    assert MOST_ATTEMPTS == 10


@given(st.integers(1, 30), st.floats(0, 1))
def test_a_pause_is_the_schedules_and_a_little_more(attempts: int, jitter: float) -> None:
    planned = SCHEDULE[min(attempts, 9) - 1]
    assert planned <= pause_after(attempts, jitter) <= planned * 1.1
