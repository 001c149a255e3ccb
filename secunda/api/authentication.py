"""Who calls, and may they: a bearer token or an API key becomes a `Caller`; a route names the scope that it asks."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Request, Security
from fastapi.openapi.models import OAuthFlowClientCredentials, OAuthFlows
from fastapi.security import APIKeyHeader, OAuth2

from models.door_status import CredentialKind
from secunda.api import limits, tokens
from secunda.api.problems import Fault, ProblemError
from secunda.clients import caller as callers
from secunda.clients.caller import Caller
from secunda.clients.scopes import SCOPES
from secunda.clients.secrets import MARKS

KEY_HEADER = "X-API-Key"
LONGEST = 4096  # characters of a credential
METADATA = "/.well-known/oauth-protected-resource"

oauth2 = OAuth2(
    scheme_name="oauth2",
    description="OAuth 2.0 client credentials (RFC 6749, section 4.4) at /oauth/token.",
    flows=OAuthFlows(clientCredentials=OAuthFlowClientCredentials(tokenUrl="/oauth/token", scopes=SCOPES)),
    auto_error=False,
)
api_key = APIKeyHeader(name=KEY_HEADER, scheme_name="apiKey", description="An API key of the client.", auto_error=False)


def admitted(headers: Mapping[str, str]) -> tuple[Caller, dict[str, str]]:
    """The caller, and the headers that say how often it may call yet. Raises ProblemError 401 and 429."""
    found = authenticate(headers)
    return found, limits.hit(found.client_id)


def authenticate(headers: Mapping[str, str]) -> Caller:
    """The caller that these request headers prove. Raises ProblemError 401; reads the database."""
    written, scheme = _credential(headers)
    found = None
    if len(written) <= LONGEST:
        if written.startswith(MARKS[CredentialKind.API_KEY]):
            found = callers.by_api_key(written)
        elif scheme == "bearer" and (token := tokens.read(written)) is not None:
            found = callers.by_credential(token.credential_key, token.scopes)
    if found is None:
        raise unauthorized("The token or key is not valid any more, or never was.", error="invalid_token")
    return found


def _credential(headers: Mapping[str, str]) -> tuple[str, str]:
    given = headers.get("authorization", "")
    scheme, _, written = given.partition(" ")
    key = headers.get(KEY_HEADER.lower(), "")
    if given and key:
        raise unauthorized("There are two credentials.", error="invalid_request")
    if key:
        return key.strip(), "key"
    if scheme.lower() == "bearer" and written.strip():
        return written.strip(), "bearer"
    raise unauthorized("Say who calls: a bearer token, or an API key in X-API-Key.")


def unauthorized(detail: str, error: str = "") -> ProblemError:
    """401, with the challenge of RFC 6750 and where to get a token (RFC 9728)."""
    challenge = f'Bearer realm="secunda", resource_metadata="{tokens.issuer()}{METADATA}"'
    challenge += f', error="{error}"' if error else ""
    faults = (Fault(detail, "#/Authorization", "header"),)
    remedy = "Get a token at /oauth/token."
    return ProblemError(401, "unauthorized", detail, remedy, faults, {"WWW-Authenticate": challenge})


def forbidden(scope: str) -> ProblemError:
    """403: the caller is known and lacks the scope."""
    detail = f"This asks for the scope {scope}."
    challenge = f'Bearer realm="secunda", error="insufficient_scope", scope="{scope}"'
    faults = (Fault(detail, "#/Authorization", "header"),)
    remedy = "Ask for it at /oauth/token; whoever runs Secunda says which scopes your client may have."
    return ProblemError(403, "forbidden", detail, remedy, faults, {"WWW-Authenticate": challenge})


@dataclass(frozen=True)
class Needs:
    """The dependency of a route on a caller with a scope."""

    scope: str

    async def __call__(self, request: Request) -> Caller:
        """Whoever the route has found already: this is for the parameter and for the OpenAPI file."""
        found: Caller = request.state.caller
        return self.check(found)

    def check(self, found: Caller) -> Caller:
        """Raises ProblemError 403."""
        if self.scope not in found.scopes:
            raise forbidden(self.scope)
        return found


def caller(scope: str) -> Any:
    """The annotation of a parameter that is the caller: `who: caller("reviews:read")`."""
    if scope not in SCOPES:
        raise LookupError(scope)
    return Annotated[Caller, Security(Needs(scope), scopes=[scope])]


def documented(scope: str) -> dict[str, Any]:
    """How the OpenAPI file says it."""
    return {"security": [{"oauth2": [scope]}, {"apiKey": []}], "x-scope": scope}
