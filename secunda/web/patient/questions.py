"""The patient's own questions to the experts."""

from typing import Annotated

from fastapi import Form, Request, Response
from sqlmodel import col, select

from models import Question
from secunda import clock
from secunda.actions.questions import LONGEST, ask, can_still_be_asked
from secunda.case_context import CaseContext
from secunda.db import transaction
from secunda.errors import SecundaError
from secunda.visits.standing import Visitor
from secunda.web.by_link import note_read
from secunda.web.patient.guards import Patient, visitor_page
from secunda.web.routes import see_other, web_router

router = web_router(prefix="/patient/{subject}/questions")


@router.get("")
def show(request: Request, visitor: Patient) -> Response:
    """What was asked so far, and the form."""
    return _shown(request, visitor)


@router.post("")
def add(request: Request, visitor: Patient, text: Annotated[str, Form(max_length=5000)] = "") -> Response:
    """One more question."""
    try:
        ask(visitor.reference, text, visitor.actor)
    except SecundaError as error:
        return _shown(request, visitor, text=text, fault=error.message, status=422)
    return see_other(f"/patient/{visitor.subject_id}/questions")


def _shown(request: Request, visitor: Visitor, *, text: str = "", fault: str = "", status: int = 200) -> Response:
    with transaction() as session:
        case = note_read(session, visitor, "case")
        query = select(Question).where(Question.case_id == case.id).order_by(col(Question.number))
        asked = list(session.exec(query))
        may_ask = can_still_be_asked(CaseContext(session, case, clock.now()))
    return visitor_page(
        request,
        visitor,
        "questions",
        status=status,
        asked=asked,
        may_ask=may_ask,
        longest=LONGEST,
        text=text,
        fault=fault,
    )
