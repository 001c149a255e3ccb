"""Bodies that nobody should send, to the API as a process of its own: it refuses them, and its memory stays flat."""

import socket
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import urlsplit

import httpx
import psutil
import pytest
from sqlalchemy import text

from secunda.db import transaction
from secunda.postgres import EmbeddedPostgres
from secunda.settings import settings
from tests.conftest import a_database, use_settings
from tests.functional.door.serving import a_key, served

MEGABYTE = 2**20
GIGABYTE = 2**30
LARGEST = 4 * MEGABYTE  # that is accepted here
SETTLED = 64 * MEGABYTE  # what buffers, threads and the first use of libraries may take


@dataclass(frozen=True)
class Served:
    address: str
    key: str

    @property
    def process(self) -> psutil.Process:
        port = urlsplit(self.address).port
        listening = (one for one in psutil.net_connections("tcp") if one.status == psutil.CONN_LISTEN)
        (found,) = {one.pid for one in listening if one.laddr and one.laddr.port == port}
        return psutil.Process(found)

    def memory(self) -> int:
        return int(self.process.memory_info().rss)

    def headers(self, **more: object) -> str:
        said = {"Host": "localhost", "X-API-Key": self.key, "Idempotency-Key": "one", **more}
        return "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in said.items()) + "\r\n"

    def connected(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", urlsplit(self.address).port or 0), timeout=120)


@pytest.fixture(scope="module")
def api(postgres: EmbeddedPostgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """One for all of them: what one leaves behind is another's to bear."""
    home = tmp_path_factory.mktemp("bodies")
    with pytest.MonkeyPatch.context() as patch:
        use_settings(patch, environment="test", home=home)
        with (
            a_database(postgres, patch) as url,
            served(home, url, max_bundle_bytes=LARGEST, api_idle_seconds=2, api_requests_per_minute=10**6) as address,
        ):
            found = Served(address, a_key())
            httpx.get(f"{address}/api/v1/reviews", headers={"X-API-Key": found.key}).raise_for_status()
            yield found
        settings.cache_clear()


def status_in(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1])


@pytest.mark.parametrize("path", ["/api/v1/reviews", "/fhir/R4/Claim/$submit"])
def test_a_gigabyte_is_cut_off_early_and_never_held(api: Served, path: str) -> None:
    """Sent in chunks, so that no length warns of it. The server hangs up long before the end."""
    kind = "application/json" if path.startswith("/api") else "application/fhir+json"
    before, piece, sent = api.memory(), b"[" * MEGABYTE, 0
    with api.connected() as line:
        head = f"POST {path} HTTP/1.1\r\n" + api.headers(Content_Type=kind, Transfer_Encoding="chunked")
        line.sendall(head.encode())
        try:
            while sent < GIGABYTE:
                line.sendall(f"{len(piece):x}\r\n".encode() + piece + b"\r\n")
                sent += len(piece)
        except OSError:
            pass  # it hung up
        peak = api.memory()
    assert sent < GIGABYTE / 4, "it read on and on"
    assert peak - before < SETTLED
    assert httpx.get(f"{api.address}/health/live", timeout=60).status_code == 200


def test_a_gigabyte_that_is_declared_is_refused_unread(api: Served) -> None:
    before = api.memory()
    with api.connected() as line:
        head = "POST /api/v1/reviews HTTP/1.1\r\n"
        line.sendall((head + api.headers(Content_Type="application/json", Content_Length=GIGABYTE)).encode())
        assert status_in(line.recv(65536)) == 413
    assert api.memory() - before < SETTLED


def test_deep_nesting_is_a_problem_and_not_a_crash(api: Served) -> None:
    for path, kind in (("/api/v1/reviews", "application/json"), ("/fhir/R4/Claim/$submit", "application/fhir+json")):
        for deep in (b"[" * 100_000, b'{"a":' * 100_000 + b"1" + b"}" * 100_000):
            headers = {"X-API-Key": api.key, "Idempotency-Key": "deep", "Content-Type": kind}
            answer = httpx.post(f"{api.address}{path}", content=deep, headers=headers, timeout=60)
            assert answer.status_code == 400, answer.text
            assert "json" in answer.headers["content-type"]


def test_slow_senders_keep_nobody_waiting(api: Served) -> None:
    """Fifty of them trickle their bodies; everybody else is answered meanwhile, and they hold no transaction open."""
    lines = [api.connected() for _ in range(50)]
    head = "POST /api/v1/reviews HTTP/1.1\r\n"
    for number, line in enumerate(lines):
        said = api.headers(Content_Type="application/json", Content_Length=1000, Idempotency_Key=number)
        line.sendall((head + said).encode() + b"{")
    until = time.monotonic() + 3
    while time.monotonic() < until:
        for line in lines:
            with suppress(OSError):  # where this machine is so busy that the server gave one up
                line.sendall(b" ")
        answer = httpx.get(f"{api.address}/api/v1/reviews", headers={"X-API-Key": api.key}, timeout=60)
        assert answer.status_code == 200
    with transaction() as session:
        waits = text("select count(*) from pg_stat_activity where state = 'idle in transaction'")
        assert session.connection().execute(waits).scalar_one() == 0
    for line in lines:
        line.close()


def test_a_body_that_stops_coming_is_given_up(api: Served) -> None:
    """After `api_idle_seconds` without a byte."""
    with api.connected() as line:
        head = "POST /api/v1/reviews HTTP/1.1\r\n"
        line.sendall((head + api.headers(Content_Type="application/json", Content_Length=1000)).encode() + b"{")
        assert status_in(line.recv(65536)) == 408
