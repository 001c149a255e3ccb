"""ETag, If-Match and If-None-Match (RFC 9110, section 13)."""

import hashlib
from typing import Any

from secunda.api.problems import header_problem
from secunda.events import canonical


def etag_of(content: Any) -> str:
    """A strong validator: equal content, equal tag."""
    return f'"{hashlib.sha256(canonical(content)).hexdigest()[:32]}"'


def listed(header: str) -> list[str]:
    return [one.strip() for one in header.split(",")]


def is_same(if_none_match: str | None, etag: str) -> bool:
    """Whether the client has it already (304)."""
    known = [one.removeprefix("W/") for one in listed(if_none_match or "")]
    return "*" in known or etag in known


def check_match(if_match: str | None, etag: str) -> None:
    """Raises ProblemError 412 when the client asked for another state than there is. No header, no condition."""
    if if_match is not None and "*" not in listed(if_match) and etag not in listed(if_match):
        detail = "The review has changed since."
        raise header_problem(412, "changed", "If-Match", detail, "Fetch it again, and decide anew.")
