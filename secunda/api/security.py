"""Response headers and the access log of every request."""

import base64
import hashlib
import time
from collections.abc import Awaitable, Callable, Mapping

from fastapi import Request, Response

from secunda import logs

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
    try:
        response = await call_next(request)
    except Exception as problem:  # noqa: BLE001 - a stranger sees a plain 500; the log says where it happened
        logs.unexpected("request_failed", problem, method=request.method)
        response = Response(status_code=500)
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    route = getattr(request.scope.get("route"), "path", "-")
    if not route.startswith("/health/"):
        took = round((time.perf_counter() - began) * 1000)
        logs.info("request", method=request.method, route=route, status=response.status_code, milliseconds=took)
    return response
