"""An address that there is not, asked for by a browser: a page that says so. Machines get their problem document."""

from typing import Final

from fastapi import Request, Response
from starlette.exceptions import HTTPException

from secunda.api.handlers import http_error
from secunda.errors import NotFoundError
from secunda.web.catalogues import N_
from secunda.web.routes import problem_page

NOTHING: Final = N_("There is nothing under this address.")
MACHINES: Final = ("/api/", "/oauth/", "/fhir", "/health", "/metrics", "/static/")


async def not_found(request: Request, raised: Exception) -> Response:
    """For `FastAPI.add_exception_handler(HTTPException, …)`."""
    missing = isinstance(raised, HTTPException) and raised.status_code == 404
    by_browser = "text/html" in request.headers.get("accept", "") and not request.url.path.startswith(MACHINES)
    if missing and by_browser:
        return problem_page(request, NotFoundError(NOTHING))
    return await http_error(request, raised)
