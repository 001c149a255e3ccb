"""The addresses of the FHIR door, each with its methods, scopes and what they take."""

from functools import lru_cache

from fastapi import FastAPI
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from secunda import clock
from secunda.api.fhir import operations, subscriptions
from secunda.api.fhir.answers import respond
from secunda.api.fhir.door import FORM, Method, address, fhir_body, nowhere
from secunda.api.fhir.resources import read_bytes, read_opinion, reader, searcher
from secunda.api.oauth_server import ALGORITHMS
from secunda.clients.scopes import SCOPES, SMART
from secunda.fhir_door.capability import capability_statement
from secunda.fhir_door.document_reference import PDF
from secunda.fhir_door.sender import PATH, base_url
from secunda.settings import settings

READ, WRITE, DOCUMENTS = "reviews:read", "reviews:write", "documents:write"
REPORTS, SUBSCRIPTIONS = "reports:read", "webhooks:manage"

#: The types that are read and searched, and the scope that it takes.
READ_SCOPES = {
    "ClaimResponse": READ,
    "ServiceRequest": READ,
    "Task": READ,
    "DocumentReference": READ,
    "Composition": REPORTS,
    "DiagnosticReport": REPORTS,
    "AuditEvent": READ,
}


async def metadata(request: Request) -> Response:  # noqa: ARG001 - a route's shape
    """Open to everybody: it is how a client finds out where to sign in (SMART, FHIR R4 capabilities)."""
    return respond(_statement(base_url()))


async def smart_configuration(request: Request) -> Response:  # noqa: ARG001 - a route's shape
    """Where a backend service signs in (SMART App Launch 2.2, /.well-known/smart-configuration)."""
    issuer = settings().public_url.rstrip("/")
    return JSONResponse(
        {
            "issuer": issuer,
            "token_endpoint": f"{issuer}/oauth/token",
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", "private_key_jwt"],
            "token_endpoint_auth_signing_alg_values_supported": list(ALGORITHMS),
            "grant_types_supported": ["client_credentials"],
            "scopes_supported": [*SMART, *SCOPES],
            "capabilities": ["client-confidential-symmetric", "client-confidential-asymmetric", "permission-v2"],
        }
    )


@lru_cache(maxsize=4)
def _statement(base: str) -> dict[str, object]:
    return capability_statement(base, clock.wall(), f"{settings().public_url.rstrip('/')}/oauth/token")


def routes() -> list[Route]:
    found = [
        Route("/metadata", metadata),
        Route("/.well-known/smart-configuration", smart_configuration),
        root("/"),
        address("/Claim/$submit", {"POST": fhir_body(WRITE, operations.submit_claim)}),
        address("/Claim/$inquire", {"POST": fhir_body(READ, operations.inquire_claim)}),
        address("/$submit-attachment", {"POST": fhir_body(DOCUMENTS, operations.attach)}),
        address("/Composition/{id}/$document", {"GET": Method(REPORTS, read_opinion)}),
        address("/Binary/{id}", {"GET": Method(REPORTS, read_bytes, gives=(PDF, "*/*"))}),
        address(
            "/Subscription",
            {
                "POST": fhir_body(SUBSCRIPTIONS, subscriptions.create),
                "GET": Method(SUBSCRIPTIONS, subscriptions.look_at_all),
            },
        ),
        address(
            "/Subscription/{id}",
            {
                "GET": Method(SUBSCRIPTIONS, subscriptions.look),
                "PUT": fhir_body(SUBSCRIPTIONS, subscriptions.change),
                "DELETE": Method(SUBSCRIPTIONS, subscriptions.take_away),
            },
        ),
    ]
    for kind, scope in READ_SCOPES.items():
        found.append(address(f"/{kind}/_search", {"POST": Method(scope, searcher(kind), (FORM,))}))
        found.append(address(f"/{kind}/{{id}}", {"GET": Method(scope, reader(kind))}))
        found.append(address(f"/{kind}", {"GET": Method(scope, searcher(kind))}))
    return found


def root(path: str) -> Route:
    """Where transactions are posted."""
    return address(path, {"POST": fhir_body(WRITE, operations.take_transaction)})


def install(app: FastAPI) -> None:
    """Put the door into the application; its root answers with and without a slash at its end."""
    app.router.routes.append(root(PATH))
    app.mount(PATH, Starlette(routes=routes(), exception_handlers={HTTPException: nowhere}))
