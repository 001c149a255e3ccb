"""How the OpenAPI file documents the answers that are no success."""

from typing import Any

from secunda.api.problems import MEDIA_TYPE

WORDS = {
    400: "The request cannot be read, or lacks its Idempotency-Key",
    401: "No credential that counts",
    403: "The credential lacks the scope",
    404: "There is no such thing, or it is another payer's",
    405: "The address does not take this method",
    408: "The body came too slowly",
    409: "The state does not allow it, or the same key is in flight",
    412: "It has changed since",
    413: "The body is too large",
    415: "The body is of another type",
    422: "Something in the request is wrong; `errors` says what and where",
    429: "Too many calls",
    503: "Not at the moment",
}


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The answers that are no success, for the OpenAPI file."""
    schema = {"$ref": "#/components/schemas/Problem"}
    return {
        status: {"description": WORDS[status], "content": {MEDIA_TYPE: {"schema": schema}}}
        for status in sorted(statuses)
    }
