"""Response headers and the access log of every request."""

import re
import secrets
import time
from collections.abc import Mapping, MutableMapping
from typing import Any

from fastapi import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from secunda import logs
from secunda.api.problems import ProblemError, respond
from secunda.metrics import requests

REQUEST_ID = "X-Request-ID"
QUIET = ("/health/", "/metrics")  # asked by machines, every few seconds
_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")
_REQUEST_ID = REQUEST_ID.lower().encode()

# OWASP Secure Headers. Nothing is framed, cached, sent along as referrer or loaded from anywhere: a link is a key.
HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "no-referrer",
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex, nofollow",
}

_RAW_HEADERS = tuple((name.lower().encode(), value.encode()) for name, value in HEADERS.items())


class Guard:
    """Middleware: add the headers that a page has not set itself, and log the route, never the path with its token."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        guarded = _Guarded(scope, send)
        try:
            await self._app(scope, receive, guarded.send)
        except Exception as problem:
            logs.unexpected("request_failed", problem, method=scope["method"])
            if guarded.status:
                raise  # half an answer is out: the connection must break
            await _unforeseen(scope)(scope, receive, guarded.send)
        guarded.log()


class _Guarded:
    """One request on its way."""

    def __init__(self, scope: Scope, send: Send) -> None:
        self._scope, self._send, self._began = scope, send, time.perf_counter()
        self.status = 0
        asked = next((value for name, value in scope["headers"] if name == _REQUEST_ID), b"")
        self._state: MutableMapping[str, Any] = scope.setdefault("state", {})
        self._state |= {"request_id": request_id(asked.decode("latin-1")), "rate_headers": {}}

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = message.setdefault("headers", [])
            own = {name.lower() for name, _ in headers}
            headers.extend(one for one in _RAW_HEADERS if one[0] not in own)
            headers.append((_REQUEST_ID, self._state["request_id"].encode()))
            headers.extend(
                (name.lower().encode(), value.encode())
                for name, value in self._state["rate_headers"].items()
                if name.lower().encode() not in own
            )
        await self._send(message)

    def log(self) -> None:
        route: str = getattr(self._scope.get("route"), "path", "")
        took = time.perf_counter() - self._began
        requests.observe(self._scope["method"], route, self.status, took)
        if not route.startswith(QUIET):
            said = {"method": self._scope["method"], "route": route or "-", "status": self.status}
            logs.info("request", **said, milliseconds=round(took * 1000), trace=self._state["request_id"])


def request_id(asked: str) -> str:
    """The caller's own, where it is a plain word; else a new one."""
    return asked if _ID.fullmatch(asked) else secrets.token_hex(8)


def _unforeseen(scope: Scope) -> Response:
    if not scope["path"].startswith(("/api/", "/oauth/")):
        return Response(status_code=500)
    detail = "Something went wrong that nobody foresaw."
    return respond(ProblemError(500, "unforeseen", detail, "Tell us the request id."), scope["state"]["request_id"])
