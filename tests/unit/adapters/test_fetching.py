import hashlib
import json
import ssl
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import pytest

from secunda.adapters.fetching import FetchError, fetch
from secunda.errors import BadInputError
from tests.certificates import a_certificate
from tests.conftest import use_settings
from tests.unit.adapters.samples import pdf

CONTENT = pdf()


class Hospital(BaseHTTPRequestHandler):
    """A small document server."""

    hosts: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        self.hosts.append(self.headers["Host"])
        getattr(self, self.path[1:].partition("?")[0].replace("-", "_"), self.missing)()

    def answer(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for name, value in ({"Content-Length": str(len(body))} | headers).items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def document(self) -> None:
        self.answer(200, CONTENT, Content_Type="text/html")

    def redirect(self) -> None:
        self.answer(302, Location="/document")

    def circle(self) -> None:
        self.answer(302, Location="/circle")

    def away(self) -> None:
        self.answer(302, Location="https://elsewhere.example/document")

    def inward(self) -> None:
        self.answer(302, Location="http://169.254.169.254/latest")

    def squeezed(self) -> None:
        self.answer(200, CONTENT, Content_Encoding="gzip")

    def endless(self) -> None:
        self.send_response(200)
        self.end_headers()
        for _ in range(64):
            self.wfile.write(bytes(2**20))

    def cut_off(self) -> None:
        self.answer(200, CONTENT[:50], Content_Length=str(len(CONTENT)))

    def program(self) -> None:
        self.answer(200, b"MZ\x90\0" + bytes(100), Content_Type="application/pdf")

    def busy(self) -> None:
        self.answer(503)

    def gone(self) -> None:
        self.answer(410)

    def missing(self) -> None:
        self.answer(404)

    def log_message(self, *_: object) -> None:
        pass


def serve(context: ssl.SSLContext | None = None) -> ThreadingHTTPServer:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Hospital)
    if context is not None:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    return server


@pytest.fixture
def url(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], str]]:
    """The URL of a path on a host that is allowed."""
    server = serve()
    host = f"127.0.0.1:{server.server_port}"
    use_settings(monkeypatch, fetch_allowed_hosts=json.dumps([host]))
    yield lambda path: f"http://{host}/{path}"
    server.shutdown()


def stored(home: Path) -> list[Path]:
    return [path for path in home.rglob("*") if path.is_file()]


@pytest.mark.parametrize("path", ["document", "redirect"])
def test_a_document_is_fetched_examined_and_stored(url, path: str) -> None:
    taken = fetch(url(path))
    assert (taken.facts.media_type, taken.file.path.read_bytes()) == ("application/pdf", CONTENT)


def test_the_announced_hash_is_checked_before_anything_is_stored(url, home: Path) -> None:
    assert fetch(url("document"), expected_sha1=hashlib.sha1(CONTENT).hexdigest().upper()).file.size == len(CONTENT)
    for path in stored(home):
        path.unlink()
    with pytest.raises(BadInputError, match="not the one that was announced"):
        fetch(url("document"), expected_sha1="0" * 40)
    assert stored(home) == []


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("nowhere", "404"),
        ("gone", "410"),
        ("circle", "circles"),
        ("away", "another host|cannot be found"),
        ("inward", "not https|another host"),
        ("squeezed", "compressed"),
        ("program", "Windows program"),
    ],
)
def test_what_will_not_get_better_is_refused(url, home: Path, path: str, reason: str) -> None:
    with pytest.raises((BadInputError, FetchError), match=reason):
        fetch(url(path))
    assert stored(home) == []


@pytest.mark.parametrize("path", ["busy", "cut-off"])
def test_what_may_get_better_says_so(url, home: Path, path: str) -> None:
    with pytest.raises(FetchError):
        fetch(url(path))
    assert stored(home) == []


def test_a_download_stops_at_the_limit(url, home: Path) -> None:
    with pytest.raises(BadInputError, match="larger than"):
        fetch(url("endless"), limit_bytes=3 * 2**20)
    assert stored(home) == []


def test_a_host_that_is_down_may_come_back(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    use_settings(monkeypatch, fetch_allowed_hosts=json.dumps(["127.0.0.1"]))
    with pytest.raises(FetchError, match="does not answer"):
        fetch("http://127.0.0.1:9/document")


@pytest.mark.parametrize(
    "address",
    [
        "https://127.0.0.1/x",
        "https://localhost/x",
        "https://2130706433/x",
        "https://0x7f.1/x",
        "https://[::1]/x",
        "https://[::ffff:127.0.0.1]/x",
        "https://10.1.2.3/x",
        "https://192.168.1.1/x",
        "https://169.254.169.254/latest/meta-data",
        "https://100.64.0.1/x",
        "https://0.0.0.0/x",
        "https://[fd00::1]/x",
        "http://93.184.216.34/x",
        "ftp://93.184.216.34/x",
        "file:///etc/passwd",
        "https://user:secret@93.184.216.34/x",
        "https:///x",
        "https://[bad/x",
        "https://93.184.216.34:99999/x",
        "Binary/1",
        "",
    ],
)
def test_nothing_inside_and_nothing_unencrypted_is_asked(home: Path, address: str) -> None:
    with pytest.raises(BadInputError) as caught:
        fetch(address)
    assert caught.value.remedy
    assert not any(part in str(caught.value) for part in ("passwd", "secret", "meta-data"))


def test_no_error_tells_the_path(url) -> None:
    with pytest.raises(BadInputError) as caught:
        fetch(url("nowhere?patient=Garcia"))
    assert "Garcia" not in str(caught.value)
    assert "nowhere" not in str(caught.value)


@pytest.mark.parametrize(("name", "answers"), [("localhost", True), ("elsewhere.example", False)])
def test_the_certificate_must_be_that_of_the_name(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, answers: bool
) -> None:
    path, context = a_certificate(tmp_path, name)
    server = serve(context)
    host = f"localhost:{server.server_port}"
    use_settings(monkeypatch, fetch_allowed_hosts=json.dumps([host]))
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    if answers:
        assert fetch(f"https://{host}/document").file.size == len(CONTENT)
        assert Hospital.hosts[-1] == host
    else:
        with pytest.raises(FetchError):
            fetch(f"https://{host}/document")
    server.shutdown()
