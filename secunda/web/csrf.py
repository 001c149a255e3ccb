"""Against forged requests: whoever changes something shows a token that only our own page could know.

The token is a MAC over the browser's session (or visit) cookie: nothing is stored, and it dies with the session.
Source: OWASP Cross-Site Request Forgery Prevention, signed double-submit; Fetch Metadata as a second line.
"""

import hashlib
import hmac
import secrets
from typing import Final

from fastapi import Request, Response

from secunda.errors import SecundaError
from secunda.sealing import derived_key
from secunda.web.security import cookie_name, cookies_are_secure

FIELD: Final = "csrf_token"
HEADER: Final = "X-CSRF-Token"
SALT: Final = 8  # bytes
SAFE: Final = {"GET", "HEAD", "OPTIONS"}


class ForgedError(SecundaError):
    """A form that did not come from our page, or from one that is too old."""

    code = "forged"


def visit_of(request: Request) -> str:
    """What this browser is known by: its cookie, the next one that this answer brings, or what `keep_visit` sets."""
    known = (
        getattr(request.state, "renewed", "")
        or request.cookies.get(cookie_name("session"))
        or request.cookies.get(cookie_name("visit"))
    )
    if known:
        return known
    if not hasattr(request.state, "visit"):
        request.state.visit = secrets.token_urlsafe(24)
    new: str = request.state.visit
    return new


def keep_visit(request: Request, response: Response) -> None:
    """Give a browser that has no cookie yet the one that its page was made with."""
    new = getattr(request.state, "visit", "")
    if new:
        response.set_cookie(
            cookie_name("visit"), new, httponly=True, secure=cookies_are_secure(), samesite="lax", path="/"
        )


def token_for(visit: str, salt: str = "") -> str:
    """Another one each time, so that the length of compressed pages tells nothing about it."""
    salt = salt or secrets.token_hex(SALT)
    return salt + hmac.new(derived_key("web-csrf"), f"{salt}{visit}".encode(), hashlib.sha256).hexdigest()


async def check(request: Request) -> None:
    """Raises ForgedError for a change that another site may have asked for. Safe methods pass."""
    if request.method in SAFE:
        return
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise forged()
    shown = request.headers.get(HEADER) or (await request.form()).get(FIELD)
    if not isinstance(shown, str):
        raise forged()
    wanted = token_for(visit_of(request), shown[: 2 * SALT])
    if not hmac.compare_digest(wanted.encode(), shown.encode()):
        raise forged()


def forged() -> ForgedError:
    """What is told of a change that none of our pages asked for."""
    return ForgedError("This form is too old, or was not ours.", "Go back, load the page again and send it once more.")
