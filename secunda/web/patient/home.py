"""The first page: what happens now, what is needed, and where everything is."""

from dataclasses import dataclass

from fastapi import Request, Response
from sqlmodel import col, func, select

from models import Document, Question, Report
from models.status import CaseStatus, RequirementStatus
from pathways.schema import HeldBy, Obligation
from secunda import clock
from secunda.case_context import CaseContext
from secunda.db import transaction
from secunda.reviews.delivered import delivered_report
from secunda.views.file import RequirementView, checklist
from secunda.visits import opening
from secunda.visits.standing import Visitor
from secunda.web.by_link import note_read, take_cookie
from secunda.web.pages import page
from secunda.web.patient import requesters_words
from secunda.web.patient.guards import Patient, Requester, visitor_page
from secunda.web.patient.requesters_words import requesters_stage_of
from secunda.web.patient.stages import STEPS, Stage, stage_of
from secunda.web.routes import web_router

router = web_router()


@dataclass(frozen=True)
class Overview:
    """What a first page tells. `wanted`: documents that this visitor owes; `welcome`: others."""

    stage: Stage
    is_open: bool
    consented: bool
    wanted: list[RequirementView]
    welcome: list[RequirementView]
    documents: int
    questions: int
    report: Report | None


@router.get("/patient/{subject}")
def patient_home(request: Request, visitor: Patient) -> Response:
    """The patient's first page."""
    return _home(request, visitor)


@router.get("/requester/{subject}")
def requester_home(request: Request, visitor: Requester) -> Response:
    """The requester's first page."""
    return _home(request, visitor)


@router.post("/patient/{subject}/leave")
def patient_leaves(request: Request, visitor: Patient) -> Response:
    """End the visit in this browser."""
    return left(request, visitor)


@router.post("/requester/{subject}/leave")
def requester_leaves(request: Request, visitor: Requester) -> Response:
    """End the visit in this browser."""
    return left(request, visitor)


def left(request: Request, visitor: Visitor) -> Response:
    """The visit is over, and the browser forgets it."""
    with transaction() as session:
        opening.leave(session, visitor.visit_id)
    response = page(request, "door/left.html.j2")
    take_cookie(response, visitor.subject_id)
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


def wanted_from(context: CaseContext, visitor: Visitor) -> list[RequirementView]:
    """The documents that this visitor is asked for, those that are owed first."""
    held_by = HeldBy.PATIENT if visitor.is_patient else HeldBy.REQUESTER
    pending = [row for row in checklist(context) if row.status is RequirementStatus.PENDING and row.key != "consent"]
    return sorted((row for row in pending if row.held_by is held_by), key=lambda row: row.obligation is OPTIONAL)


OPTIONAL = Obligation.RECOMMENDED


def _home(request: Request, visitor: Visitor) -> Response:
    with transaction() as session:
        case = note_read(session, visitor, "case")
        context = CaseContext(session, case, clock.now())
        asked = wanted_from(context, visitor) if case.status is not CaseStatus.CLOSED else []
        told = Overview(
            stage=stage_of(case) if visitor.is_patient else requesters_stage_of(case),
            is_open=case.status is not CaseStatus.CLOSED,
            consented=context.has_consent(),
            wanted=[row for row in asked if row.obligation is not OPTIONAL],
            welcome=[row for row in asked if row.obligation is OPTIONAL],
            documents=_count(context, Document),
            questions=_count(context, Question),
            report=delivered_report(session, case),
        )
    steps = STEPS if visitor.is_patient else requesters_words.STEPS
    return visitor_page(request, visitor, "home", told=told, steps=steps)


def _count(context: CaseContext, table: type[Document] | type[Question]) -> int:
    query = select(func.count(col(table.id))).where(table.case_id == context.case.id)
    return context.session.exec(query).one()
