"""The OpenAPI 3.1 file: what FastAPI knows, and what it cannot know of scopes, keys and problems."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute

from secunda.api.authentication import Needs, api_key, documented, oauth2

DESCRIPTION = """How an insurer's system asks for a review before surgery, follows it and receives the result.

Sign in at `/oauth/token` (client credentials) or send an API key in `X-API-Key`. Every POST needs an `Idempotency-Key`.
Whatever goes wrong is a problem document (RFC 9457) whose `errors` point to the place. Times are UTC.
"""
PROBLEM: dict[str, Any] = {
    "type": "object",
    "required": ["type", "title", "status", "detail", "instance", "errors"],
    "properties": {
        "type": {"type": "string", "format": "uri"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "remedy": {"type": "string"},
        "instance": {"type": "string", "format": "uri"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["detail", "pointer", "in"],
                "properties": {
                    "detail": {"type": "string"},
                    "pointer": {"type": "string", "description": "RFC 6901, as a fragment"},
                    "in": {"enum": ["body", "query", "path", "header"]},
                },
            },
        },
    },
    "example": {
        "type": "urn:secunda:problem:invalid",
        "title": "Unprocessable Content",
        "status": 422,
        "detail": "Field required.",
        "remedy": "Mend what `errors` lists; /openapi.json describes the request.",
        "instance": "urn:secunda:request:3f0c2b7a",
        "errors": [{"detail": "Field required.", "pointer": "#/procedure/code", "in": "body"}],
    },
}


def install(app: FastAPI) -> None:
    """Serve the file as `/openapi.json`."""

    def file() -> dict[str, Any]:
        if not app.openapi_schema:
            app.openapi_schema = _written(app)
        return app.openapi_schema

    app.openapi = file  # type: ignore[method-assign]


def _written(app: FastAPI) -> dict[str, Any]:
    routes = app.routes
    written = get_openapi(
        title="Secunda for insurers",
        version=app.version,
        description=DESCRIPTION,
        routes=routes,
        openapi_version="3.1.0",
        license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
    )
    components = written.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    schemas["Problem"] = PROBLEM
    for name in ("HTTPValidationError", "ValidationError"):  # FastAPI's own shape, which is not what is answered
        schemas.pop(name, None)
    components["securitySchemes"] = {
        one.scheme_name: one.model.model_dump(mode="json", by_alias=True, exclude_none=True)
        for one in (oauth2, api_key)
    }
    for route in app.state.addresses:
        if isinstance(route, APIRoute) and route.include_in_schema:
            _say_scope(written["paths"][route.path], route)
    return written


def _say_scope(path: dict[str, Any], route: APIRoute) -> None:
    needs = [one.call for one in route.dependant.dependencies if isinstance(one.call, Needs)]
    for method in route.methods or ():
        operation = path[method.lower()]
        operation.update(documented(needs[0].scope) if needs else {"security": []})
