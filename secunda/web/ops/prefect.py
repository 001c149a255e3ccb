"""Prefect's dashboard behind our sign-in: a reverse proxy for those who may operate.

Prefect has one password and no people; it listens on this machine only, and the proxy shows it that password. What
comes back is served from our own address, so it gets a policy of its own: its scripts load nothing from elsewhere.
"""

from typing import Annotated, Final
from urllib.parse import urlsplit

from fastapi import Depends, Request, Response
from fastapi.responses import JSONResponse, RedirectResponse

from secunda import logs, probes
from secunda.errors import NotFoundError
from secunda.permissions import Permission
from secunda.prefect_environment import DASHBOARD, server_url
from secunda.settings import settings
from secunda.web.csrf import forged
from secunda.web.ops.dashboard_calls import READS, is_allowed, reads
from secunda.web.ops.forwarding import NoDashboardError, forward
from secunda.web.routes import WebRoute, web_router
from secunda.web.session import SignedIn, allowed

LARGEST: Final = 2**20  # bytes of a request's body
ORIGIN_POLICY: Final = "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
#: The dashboard styles its elements from script, and draws runs with WebGL: in workers of its own making, by functions
#: that its library makes from text. No other page of ours may do that (docs/adr/0011-pages-from-the-server.md).
POLICY: Final = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self' 'unsafe-eval'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "worker-src 'self' blob:",
        "manifest-src 'self'",
        ORIGIN_POLICY,
    )
)
#: What its API answers is read by scripts, never shown.
API_POLICY: Final = f"default-src 'none'; sandbox; {ORIGIN_POLICY}"


class DashboardRoute(WebRoute):
    """Prefect's scripts know no token of ours: a change must come from our own address, by the browser's own word."""

    async def check(self, request: Request) -> None:
        if request.method not in READS and not comes_from_us(request):
            raise forged()


router = web_router(route_class=DashboardRoute)
Operator = Annotated[SignedIn, Depends(allowed(Permission.OPERATE))]


@router.get(DASHBOARD)
def front(_person: Operator) -> Response:
    return RedirectResponse(f"{DASHBOARD}/", 307)


@router.get(DASHBOARD + "/ui-settings")
def ui_settings(_person: Operator) -> Response:
    """What the dashboard asks first, with our address for its API, and no password to ask people for."""
    try:
        found = probes.ask(f"{server_url(settings())}{DASHBOARD}/ui-settings")
    except OSError:
        raise NoDashboardError from None
    return JSONResponse(found | {"api_url": f"{DASHBOARD}/api", "auth": None, "csrf_enabled": False})


@router.api_route(DASHBOARD + "/api/{rest:path}", methods=["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
async def api(rest: str, request: Request, person: Operator) -> Response:
    """Prefect's API, as far as the dashboard needs it (`dashboard_calls`)."""
    _check_path(rest)
    body = await request.body()
    if len(body) > LARGEST or not is_allowed(request.method, rest, body):
        told = "Here the dashboard moves runs; deployments, pools and blocks are changed where Secunda is installed."
        return JSONResponse({"detail": told, "exception_message": told}, 403)
    answer = await forward(request, f"/api/{rest}", body, settings())
    if not reads(request.method, rest):
        logs.info("prefect_changed", method=request.method, status=answer.status_code, name=str(person.user_id))
    answer.headers["Content-Security-Policy"] = API_POLICY
    return answer


@router.get(DASHBOARD + "/{rest:path}")
async def pages(rest: str, request: Request, _person: Operator) -> Response:
    """The dashboard's own files; an unknown address is one of its pages."""
    _check_path(rest)
    answer = await forward(request, f"{DASHBOARD}/{rest}", b"", settings())
    if "/assets/" in f"/{rest}" and answer.status_code == 200:
        answer.headers["Cache-Control"] = "private, max-age=31536000, immutable"  # their names tell their content
    answer.headers["Content-Security-Policy"] = POLICY
    return answer


def comes_from_us(request: Request) -> bool:
    """Whether the browser says that a page of ours asks (Fetch Metadata; the header Origin where it sends none)."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    origin = urlsplit(request.headers.get("origin", ""))
    own = {urlsplit(settings().public_url).netloc, request.headers.get("host", "")}
    return bool(origin.netloc) and origin.netloc in own


def _check_path(rest: str) -> None:
    """Raises NotFoundError for an address that might lead out of the dashboard."""
    if any(part in (".", "..") for part in rest.split("/")) or "\\" in rest or "\0" in rest:
        raise NotFoundError("There is no such page in the dashboard.")
