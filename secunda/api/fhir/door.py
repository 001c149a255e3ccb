"""One address of the FHIR door: who calls, how often, may they; then the body within its limits; then the work.

A stranger's body is never read. Whatever goes wrong is an OperationOutcome.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from anyio.to_thread import run_sync
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from pathways.errors import PathwayFileError
from secunda import logs
from secunda.api import bodies
from secunda.api.authentication import Needs, admitted
from secunda.api.fhir.answers import refuse
from secunda.api.fhir.negotiating import ACCEPTED, check_accept, check_fhir_version
from secunda.api.problems import ProblemError, unreadable_rules
from secunda.errors import SecundaError
from secunda.fhir_door.outcome import DoorError, Issue, as_door_error
from secunda.fhir_door.sender import Sender
from secunda.settings import settings

_CODES = {
    400: "invalid",
    401: "login",
    403: "forbidden",
    404: "not-found",
    405: "not-supported",
    408: "timeout",
    413: "too-long",
    415: "not-supported",
    429: "throttled",
    503: "transient",
}
FORM = "application/x-www-form-urlencoded"
LARGEST_FORM = 2**16  # bytes of a search in a body


@dataclass(frozen=True)
class Asked:
    """A request that may be answered: who asks, and what was sent."""

    request: Request
    sender: Sender
    content: bytes = b""


Work = Callable[[Asked], Response]


@dataclass(frozen=True)
class Method:
    """What one HTTP method of an address does. `scope`: what the caller must be allowed; `takes`: types of the body."""

    scope: str
    work: Work
    takes: tuple[str, ...] = ()
    gives: tuple[str, ...] = ()  # media types besides FHIR JSON


def fhir_body(scope: str, work: Work) -> Method:
    return Method(scope, work, ACCEPTED)


def address(path: str, methods: Mapping[str, Method]) -> Route:
    """A route that answers every method, the wrong ones too."""
    known = {**methods, **({"HEAD": methods["GET"]} if "GET" in methods else {})}

    async def answer(request: Request) -> Response:
        method = known.get(request.method)
        if method is None:
            return refuse(_not_allowed(known))
        return await _safely(request, method)

    route = Route(path, answer)
    route.methods = None  # every method: Starlette would answer the others itself
    return route


async def _safely(request: Request, method: Method) -> Response:
    try:
        return await _answer(request, method)
    except SecundaError as error:
        return refuse(as_outcome(error))
    except PathwayFileError as error:
        return refuse(as_outcome(unreadable_rules(error)))
    except ClientDisconnect:
        return refuse(DoorError(400, Issue("incomplete", "The body ended before its end.", "Send it again.")))
    except Exception as problem:  # noqa: BLE001 - a stranger is told nothing; the log says where it happened
        logs.unexpected("fhir_request_failed", problem, method=request.method)
        issue = Issue("exception", "Something went wrong on our side.", "Send it again in a moment.")
        return refuse(DoorError(500, issue))


async def _answer(request: Request, method: Method) -> Response:
    caller, rate = await run_sync(admitted, request.headers)
    Needs(method.scope).check(caller)
    check_accept(request, *method.gives)
    content = b""
    if method.takes:
        bodies.check_media_type(request, method.takes)
        check_fhir_version(request)
        largest = LARGEST_FORM if method.takes == (FORM,) else settings().max_bundle_bytes
        content = await bodies.whole(request, largest)
    asked = Asked(request, Sender(caller.payer, caller.client_key, caller.actor), content)
    response = await run_sync(method.work, asked)
    for name, value in rate.items():
        response.headers.setdefault(name, value)
    return response


def as_outcome(error: SecundaError) -> DoorError:
    """What the rooms that every door shares raise, in FHIR's terms."""
    if not isinstance(error, ProblemError):
        return as_door_error(error)
    issue = Issue(_CODES.get(error.status, "processing"), error.detail, error.remedy)
    return DoorError(error.status, issue, headers=dict(error.headers))


def _not_allowed(known: Mapping[str, Method]) -> DoorError:
    allowed = ", ".join(sorted(known))
    issue = Issue("not-supported", "This address does not take this method.", f"It takes {allowed}.")
    return DoorError(405, issue, headers={"Allow": allowed})


async def nowhere(request: Request, error: Exception) -> Response:  # noqa: ARG001 - the shape of a handler
    """What the router itself refuses: no such address."""
    assert isinstance(error, HTTPException)  # noqa: S101 - for the type checker
    issue = Issue("not-found", "There is nothing under this address.", "See metadata for what there is.")
    return refuse(DoorError(error.status_code, issue))
