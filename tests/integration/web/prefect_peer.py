"""Stands where Prefect's server is: a real HTTP server that keeps what it was asked, and answers from a table."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Asked:
    """One request: `headers` by lower-case names."""

    method: str
    path: str
    headers: dict[str, str]
    body: str


@dataclass
class PrefectPeer:
    """`answers`: path → status, headers, body; what is not in it is answered with 200 and `{}`."""

    port: int = 0
    asked: list[Asked] = field(default_factory=list)
    answers: dict[str, tuple[int, dict[str, str], Any]] = field(default_factory=dict)

    @property
    def api_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/api"

    @property
    def last(self) -> Asked:
        return self.asked[-1]


@contextmanager
def prefect_peer() -> Iterator[PrefectPeer]:
    """The server, until the block ends."""
    peer = PrefectPeer()

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
            headers = {name.lower(): value for name, value in self.headers.items()}
            peer.asked.append(Asked(self.command, self.path, headers, body))
            status, more, said = peer.answers.get(self.path.partition("?")[0], (200, {}, {}))
            content = json.dumps(said).encode()
            self.send_response(status)
            sent = {"Content-Type": "application/json", "Content-Length": str(len(content)), "Set-Cookie": "theirs=1"}
            for name, value in (sent | more).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_PATCH = do_DELETE = answer  # noqa: N815 - the standard library's names

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    peer.port = server.server_address[1]
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield peer
    finally:
        server.shutdown()
        server.server_close()
