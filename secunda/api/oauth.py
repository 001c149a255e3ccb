"""`/oauth/token` and its metadata (RFC 6749, RFC 8414, RFC 9728)."""

from typing import Any

from anyio.to_thread import run_sync
from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from starlette.datastructures import Headers

from secunda.api import bodies, limits, tokens
from secunda.api.authentication import METADATA
from secunda.api.documented import problems
from secunda.api.oauth_server import ALGORITHMS, METHODS, PATH, OAuthRequest, Server
from secunda.api.problems import MEDIA_TYPE, Fault, ProblemError
from secunda.clients.scopes import SCOPES, SMART
from secunda.db import transaction

FORM = "application/x-www-form-urlencoded"
SERVER_METADATA = "/.well-known/oauth-authorization-server"
LARGEST = 64 * 2**10  # bytes
FIELDS = ("grant_type", "scope", "client_id", "client_secret", "client_assertion_type", "client_assertion", "resource")
_PROBLEM = {"schema": {"$ref": "#/components/schemas/Problem"}}
_ERROR: dict[str, Any] = {"type": "object", "required": ["error"], "properties": {"error": {"type": "string"}}}

_ERRORS = {"application/json": {"schema": _ERROR}, MEDIA_TYPE: _PROBLEM}

router = APIRouter(tags=["sign-in"])


@router.post(
    PATH,
    summary="Get an access token",
    operation_id="get_token",
    responses=problems(408, 413, 415, 429, 503)
    | {
        200: {"description": "A token", "content": {"application/json": {"schema": {
            "type": "object",
            "required": ["access_token", "token_type", "expires_in"],
            "properties": {
                "access_token": {"type": "string"},
                "token_type": {"const": "Bearer"},
                "expires_in": {"type": "integer"},
                "scope": {"type": "string"},
            },
        }}}},
        400: {"description": "RFC 6749, section 5.2, or a form that cannot be read", "content": _ERRORS},
        401: {"description": "No such client or secret", "content": {"application/json": {"schema": _ERROR}}},
    },
    openapi_extra={"security": [], "requestBody": {"required": True, "content": {FORM: {"schema": {
        "type": "object",
        "required": ["grant_type"],
        "properties": {"grant_type": {"const": "client_credentials"}} | {
            name: {"type": "string"} for name in FIELDS if name != "grant_type"
        },
    }, "example": {"grant_type": "client_credentials", "scope": "reviews:read reviews:write"}}}}},
)  # fmt: skip
async def get_token(request: Request) -> Response:
    """Client credentials: HTTP Basic, `client_id` and `client_secret` in the form, or a signed `client_assertion`."""
    bodies.check_media_type(request, (FORM,))
    content = await bodies.whole(request, LARGEST)
    form = _form(content)
    address = request.client.host if request.client else "-"
    await run_sync(limits.hit_sign_in, f"{address} {form.get('client_id', '')}")
    status, body, headers = await run_sync(_answer, form, dict(request.headers))
    return JSONResponse(body, status, headers)


def _form(content: bytes) -> dict[str, str]:
    from urllib.parse import parse_qsl

    try:
        pairs = parse_qsl(content.decode(), keep_blank_values=True, strict_parsing=bool(content), max_num_fields=50)
    except ValueError:  # UnicodeDecodeError is one
        raise ProblemError(400, "malformed", "The form cannot be read.", f"Send {FORM} in UTF-8.") from None
    form = dict(pairs)
    if len(form) != len(pairs):
        raise ProblemError(
            400, "malformed", "A field stands twice in the form.", faults=(Fault("Repeated field.", "#"),)
        )
    if any("\0" in value for value in form.values()):
        raise ProblemError(400, "malformed", "A field of the form holds a NUL.")
    return form


def _answer(form: dict[str, str], headers: dict[str, str]) -> tuple[int, dict[str, Any], dict[str, str]]:
    if form.get("resource", tokens.audience()) != tokens.audience():
        return 400, {"error": "invalid_target", "error_description": f"Ask for {tokens.audience()}."}, {}
    with transaction() as session:
        found: tuple[int, dict[str, Any], dict[str, str]] = Server(session).create_token_response(
            OAuthRequest(form, _case_insensitive(headers))
        )
        return found


def _case_insensitive(headers: dict[str, str]) -> Any:
    """authlib asks for `Authorization`."""
    return Headers(headers)


@router.get(SERVER_METADATA, operation_id="authorization_server", openapi_extra={"security": []})
def authorization_server() -> dict[str, Any]:
    """Where and how to sign in (RFC 8414)."""
    return {
        "issuer": tokens.issuer(),
        "token_endpoint": tokens.issuer() + PATH,
        "grant_types_supported": ["client_credentials"],
        "response_types_supported": [],
        "token_endpoint_auth_methods_supported": list(METHODS),
        "token_endpoint_auth_signing_alg_values_supported": list(ALGORITHMS),
        "scopes_supported": [*SCOPES, *SMART],
    }


@router.get(METADATA, operation_id="protected_resource", openapi_extra={"security": []})
def protected_resource() -> dict[str, Any]:
    """What tokens are for (RFC 9728)."""
    return {
        "resource": tokens.audience(),
        "authorization_servers": [tokens.issuer()],
        "scopes_supported": list(SCOPES),
        "bearer_methods_supported": ["header"],
    }
