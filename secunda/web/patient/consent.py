"""Consent, each purpose apart: given and withdrawn in the same place by the same two steps."""

from typing import Annotated

from fastapi import Form, Request, Response

from models.status import CaseStatus
from secunda import clock
from secunda.actions.consent import give_consent, withdraw_consent
from secunda.case_context import PURPOSE, CaseContext
from secunda.db import transaction
from secunda.errors import BadInputError
from secunda.web.by_link import note_read
from secunda.web.patient.guards import Patient, visitor_page
from secunda.web.patient.purposes import asked_of
from secunda.web.routes import see_other, web_router

router = web_router(prefix="/patient/{subject}/consent")


@router.get("")
def show(request: Request, visitor: Patient) -> Response:
    """What is asked, and what was allowed."""
    with transaction() as session:
        case = note_read(session, visitor, "case")
        asked = asked_of(CaseContext(session, case, clock.now()))
        is_open = case.status is not CaseStatus.CLOSED
    return visitor_page(request, visitor, "consent", asked=asked, is_open=is_open)


@router.post("/give")
def give(
    visitor: Patient, purpose: Annotated[str, Form(max_length=40)] = "", read: Annotated[str, Form()] = ""
) -> Response:
    """Allow one purpose."""
    _check_is_asked(visitor, purpose)
    if read != "yes":
        raise BadInputError("Please tick that you have read it.")
    give_consent(visitor.reference, visitor.actor, purpose=purpose)
    return see_other(f"/patient/{visitor.subject_id}" + ("" if purpose == PURPOSE else "/consent"))


@router.post("/withdraw")
def withdraw(visitor: Patient, purpose: Annotated[str, Form(max_length=40)] = "") -> Response:
    """Take one purpose back."""
    _check_is_asked(visitor, purpose)
    withdraw_consent(visitor.reference, visitor.actor, purpose=purpose)
    return see_other(f"/patient/{visitor.subject_id}/consent")


def _check_is_asked(visitor: Patient, purpose: str) -> None:
    with transaction() as session:
        case = note_read(session, visitor, "case")
        if purpose not in {one.purpose.key for one in asked_of(CaseContext(session, case, clock.now()))}:
            raise BadInputError("This purpose is not asked for.")
