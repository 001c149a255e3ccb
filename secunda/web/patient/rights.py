"""Asking for access to one's data, or for its erasure, and reading what was answered."""

from collections.abc import Mapping
from typing import Annotated, Final

from fastapi import Form, Request, Response

from models.rights_request import Right, RightAnswer
from secunda.actions.rights import request_right
from secunda.db import transaction
from secunda.errors import BadInputError
from secunda.rights import requests_of
from secunda.web.by_link import note_read
from secunda.web.catalogues import N_
from secunda.web.patient.guards import Patient, visitor_page
from secunda.web.routes import see_other, web_router

router = web_router(prefix="/patient/{subject}/rights")
ANSWERS: Final[Mapping[RightAnswer, str]] = {
    RightAnswer.GRANTED: N_("What you asked for is granted."),
    RightAnswer.PARTLY: N_("What you asked for is granted in part."),
    RightAnswer.REFUSED: N_("What you asked for cannot be granted."),
}


@router.get("")
def show(request: Request, visitor: Patient) -> Response:
    """What can be asked for, and what was."""
    with transaction() as session:
        asked = requests_of(session, note_read(session, visitor, "case"))
    return visitor_page(request, visitor, "rights", asked=asked, answers=ANSWERS)


@router.post("")
def ask(visitor: Patient, right: Annotated[str, Form(max_length=20)] = "") -> Response:
    """Ask for one of them."""
    if right not in set(Right):
        raise BadInputError("This cannot be asked for here.")
    request_right(visitor.reference, Right(right), visitor.actor)
    return see_other(f"/patient/{visitor.subject_id}/rights")
