"""What the routers share: the router itself, how its answers are documented, the language of the answer."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Request

from secunda.api import patterns
from secunda.api.documented import problems
from secunda.api.door_route import DoorRoute
from secunda.api.languages import best_language
from secunda.web.catalogues import LANGUAGES, WRITTEN_IN

__all__ = ["LIST", "READ", "WRITE", "ReferenceInPath", "in_language", "language_of", "post", "problems", "router"]

ReferenceInPath = Annotated[str, Path(alias="reference", pattern=patterns.CASE_REFERENCE, examples=["SO-7K2M-Q9ZD"])]

READ = (401, 403, 404, 422, 429, 503)
LIST = (401, 403, 422, 429, 503)
WRITE = (400, 401, 403, 404, 408, 409, 413, 415, 422, 429, 503)


def router(tag: str) -> APIRouter:
    """A router of the door: every route of it authenticates, counts and, for POST, asks for a key."""
    return APIRouter(prefix="/api/v1", tags=[tag], route_class=DoorRoute)


def post(example: dict[str, Any] | None = None, **bodies: Any) -> dict[str, Any]:
    """`openapi_extra` of a POST: its key, and its body where it is no JSON model."""
    key = {
        "name": "Idempotency-Key",
        "in": "header",
        "required": True,
        "description": "New for each request, the same when it is repeated; kept for 24 hours.",
        "schema": {"type": "string", "minLength": 1, "maxLength": 254, "pattern": "^[!#-\\[\\]-~]+$"},
        "example": "0b7f3a52-6d0e-4a3c-9a34-3a8f2c1f5c11",
    }
    extra: dict[str, Any] = {"parameters": [key]}
    if example is not None:
        extra["requestBody"] = {"required": True, "content": {"application/json": {"example": example}}}
    if bodies:
        extra["requestBody"] = bodies
    return extra


def in_language(language: str) -> dict[str, str]:
    """The headers of an answer whose words are in that language (RFC 9110, 8.5 and 12.5.5)."""
    return {"Content-Language": language, "Vary": "Accept-Language, Authorization"}


def language_of(request: Request) -> str:
    """Which of our six languages the caller would rather read."""
    return best_language(request.headers.get("accept-language", ""), LANGUAGES, WRITTEN_IN)
