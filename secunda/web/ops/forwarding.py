"""Handing a request on to Prefect's server, and its answer back. Neither side sees the other's secrets."""

import ssl
from collections.abc import AsyncIterator, Mapping
from functools import lru_cache
from typing import Final
from urllib.parse import quote, urlsplit

import httpx
from fastapi import Request
from fastapi.responses import StreamingResponse

from secunda import prefect_environment, probes
from secunda.errors import SecundaError
from secunda.settings import Settings

SECONDS: Final = 30.0
#: What Prefect hears of the browser's headers; above all not our cookies.
TOLD: Final = frozenset({"accept", "accept-encoding", "accept-language", "content-type", "if-none-match", "range"})
TOLD_PREFIX: Final = "x-prefect-"
#: What the browser hears of Prefect's; it sets no cookies here.
HEARD: Final = frozenset({"content-type", "content-encoding", "content-range", "etag", "last-modified", "vary"})


class NoDashboardError(SecundaError):
    """Prefect's server does not answer."""

    code = "no_dashboard"

    def __init__(self) -> None:
        super().__init__("Prefect does not answer at the moment.", "Look at the parts of Secunda, and try again soon.")


async def forward(request: Request, path: str, body: bytes, using: Settings) -> StreamingResponse:
    """Ask Prefect's server for `path` (decoded, with its slash) as the browser asked us.

    Raises NoDashboardError when nothing answers.
    """
    client = httpx.AsyncClient(trust_env=False, verify=_trust(), timeout=SECONDS, follow_redirects=False)
    address = httpx.URL(prefect_environment.server_url(using) + quote(path, safe="/-._~"), query=_query(request))
    headers = _told(request.headers) | probes.basic(using.prefect_auth_string.get_secret_value())
    try:
        asked = client.build_request(request.method, address, headers=headers, content=body or None)
        answer = await client.send(asked, stream=True)
    except httpx.HTTPError:
        await client.aclose()
        raise NoDashboardError from None
    return StreamingResponse(_parts(client, answer), answer.status_code, _heard(answer.headers))


async def _parts(client: httpx.AsyncClient, answer: httpx.Response) -> AsyncIterator[bytes]:
    try:
        async for part in answer.aiter_raw():
            yield part
    finally:
        await answer.aclose()
        await client.aclose()


def _query(request: Request) -> bytes | None:
    query: bytes = request.scope["query_string"]
    return query or None


def _told(headers: Mapping[str, str]) -> dict[str, str]:
    """With no encoding where the browser names none: httpx would add its own, and hand on what nobody can read."""
    told = {name: value for name, value in headers.items() if name in TOLD or name.startswith(TOLD_PREFIX)}
    return {"accept-encoding": "identity", "user-agent": "Secunda"} | told


def _heard(headers: Mapping[str, str]) -> dict[str, str]:
    heard = {name: value for name, value in headers.items() if name.lower() in HEARD}
    return heard | ({"location": to} if (to := _our_address(headers.get("location", ""))) else {})


def _our_address(location: str) -> str:
    """Where a redirect of Prefect's leads here; empty where it leads out of the dashboard."""
    parts = urlsplit(location)
    path = prefect_environment.DASHBOARD + parts.path if parts.path.startswith("/api/") else parts.path
    inside = path.startswith(prefect_environment.DASHBOARD + "/")
    return path + (f"?{parts.query}" if parts.query else "") if inside else ""


@lru_cache(maxsize=1)
def _trust() -> ssl.SSLContext:
    """Made once: reading the authorities takes longer than everything else here."""
    return ssl.create_default_context()
