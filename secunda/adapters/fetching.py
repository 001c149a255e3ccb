"""Fetching a document that a source only points at, without being led anywhere else.

A bundle is a stranger's: its URLs must not make this machine talk to its own network (server-side request forgery),
follow redirects out, or download without end. So the name is looked up once, every address it has is checked, and the
connection goes to a checked one.
"""

import hashlib
import socket
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

import certifi
import httpx

from secunda.adapters.addresses import is_public
from secunda.adapters.intake import TakenIn, take_in
from secunda.errors import BadInputError, SecundaError
from secunda.settings import settings

MAX_REDIRECTS = 3
TIMEOUT = httpx.Timeout(10.0, read=30.0)  # seconds; one document may take as long as its bytes keep coming
MAX_SECONDS = 600.0
_PORTS = {"https": 443, "http": 80}
_ALLOW = "Attach the document instead, or ask operations to add the host to SECUNDA_FETCH_ALLOWED_HOSTS."


class FetchError(SecundaError):
    """The source does not answer now: trying again later may help."""

    code = "fetch_failed"


@dataclass(frozen=True)
class _Target:
    """A URL that may be fetched, and the address to connect to."""

    url: str
    scheme: str
    host: str
    port: int
    address: str


def fetch(url: str, expected_sha1: str = "", limit_bytes: int | None = None) -> TakenIn:
    """Fetch, examine and store the document at `url`.

    Allowed: `https` to public addresses, and the hosts of `fetch_allowed_hosts` (`host` or `host:port`) by `http` or
    `https` wherever they are. Redirects are followed on the same host only. Raises BadInputError when the URL is not
    allowed, the answer is final (404, 410, 401 …), too large, not what `expected_sha1` says, or refused by the intake;
    FetchError when a retry may help. No error text holds the URL's path, which may name the patient.
    """
    target = _allowed(url)
    for _ in range(MAX_REDIRECTS + 1):
        with _response(target) as response:
            if not response.is_redirect:
                _check_status(response, target)
                return take_in(_body(response, expected_sha1), limit_bytes)
            target = _redirected(target, response.headers.get("location", ""))
    raise BadInputError(f"{target.host} redirects in circles.", "Attach the document instead.")


def _allowed(url: str) -> _Target:
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").rstrip("."), parts.port or _PORTS.get(parts.scheme, 0)
    except ValueError:
        raise _refused("The document's URL cannot be read.", "Attach the document instead.") from None
    if parts.scheme not in _PORTS or not host or parts.username or parts.password:
        raise _refused("The document's URL is no plain http(s) address.", "Attach the document instead.")
    listed = {name.lower() for name in settings().fetch_allowed_hosts}
    is_listed = host in listed or f"{host}:{port}" in listed
    if parts.scheme != "https" and not is_listed:
        raise _refused(f"The document's URL on {host} is not https.", _ALLOW)
    addresses = _addresses(host, port)
    if not is_listed and not all(map(is_public, addresses)):
        raise _refused(f"{host} is an address of an internal network.", _ALLOW)
    return _Target(url, parts.scheme, host, port, addresses[0])


def _addresses(host: str, port: int) -> list[str]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise FetchError(f"{host} cannot be found.", "Check the host's name, or try again later.") from None
    addresses = [str(address[0]).partition("%")[0] for *_, address in found]
    return sorted(addresses, key=lambda address: ":" in address)  # IPv4 first: not every hospital routes IPv6


@contextmanager
def _response(target: _Target) -> Iterator[httpx.Response]:
    """The answer's head; its body is read as it comes. The certificate is checked against the name, not the address."""
    address = f"[{target.address}]" if ":" in target.address else target.address
    url = httpx.URL(target.url).copy_with(host=address)
    headers = {"Host": _host_header(target), "Accept-Encoding": "identity", "Accept": "*/*"}
    try:
        with (
            httpx.Client(trust_env=False, verify=_trust(), timeout=TIMEOUT, follow_redirects=False) as client,
            client.stream("GET", url, headers=headers, extensions={"sni_hostname": target.host}) as response,
        ):
            yield response
    except httpx.InvalidURL:
        raise _refused("The document's URL cannot be read.", "Attach the document instead.") from None
    except httpx.HTTPError:
        raise FetchError(f"{target.host} does not answer as it should.", "Try again later.") from None


def _trust() -> ssl.SSLContext:
    """The authorities of this machine (a hospital adds its own there), and the public ones where it has none."""
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    return context


def _host_header(target: _Target) -> str:
    name = f"[{target.host}]" if ":" in target.host else target.host
    return name if target.port == _PORTS[target.scheme] else f"{name}:{target.port}"


def _check_status(response: httpx.Response, target: _Target) -> None:
    status = response.status_code
    if status in (408, 425, 429) or status >= 500:
        raise FetchError(f"{target.host} answers {status}.", "Try again later.")
    if status != httpx.codes.OK:
        raise _refused(f"{target.host} does not hand the document out ({status}).", "Attach the document instead.")
    if response.headers.get("content-encoding", "identity") != "identity":
        raise _refused(f"{target.host} sends the document compressed.", "Attach the document instead.")


def _redirected(target: _Target, location: str) -> _Target:
    further = _allowed(urljoin(target.url, location))
    if (further.host, further.port) != (target.host, target.port):
        raise _refused(f"{target.host} redirects to another host.", "Attach the document, or give its final URL.")
    return further


def _body(response: httpx.Response, expected_sha1: str) -> Iterator[bytes]:
    """The bytes as they come, for at most `MAX_SECONDS`; their hash is checked before anything is stored."""
    digest, started = hashlib.sha1(usedforsecurity=False), time.monotonic()
    for chunk in response.iter_raw():
        if time.monotonic() - started > MAX_SECONDS:
            raise FetchError("The document arrives too slowly.", "Try again later.")
        digest.update(chunk)
        yield chunk
    if expected_sha1 and digest.hexdigest() != expected_sha1.lower():
        raise _refused("The fetched document is not the one that was announced (hash).", "Ask the sender to check it.")


def _refused(message: str, remedy: str) -> BadInputError:
    return BadInputError(message, remedy)
