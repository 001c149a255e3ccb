"""The lists of ops: what waits, what failed, what was mended, how much room is left."""

from typing import Annotated, Final
from uuid import UUID

from fastapi import Depends, Form, Request, Response

from secunda import clock
from secunda.db import transaction
from secunda.operating import backlog, failures, mending
from secunda.operating import storage as room
from secunda.operating.again import message_again, webhook_again
from secunda.operating.certificates import experts_without, known_certificates
from secunda.operating.components import runs_late
from secunda.operating.stuck import MOST, Why, stuck
from secunda.permissions import Permission
from secunda.settings import settings
from secunda.web.ops.layout import ops_page
from secunda.web.routes import see_other, web_router
from secunda.web.session import SignedIn, allowed

router = web_router()
Operator = Annotated[SignedIn, Depends(allowed(Permission.OPERATE))]
Reason = Annotated[str, Form(max_length=1000)]
PATIENCE: Final = 3.0  # seconds that the page waits for certificates that were never read


@router.get("/ops/backlog")
def waiting(request: Request, _person: Operator) -> Response:
    """Wake-ups and messages that are due, and cases that stand still."""
    now, wall = clock.now(), clock.wall()
    with transaction() as session:
        work = backlog.backlog(backlog.tallies(session, now), now, wall)
        queues = backlog.queues(session, now, wall)
        cases = {why: stuck(session, why, now, wall) for why in Why}
    late = runs_late(settings(), wall)
    return ops_page(request, "backlog", work=work, queues=queues, cases=cases, late=late, most=MOST)


@router.get("/ops/failures")
def failed(request: Request, _person: Operator, message: str = "", webhook: str = "") -> Response:
    """Messages and webhooks that did not leave; one of them can be chosen, to be sent again."""
    with transaction() as session:
        messages, webhooks = failures.message_failures(session), failures.webhook_failures(session)
        return ops_page(
            request,
            "failures",
            messages=messages,
            counted=failures.failed_by_channel(session),
            webhooks=webhooks,
            endpoints=failures.disabled_endpoints(session),
            most=failures.MOST,
            message=next((one for one in messages if str(one.id) == message and one.again), None),
            webhook=next((one for one in webhooks if str(one.id) == webhook and one.again), None),
        )


@router.post("/ops/failures/resend")
def resend(person: Operator, message: Annotated[UUID, Form()], reason: Reason = "") -> Response:
    """Send a message again."""
    message_again(message, person.actor, reason)
    return see_other("/ops/failures#messages")


@router.post("/ops/failures/redeliver")
def redeliver(person: Operator, webhook: Annotated[UUID, Form()], reason: Reason = "") -> Response:
    """Tell a payer's system again."""
    webhook_again(webhook, person.actor, reason)
    return see_other("/ops/failures#webhooks")


@router.get("/ops/repairs")
def repaired(request: Request, _person: Operator) -> Response:
    """What the watch found, and mended."""
    with transaction() as session:
        counted, newest = mending.mended(session, clock.wall()), mending.newest(session)
    return ops_page(request, "repairs", counted=counted, newest=newest)


@router.get("/ops/storage")
def stored(request: Request, _person: Operator) -> Response:
    """Room on the disks, the last backup, and how long certificates are good for."""
    wall = clock.wall()
    lines = known_certificates(wall, PATIENCE)
    with transaction() as session:
        found = room.storage(session, settings())
        unsigned = experts_without(session, lines) if lines is not None else 0
    age = wall - found.last_backup.made_at if found.last_backup else None
    return ops_page(request, "storage", found=found, age=age, certificates=lines, unsigned=unsigned)
