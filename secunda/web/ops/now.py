"""The first page of ops: is all well, who works, what waits."""

from typing import Annotated, Final

from fastapi import Depends, Request, Response

from secunda import clock, health
from secunda.operating.attention import Matter, attention
from secunda.operating.state import state
from secunda.permissions import Permission
from secunda.settings import settings
from secunda.web.catalogues import N_
from secunda.web.ops.layout import ops_page
from secunda.web.routes import web_router
from secunda.web.session import SignedIn, allowed

router = web_router()
#: What is said of each matter, and where more of it stands.
MATTERS: Final = {
    Matter.PART: (N_("Parts that do not work"), "/ops#parts"),
    Matter.NO_WORKER: (N_("No worker lives: no case goes on"), "/ops#workers"),
    Matter.OVERDUE: (N_("Cases past their deadline that nobody executes"), "/ops/backlog#overdue"),
    Matter.STOPPED: (N_("Cases stopped by a fault"), "/ops/backlog#stopped"),
    Matter.CERTIFICATE: (N_("Certificates to renew or to mend"), "/ops/storage#certificates"),
    Matter.OUTBOX: (N_("Messages that should have left"), "/ops/backlog#outbox"),
    Matter.MESSAGES: (N_("Messages that failed"), "/ops/failures#messages"),
    Matter.WEBHOOKS: (N_("Webhooks that failed"), "/ops/failures#webhooks"),
    Matter.ENDPOINTS: (N_("Webhook endpoints switched off"), "/ops/failures#endpoints"),
    Matter.SILENT: (N_("Workers that are silent"), "/ops#workers"),
    Matter.FAILING: (N_("Cases whose last step failed"), "/ops/backlog#failing"),
    Matter.BACKUP: (N_("The last backup is older than two days"), "/ops/storage#backup"),
}


@router.get("/ops")
def now(request: Request, _person: Annotated[SignedIn, Depends(allowed(Permission.OPERATE))]) -> Response:
    """Asks every part, which takes some seconds where one hangs."""
    wall = clock.wall()
    found = state(settings(), wall)
    free = health.free_bytes(settings().home)
    return ops_page(request, "now", state=found, looks=attention(found), matters=MATTERS, wall=wall, free=free)
