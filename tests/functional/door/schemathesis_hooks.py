"""What schemathesis cannot know: a key is new for each request, and what bytes a file or a part is sent as."""

from typing import Any
from uuid import uuid4

import schemathesis

FILES = (
    "application/partial-upload",
    "application/pdf",
    "application/dicom",
    "application/octet-stream",
    "application/xml",
    "text/xml",
    "image/jpeg",
    "image/png",
    "image/tiff",
)


@schemathesis.hook
def before_call(context: Any, case: Any, kwargs: Any) -> None:
    """The example key stands for one that nobody used; a missing or malformed one is sent as it was made."""
    key = (case.headers or {}).get("Idempotency-Key")
    if isinstance(key, str) and key.isascii() and 1 <= len(key) <= 254 and key.isprintable() and key.strip() == key:
        case.headers["Idempotency-Key"] = str(uuid4())


@schemathesis.serializer(*FILES)
def as_bytes(context: Any, value: Any) -> bytes:
    raw = getattr(value, "data", value)
    return raw if isinstance(raw, bytes) else str(raw).encode("utf-8", "surrogateescape")


@schemathesis.hook
def filter_case(context: Any, case: Any) -> bool:
    """A header that nobody knows makes no request wrong (RFC 9110, section 5.1): it is no test of a refusal."""
    return not any(name.startswith("x-schemathesis-unknown") for name in map(str.lower, case.headers or {}))
