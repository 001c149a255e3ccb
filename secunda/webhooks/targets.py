"""Where a webhook may be sent: looked at when an endpoint is written down, and again each time before it is sent."""

import asyncio
import socket
from dataclasses import dataclass

import httpx

from secunda.adapters.addresses import is_public
from secunda.errors import BadInputError
from secunda.settings import settings

PORTS = {"https": 443, "http": 80}
LONGEST_URL = 2000  # characters
REMEDY = "Give an https URL with a public host name. Operations can allow a host by SECUNDA_WEBHOOK_ALLOWED_HOSTS."


class NotAllowedError(Exception):
    """The target may not be connected to, now; `reason` is a code for the log of deliveries."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Target:
    """An endpoint as it will be connected to: `address` was checked, and no name is looked up again."""

    url: httpx.URL
    host: str
    address: str

    @property
    def pinned(self) -> httpx.URL:
        return self.url.copy_with(host=self.address)

    @property
    def host_header(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.url.port in (None, PORTS[self.url.scheme]) else f"{host}:{self.url.port}"


def check_url(written: str) -> httpx.URL:
    """The URL of an endpoint. Raises BadInputError for one that could never be sent to; no name is looked up."""
    try:
        url = httpx.URL(written.strip())
        host, scheme = _host(url), url.scheme
    except (httpx.InvalidURL, ValueError, UnicodeError, TypeError):
        raise _refused("This is no URL.") from None
    is_port = url.port is None or 0 < url.port < 65536
    if len(written) > LONGEST_URL or not host or scheme not in PORTS or not is_port:
        raise _refused("This is no http(s) URL that can be used.")
    if url.userinfo or url.fragment:
        raise _refused("A webhook's URL has neither a user name nor a fragment.")
    if is_allowed(host, url.port or PORTS[scheme]):
        return url
    if scheme != "https":
        raise _refused("A webhook's URL begins with https.")
    if _is_local_name(host) or (_looks_like_an_address(host) and not is_public(host)):
        raise _refused("This host is in an internal network.")
    return url


def is_allowed(host: str, port: int) -> bool:
    """Whether operations named the host, wherever it is."""
    listed = {one.lower() for one in settings().webhook_allowed_hosts}
    return host in listed or f"{host}:{port}" in listed


async def resolve(written: str) -> Target:
    """Look the host up once, and check every address that it has. Raises NotAllowedError."""
    try:
        url = check_url(written)
    except BadInputError:
        raise NotAllowedError("url_not_allowed") from None
    host, port = _host(url), url.port or PORTS[url.scheme]
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise NotAllowedError("name_not_found") from None
    addresses = sorted({str(one[4][0]).partition("%")[0] for one in found}, key=lambda address: ":" in address)
    if not is_allowed(host, port) and not all(map(is_public, addresses)):
        raise NotAllowedError("address_not_allowed")
    return Target(url, host, addresses[0])


def _host(url: httpx.URL) -> str:
    """As it goes into the DNS: lower case, international names encoded, without the root's dot."""
    return url.raw_host.decode("ascii").lower().rstrip(".").strip("[]")


def _is_local_name(host: str) -> bool:
    """Names that mean this machine or this network (RFC 6761, RFC 6762), and such as have no domain."""
    return host.endswith((".localhost", ".local", ".internal", ".home.arpa")) or ("." not in host and ":" not in host)


def _looks_like_an_address(host: str) -> bool:
    """Also such as `127.1` and `0x7f.0.0.1`, which some resolvers read as an address."""
    last = host.rpartition(".")[2]
    return ":" in host or last.isdigit() or last.startswith("0x")


def _refused(message: str) -> BadInputError:
    return BadInputError(message, REMEDY, place="/url")
