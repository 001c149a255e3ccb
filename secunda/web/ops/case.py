"""One case for those who run the machinery: no name, no paper, no free text."""

from datetime import datetime
from typing import Annotated

from fastapi import Depends, Request, Response

from secunda import clock
from secunda.db import transaction
from secunda.operating.case import ops_case
from secunda.permissions import Permission
from secunda.web.clocks import TimeLeft, time_left
from secunda.web.ops.layout import ops_page
from secunda.web.pages import language_of
from secunda.web.routes import see_other, web_router
from secunda.web.session import SignedIn, allowed

router = web_router()
Operator = Annotated[SignedIn, Depends(allowed(Permission.OPERATE))]


@router.get("/ops/cases")
def find(_person: Operator, reference: str = "") -> Response:
    """The page of the case with that reference; where there is none, that page says so."""
    wanted = reference.strip().upper()
    is_one = wanted.isascii() and wanted.replace("-", "").isalnum()
    return see_other(f"/ops/cases/{wanted}" if is_one else "/ops")


@router.get("/ops/cases/{reference}")
def show(reference: str, request: Request, _person: Operator) -> Response:
    """Where its run is, who executes it, what it said."""
    with transaction() as session:
        found = ops_case(session, reference)
    language, now = language_of(request), clock.now()

    def left(due: datetime | None, still: bool) -> TimeLeft:
        return time_left(due, now, language, stands_still=still)

    return ops_page(request, "case", case=found, time_left=left)
