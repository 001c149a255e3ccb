"""Asking for access to one's data, or for its erasure: an event, and the coordinator's task."""

from typing import Annotated

from fastapi import Form, Request, Response

from secunda import clock
from secunda.actions.person_requests import Right, open_requests, request_right
from secunda.case_context import CaseContext
from secunda.db import transaction
from secunda.errors import BadInputError
from secunda.web.by_link import note_read
from secunda.web.patient.guards import Patient, visitor_page
from secunda.web.routes import see_other, web_router

router = web_router(prefix="/patient/{subject}/rights")


@router.get("")
def show(request: Request, visitor: Patient) -> Response:
    """What can be asked for, and what was."""
    with transaction() as session:
        context = CaseContext(session, note_read(session, visitor, "case"), clock.now())
        asked = open_requests(context)
    return visitor_page(request, visitor, "rights", asked=asked)


@router.post("")
def ask(visitor: Patient, right: Annotated[str, Form(max_length=20)] = "") -> Response:
    """Ask for one of them."""
    if right not in set(Right):
        raise BadInputError("This cannot be asked for here.")
    request_right(visitor.reference, Right(right), visitor.actor)
    return see_other(f"/patient/{visitor.subject_id}/rights")
