"""Responses in FHIR's own media type, with the headers that repeat what the resource says of itself."""

import json
from collections.abc import Mapping
from datetime import datetime
from email.utils import format_datetime

from starlette.responses import Response

from secunda.fhir_door.names import MEDIA_TYPE, Json
from secunda.fhir_door.outcome import DoorError, operation_outcome

CONTENT_TYPE = f"{MEDIA_TYPE}; charset=utf-8"


def respond(resource: Json | None, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """The resource as JSON; an answer without a body for None."""
    content = b"" if resource is None else json.dumps(resource, ensure_ascii=False, separators=(",", ":")).encode()
    response = Response(content, status, dict(headers or {}))
    if resource is not None:
        response.headers["Content-Type"] = CONTENT_TYPE
        for name, value in _of_meta(resource).items():
            response.headers.setdefault(name, value)
    return response


def refuse(error: DoorError) -> Response:
    return respond(operation_outcome(error.issues), error.status, error.headers)


def etag_of(resource: Json) -> str:
    """FHIR's weak tag of a version; empty for what has none."""
    version = resource.get("meta", {}).get("versionId", "")
    return f'W/"{version}"' if version else ""


def _of_meta(resource: Json) -> dict[str, str]:
    """ETag and Last-Modified (FHIR R4, 3.1.0.1.8)."""
    found = {"ETag": etag_of(resource)} if etag_of(resource) else {}
    written = resource.get("meta", {}).get("lastUpdated")
    if written:
        found["Last-Modified"] = format_datetime(datetime.fromisoformat(written), usegmt=True)
    return found
