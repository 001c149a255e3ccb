"""The headers of pages: nothing from elsewhere, nothing inline, nobody may frame them (OWASP Secure Headers)."""

from collections.abc import Mapping
from typing import Final

from secunda.settings import settings

POLICY: Final = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "object-src 'self'",
        "frame-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
PAGE_HEADERS: Final[Mapping[str, str]] = {
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "same-origin",
    "Vary": "Accept-Encoding, Accept-Language, Cookie, HX-Request",
}


def is_local(address: str) -> bool:
    """Whether a redirect to this address stays with us: one slash, then no other slash or backslash."""
    return address.startswith("/") and not address.startswith(("//", "/\\")) and not any(c in address for c in "\r\n\t")


def cookies_are_secure() -> bool:
    """Cookies go over https only, unless the whole installation is a demonstration over http."""
    return settings().public_url.startswith("https://")


def cookie_name(name: str) -> str:
    """`__Host-` binds a cookie to this host (RFC 6265bis, 4.1.3.2); browsers take it over https only."""
    return f"__Host-secunda-{name}" if cookies_are_secure() else f"secunda-{name}"
