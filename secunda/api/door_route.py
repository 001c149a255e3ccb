"""What every route of the insurers' door does before and after its own work.

In this order: who calls, how often, may they; then the body, within its limits; then, for POST, whether this was asked
before. A stranger's body is never read.
"""

from collections.abc import Callable, Coroutine
from contextlib import AsyncExitStack
from hashlib import sha256
from typing import Any, TypeVar

from anyio.to_thread import run_sync
from fastapi import Request, Response
from fastapi.routing import APIRoute

from secunda import faults
from secunda.adapters.fhir.parsing import UnstorableTextError, parse
from secunda.api import bodies, idempotency
from secunda.api.authentication import Needs, admitted
from secunda.api.idempotency import Answer, Claim
from secunda.api.problems import Fault, ProblemError
from secunda.clients.caller import Caller
from secunda.errors import BadInputError

JSON = ("application/json",)
SMALL = 256 * 2**10  # bytes of a JSON body where a route says nothing else
KEPT_HEADERS = ("content-type", "location", "etag")
Handler = Callable[[Request], Coroutine[Any, Any, Response]]
E = TypeVar("E", bound=Callable[..., Any])


def takes(largest: Callable[[], int]) -> Callable[[E], E]:
    """The endpoint's JSON body may be that large, in bytes."""

    def marked(endpoint: E) -> E:
        endpoint.largest = largest  # type: ignore[attr-defined]
        return endpoint

    return marked


def takes_file(largest: Callable[[], int], *accepted: str) -> Callable[[E], E]:
    """The endpoint's body is a file: it lies on the disk (`request.state.body`) when the endpoint is called."""

    def marked(endpoint: E) -> E:
        endpoint.largest_file, endpoint.accepted = largest, accepted  # type: ignore[attr-defined]
        return endpoint

    return marked


class ParsedRequest(Request):
    """A request whose JSON was read and checked already."""

    def __init__(self, request: Request, content: bytes, value: Any) -> None:
        super().__init__(request.scope, request.receive)
        self._content, self._value = content, value

    async def body(self) -> bytes:
        return self._content

    async def json(self) -> Any:
        return self._value


class DoorRoute(APIRoute):
    """See the top of this file."""

    @property
    def needs(self) -> Needs:
        """The scope that the route asks. Raises LookupError for a route that forgot to say."""
        for dependency in self.dependant.dependencies:
            if isinstance(dependency.call, Needs):
                return dependency.call
        raise LookupError(f"{self.path} does not say which scope it needs")

    def get_route_handler(self) -> Handler:
        work = super().get_route_handler()
        needs = self.needs

        async def handle(request: Request) -> Response:
            caller, request.state.rate_headers = await run_sync(admitted, request.headers)
            request.state.caller = needs.check(caller)
            key = idempotency.key_of(request.headers.get(idempotency.HEADER)) if request.method == "POST" else ""
            async with AsyncExitStack() as stack:
                ready, digest = await self._take_in(request, stack)
                return await (self._once(ready, caller, key, digest, work) if key else work(ready))

        return handle

    async def _take_in(self, request: Request, stack: AsyncExitStack) -> tuple[Request, str]:
        """The request with its body read, and what tells the body from another."""
        largest_file = getattr(self.endpoint, "largest_file", None)
        if largest_file is not None:
            bodies.check_media_type(request, getattr(self.endpoint, "accepted", ()))
            request.state.body = await stack.enter_async_context(bodies.spooled(request, largest_file()))
            return request, request.state.body.sha256
        if self.body_field is None:
            return request, ""
        bodies.check_media_type(request, JSON)
        largest = getattr(self.endpoint, "largest", lambda: SMALL)()
        content = await bodies.whole(request, largest)
        return ParsedRequest(request, content, await run_sync(_parsed, content)), sha256(content).hexdigest()

    async def _once(self, request: Request, caller: Caller, key: str, digest: str, work: Handler) -> Response:
        route = f"{request.method} {request.url.path}"
        said = [value for name, value in sorted(request.headers.items()) if name.startswith("document-")]
        digest = idempotency.fingerprint(request.url.query, request.headers.get("content-type", ""), digest, *said)
        found = await run_sync(idempotency.claim, caller.client_key, key, route[:300], digest)
        if isinstance(found, Answer):
            return found.response(**{idempotency.REPLAYED: "true"})
        request.state.claim = found
        try:
            response = await work(request)
            faults.point("after:work")
            if not found.finished and response.status_code < 300:
                await run_sync(idempotency.finish, found, _answer(response))
        finally:
            if not found.finished:
                await run_sync(idempotency.give_back, found)
        return response


def _parsed(content: bytes) -> Any:
    try:
        return parse(content)
    except BadInputError as error:
        said = error.message.replace("The bundle", "The body")
        place = f" ({error.place})" if error.place and not error.place.startswith("/") else ""
        pointer = f"#{error.place}" if error.place.startswith("/") and error.place != "/" else "#"
        faults = (Fault(said + place, pointer),)
        if isinstance(error, UnstorableTextError):
            raise ProblemError(422, "invalid", said, "Leave the character out.", faults) from None
        raise ProblemError(400, "malformed", said, "Send well-formed JSON in UTF-8.", faults) from None


def _answer(response: Response) -> Answer:
    kept = {name: value for name, value in response.headers.items() if name in KEPT_HEADERS}
    return Answer(response.status_code, bytes(response.body), kept)


def claim_of(request: Request) -> Claim:
    """The claim of the POST that is being answered."""
    found: Claim = request.state.claim
    return found
