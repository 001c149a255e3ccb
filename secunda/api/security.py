"""Response headers and the access log of every request."""

import base64
import hashlib
import re
import secrets
import time
from collections.abc import Awaitable, Callable, Mapping

from fastapi import Request, Response

from secunda import logs
from secunda.api.problems import ProblemError, respond

REQUEST_ID = "X-Request-ID"
_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")
Handler = Callable[[Request], Awaitable[Response]]

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


def policy_for_style(style: str) -> str:
    """A content policy that allows this one inline style and nothing else."""
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return f"{HEADERS['Content-Security-Policy']}; style-src 'sha256-{digest}'"


async def guard(request: Request, call_next: Handler) -> Response:
    """Middleware: add the headers that a page has not set itself, and log the route, never the path with its token."""
    began = time.perf_counter()
    request.state.request_id = request_id(request.headers.get(REQUEST_ID, ""))
    request.state.rate_headers = {}
    try:
        response = await call_next(request)
    except Exception as problem:  # noqa: BLE001 - a stranger sees a plain 500; the log says where it happened
        logs.unexpected("request_failed", problem, method=request.method)
        response = _unforeseen(request)
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers[REQUEST_ID] = request.state.request_id
    response.headers.update(request.state.rate_headers)
    _log(request, response, time.perf_counter() - began)
    return response


def request_id(asked: str) -> str:
    """The caller's own, where it is a plain word; else a new one."""
    return asked if _ID.fullmatch(asked) else secrets.token_hex(8)


def _unforeseen(request: Request) -> Response:
    if not request.url.path.startswith(("/api/", "/oauth/")):
        return Response(status_code=500)
    detail = "Something went wrong that nobody foresaw."
    return respond(ProblemError(500, "unforeseen", detail, "Tell us the request id."), request.state.request_id)


def _log(request: Request, response: Response, took: float) -> None:
    route = getattr(request.scope.get("route"), "path", "-")
    if not route.startswith("/health/"):
        said = {"method": request.method, "route": route, "status": response.status_code}
        logs.info("request", **said, milliseconds=round(took * 1000), trace=request.state.request_id)
