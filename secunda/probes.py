"""Short questions to local HTTP servers: are you there, what do you say. Standard library only, to start quickly."""

import base64
import json
import socket
from collections.abc import Mapping
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import ProxyHandler, Request, build_opener

TIMEOUT_SECONDS = 2.0

_direct = build_opener(ProxyHandler({}))  # a proxy of the environment must not stand between two of our own processes


def basic(auth_string: str) -> dict[str, str]:
    """The header of HTTP Basic authentication for `user:password`; empty for an empty string."""
    if not auth_string:
        return {}
    return {"Authorization": "Basic " + base64.b64encode(auth_string.encode()).decode()}


def answers(url: str) -> bool:
    """Whether a GET is answered with a 2xx status."""
    try:
        with _direct.open(Request(url), timeout=TIMEOUT_SECONDS):  # noqa: S310 - the URL is made from our settings
            return True
    except (URLError, OSError, ValueError):
        return False


def ask(
    url: str, headers: Mapping[str, str] | None = None, body: object = None, timeout: float = TIMEOUT_SECONDS
) -> Any:
    """The JSON answer to a GET, or to a POST when there is a body.

    Raises OSError (URLError is one) when nothing answers, HTTPError for a status that is not 2xx.
    """
    data = None if body is None else json.dumps(body).encode()
    request = Request(url, data=data, headers={"Content-Type": "application/json", **(headers or {})})  # noqa: S310
    with _direct.open(request, timeout=timeout) as answer:
        return json.load(answer)


def refusal(error: OSError) -> str:
    """What kind of no it was, in a few words."""
    if isinstance(error, HTTPError):
        return f"it answers {error.code}"
    return "nothing answers"


def is_free(host: str, port: int) -> bool:
    """Whether a server could listen there now."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True
