"""How a page's request runs: forged changes are refused, and what goes wrong is told on a page, not as JSON."""

from collections.abc import Callable, Coroutine
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse
from fastapi.routing import APIRoute
from sqlalchemy.exc import DataError
from starlette.exceptions import HTTPException

from secunda.errors import BadInputError, ConflictError, NotFoundError, SecundaError
from secunda.settings import settings
from secunda.web import csrf
from secunda.web.by_link import NotInError
from secunda.web.catalogues import N_
from secunda.web.pages import page
from secunda.web.session import NotAllowedError, NotSignedInError, UnfinishedSignInError, who_is_it

STATUSES: tuple[tuple[type[SecundaError], int], ...] = (
    (NotAllowedError, 403),
    (csrf.ForgedError, 403),
    (NotFoundError, 404),
    (ConflictError, 409),
    (BadInputError, 422),
)
FIELDS = 2**20  # bytes that a form may have beside its files
TITLES = {
    403: N_("You may not do this"),
    404: N_("There is nothing here"),
    409: N_("This cannot be done now"),
    422: N_("Something is missing or wrong"),
    503: N_("This cannot be done at the moment"),
}


class WebRoute(APIRoute):
    """A route of the pages."""

    async def check(self, request: Request) -> None:
        """Raises ForgedError for a change that none of our pages asked for."""
        await csrf.check(request)

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        answer = super().get_route_handler()

        async def handle(request: Request) -> Response:
            try:
                check_size(request)
                await self.check(request)
                await run_in_threadpool(who_is_it, request)
                response = await answer(request)
            except NotSignedInError:
                response = _go(request, f"/sign-in?next={quote(_here(request))}")
            except UnfinishedSignInError as unfinished:
                response = _go(request, unfinished.where)
            except NotInError as ended:
                response = page(request, "door/again.html.j2", status=403, why="ended", target=ended)
            except SecundaError as error:
                response = problem_page(request, error)
            except (RequestValidationError, HTTPException, DataError):  # the last: more than a row can hold
                response = problem_page(request, BadInputError("The page was asked for in a way it does not know."))
            csrf.keep_visit(request, response)
            return response

        return handle


def check_size(request: Request) -> None:
    """Raises BadInputError for a form larger than a document may be, and for one that does not say how large it is."""
    declared = request.headers.get("content-length", "0")
    if "transfer-encoding" in request.headers or not declared.isdigit():
        raise BadInputError("The form does not say how large it is.")
    if int(declared) > settings().max_document_bytes + FIELDS:
        raise BadInputError("This is too large to be sent in one go.", "Send fewer files at a time.")


def web_router(**options: Any) -> APIRouter:
    """A router whose pages are not in the API's description."""
    return APIRouter(**{"include_in_schema": False, "route_class": WebRoute, **options})


def problem_page(request: Request, error: SecundaError) -> Response:
    """What went wrong and what to do, as a page, with the status that fits."""
    status = next((status for kind, status in STATUSES if isinstance(error, kind)), 503)
    remedy = "" if "`" in error.remedy else error.remedy  # one that names a command is for the command line
    return page(request, "problem.html.j2", status=status, heading=TITLES[status], message=error.message, remedy=remedy)


def see_other(address: str) -> RedirectResponse:
    """After a change: the page that shows it (RFC 9110, 303)."""
    return RedirectResponse(address, status_code=303)


def _here(request: Request) -> str:
    """Where to come back to: the page that was asked for, or the front page after a form."""
    if request.method != "GET":
        return "/"
    return request.url.path + (f"?{request.url.query}" if request.url.query else "")


def _go(request: Request, address: str) -> Response:
    if request.headers.get("HX-Request"):  # htmx would put the sign-in page into a part of this one
        return Response(headers={"HX-Redirect": address})
    return see_other(address)
