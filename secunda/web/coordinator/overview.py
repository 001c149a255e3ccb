"""Figures of all cases: charts that are tables, so that everybody reads them."""

from typing import Annotated

from fastapi import Depends, Request, Response

from pathways.vocabulary import Specialty
from secunda import clock
from secunda.db import transaction
from secunda.permissions import Permission
from secunda.views.figures import figures
from secunda.views.words import STAGES
from secunda.web.coordinator import words
from secunda.web.pages import page
from secunda.web.routes import web_router
from secunda.web.session import SignedIn, allowed

router = web_router()
#: What programmes of this kind aim at (docs/states.md): working days from the complete file, and the share on time.
TARGETS = {"median_days": 5, "p95_days": 10, "on_time": 0.95}


@router.get("/overview")
def overview(
    request: Request,
    person: Annotated[SignedIn, Depends(allowed(Permission.SEE_OVERVIEW))],
) -> Response:
    """Of the last ninety days."""
    with transaction() as session:
        found = figures(session, clock.now())
    return page(
        request,
        "coordinator/overview.html.j2",
        found=found,
        words=words,
        stages={status.value: title for status, title in STAGES.items()},
        specialties={one.value: words.SPECIALTIES[one] for one in Specialty},
        targets=TARGETS,
        may_list=person.may(Permission.SEE_CASES),
    )
