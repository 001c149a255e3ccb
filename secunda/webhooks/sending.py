"""Sending one notice: to an address that was checked, without following anywhere, and never for longer than allowed."""

import asyncio
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from email.utils import parsedate_to_datetime
from functools import lru_cache

import certifi
import httpx

from secunda import clock
from secunda.webhooks.targets import NotAllowedError, resolve

LONGEST_PAUSE = timedelta(hours=24)


@dataclass(frozen=True)
class Answer:
    """What came of it. `status` is None where nobody answered; then `error` says why, as a code."""

    status: int | None = None
    error: str = ""
    retry_after: timedelta | None = None

    @property
    def is_taken(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


async def send(url: str, headers: Mapping[str, str], body: str, seconds: float) -> Answer:
    """POST the notice. The answer's body is not read, so that it cannot be too large; everything else is an Answer."""
    try:
        async with asyncio.timeout(seconds):
            return await _post(url, headers, body)
    except TimeoutError:
        return Answer(error="timeout")
    except NotAllowedError as refused:
        return Answer(error=refused.reason)
    except (httpx.ConnectError, httpx.ConnectTimeout) as error:
        return Answer(
            error="certificate" if isinstance(error.__context__, ssl.SSLError) or _is_tls(error) else "connect"
        )
    except (httpx.HTTPError, httpx.InvalidURL, ValueError):
        return Answer(error="no_http")


async def _post(url: str, headers: Mapping[str, str], body: str) -> Answer:
    target = await resolve(url)
    kind = {"content-type": "application/json"} if body else {}
    sent = kind | dict(headers) | {"host": target.host_header, "user-agent": "Secunda-Webhooks/1", "accept": "*/*"}
    async with (
        httpx.AsyncClient(trust_env=False, verify=_trust(), timeout=None, follow_redirects=False) as client,  # noqa: S113
        client.stream(
            "POST", target.pinned, content=body.encode(), headers=sent, extensions={"sni_hostname": target.host}
        ) as answer,
    ):
        return Answer(answer.status_code, retry_after=_retry_after(answer.headers.get("retry-after", "")))


def _retry_after(written: str) -> timedelta | None:
    """Seconds or an HTTP date (RFC 9110 section 10.2.3), at most a day; None where there is none that can be read."""
    try:
        asked = timedelta(seconds=int(written)) if written.strip().isdigit() else _until(written)
    except (ValueError, OverflowError, TypeError):
        return None
    return min(max(asked, timedelta()), LONGEST_PAUSE)


def _until(written: str) -> timedelta:
    return parsedate_to_datetime(written) - clock.wall()


def _is_tls(error: Exception) -> bool:
    return "SSL" in str(error).upper() or "CERTIFICATE" in str(error).upper()


@lru_cache(maxsize=1)
def _trust() -> ssl.SSLContext:
    """The authorities of this machine, and the public ones where it has none."""
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    return context
