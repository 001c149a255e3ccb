"""SendGrid and Twilio as one small HTTP server with a memory: it takes, refuses, stumbles and falls silent on request.

What it demands of a request is what the vendors' OpenAPI files say (test_channel_contracts.py holds the real ones).
"""

import json
import re
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import Message as Headers
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar
from urllib.parse import parse_qs

ACCOUNT, TOKEN, KEY = "AC" + "0" * 32, "token", "SG.key"
SILENCE = 0  # an "answer" that never comes: the connection stays open until the server ends
HANG_UP = -1  # the connection is closed without an answer
GARBLED = -2  # success, but the body cannot be read


@dataclass(frozen=True)
class Taken:
    """A message that a vendor took."""

    vendor: str
    address: str
    text: str
    message_id: str = ""


@dataclass
class FakeVendors:
    url: str = ""
    taken: list[Taken] = field(default_factory=list)
    asked: int = 0  # requests, whatever came of them
    answers: deque[int] = field(default_factory=deque)  # HTTP statuses (or the words above) to give before behaving
    unsubscribed: set[str] = field(default_factory=set)
    silent: threading.Event = field(default_factory=threading.Event)  # set while a request waits in silence
    ended: threading.Event = field(default_factory=threading.Event)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def next_answer(self) -> int | None:
        with self._lock:
            self.asked += 1
            return self.answers.popleft() if self.answers else None

    def take(self, taken: Taken) -> str:
        with self._lock:
            self.taken.append(taken)
            return f"SM{len(self.taken):032x}"

    def settings(self) -> dict[str, Any]:
        """What points an installation at this server."""
        return {
            "email_channel": "sendgrid",
            "sendgrid_url": self.url,
            "sendgrid_api_key": KEY,
            "sms_channel": "twilio",
            "twilio_url": self.url,
            "twilio_account_sid": ACCOUNT,
            "twilio_auth_token": TOKEN,
            "sms_from": "+34600000001",
        }


class _Handler(BaseHTTPRequestHandler):
    vendors: ClassVar[FakeVendors]

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        stumble = self.vendors.next_answer()
        if stumble is not None and self._stumbles(stumble):
            return
        if self.path == "/v3/mail/send":
            self._mail(json.loads(body), self.headers)
        else:
            self._sms({name: values[0] for name, values in parse_qs(body.decode()).items()})

    def _stumbles(self, answer: int) -> bool:
        if answer == SILENCE:
            self.vendors.silent.set()
            self.vendors.ended.wait(60)
            return True
        if answer == HANG_UP:
            self.close_connection = True
            return True
        if answer == GARBLED:
            self._answer(202 if self.path == "/v3/mail/send" else 201, b"<html>")
            return True
        self._answer(answer, json.dumps({"code": None, "message": "as asked"}).encode(), {"Location": "/elsewhere"})
        return True

    def _mail(self, body: dict[str, Any], headers: Headers) -> None:
        if headers["Authorization"] != f"Bearer {KEY}":
            return self._answer(401, b'{"errors": [{"message": "authorization required"}]}')
        person = body["personalizations"][0]
        address = person["to"][0]["email"]
        if "@" not in address or not body["subject"]:
            return self._answer(400, json.dumps({"errors": [{"message": f"{address} is no address"}]}).encode())
        text = body["content"][0]["value"]
        reference = self.vendors.take(Taken("sendgrid", address, text, person["custom_args"]["secunda_message_id"]))
        return self._answer(202, b"", {"X-Message-Id": reference})

    def _sms(self, form: dict[str, str]) -> None:
        if not self.headers["Authorization"]:
            return self._refuse_sms(401, 20003)
        if not re.fullmatch(r"\+\d{8,15}", form["To"]):
            return self._refuse_sms(400, 21211)
        if form["To"] in self.vendors.unsubscribed:
            return self._refuse_sms(400, 21610)
        sid = self.vendors.take(Taken("twilio", form["To"], form["Body"]))
        return self._answer(201, json.dumps({"sid": sid, "to": form["To"], "status": "queued"}).encode())

    def _refuse_sms(self, status: int, code: int) -> None:
        self._answer(status, json.dumps({"code": code, "message": "refused", "status": status}).encode())

    def _answer(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self) -> None:
        self._answer(200, b"{}")  # what a followed redirect finds

    def log_message(self, *args: Any) -> None:
        """Quiet."""


@contextmanager
def fake_vendors() -> Iterator[FakeVendors]:
    """Both vendors on a free port of this machine."""
    vendors = FakeVendors()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"vendors": vendors}))
    server.daemon_threads = True
    vendors.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield vendors
    finally:
        vendors.ended.set()
        server.shutdown()
        server.server_close()
