"""Figures for whoever watches with Prometheus; closed to everybody else."""

import hmac
from ipaddress import ip_address

from fastapi import APIRouter, Request, Response

from secunda.metrics.exposition import exposition
from secunda.settings import Settings, settings

#: A proxy has written one of these: the caller is somewhere else, whatever the connection says.
FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip", "via")

router = APIRouter(include_in_schema=False)


@router.get("/metrics")
def metrics(request: Request) -> Response:
    """With the bearer token of the settings; without one in the settings, for callers on this machine, and in
    production for nobody: a proxy on the same machine would let the world in."""
    if not may_read(request, settings()):
        told = b"Send the token of SECUNDA_METRICS_TOKEN as a bearer token.\n"
        return Response(told, 401, {"WWW-Authenticate": 'Bearer realm="metrics"'}, "text/plain; charset=utf-8")
    text, media_type = exposition(request.headers.get("accept", ""))
    return Response(text, headers={"Content-Type": media_type})


def may_read(request: Request, using: Settings) -> bool:
    token = using.metrics_token.get_secret_value()
    if token:
        scheme, _, shown = request.headers.get("authorization", "").partition(" ")
        return scheme.lower() == "bearer" and hmac.compare_digest(shown.strip().encode(), token.encode())
    return using.environment != "production" and _is_from_here(request)


def _is_from_here(request: Request) -> bool:
    if request.client is None or any(name in request.headers for name in FORWARDED):
        return False
    try:
        return ip_address(request.client.host).is_loopback
    except ValueError:
        return False
