"""The first page: the offer, then the case with its documents, then what was signed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Final

from fastapi import Form, Request, Response
from sqlmodel import col, select

from models import Document, Question
from models.status import AssignmentStatus
from pathways.deadlines import Wait
from pathways.terminology import document_types
from pathways.vocabulary import Text, Urgency
from secunda.actions import assignment as answering
from secunda.db import transaction
from secunda.errors import BadInputError
from secunda.readable import is_blind
from secunda.settings import settings
from secunda.visits import opening
from secunda.web.by_link import take_cookie
from secunda.web.catalogues import N_
from secunda.web.coordinator.words import URGENCIES
from secunda.web.expert.seat import WRITING, Expert, Seat, expert_page, seat_of
from secunda.web.pages import page
from secunda.web.routes import see_other, web_router

router = web_router(prefix="/expert/{subject}")

#: Why an offer is declined: what the coordinator reads → what the button says.
WHY_NOT: Final = {
    "no time before the deadline": N_("I have no time before the deadline"),
    "not my field": N_("It is not my field"),
    "conflict of interest": N_("I have a conflict of interest"),
    "another reason": N_("Another reason"),
}


@dataclass(frozen=True)
class Paper:
    """A document as it is listed."""

    number: int
    title: str
    kind: Text | None
    documented_on: date | None
    pages: int | None
    media_type: str


@dataclass(frozen=True)
class Task:
    """What is asked of the expert. `answer_until`: of the offer; `opinion_until`: what it would be, accepted now.

    `correction`: what is to be corrected of what they signed; `may_leave`: whether they may give the place back here.
    """

    pathway: Text
    role: Text
    urgency: str
    status: AssignmentStatus
    is_open: bool
    blind: bool
    age: int
    answer_until: datetime
    opinion_until: datetime | None
    signed_at: datetime | None
    correction: str
    may_leave: bool
    questions: Sequence[str]
    involved: Sequence[str]
    documents: Sequence[Paper]


@router.get("")
def show(request: Request, visitor: Expert) -> Response:
    """Whatever there is to do."""
    return _shown(request, visitor)


@router.post("/accept")
def accept(request: Request, visitor: Expert, attested: Annotated[str, Form()] = "") -> Response:
    """Take the place; the absence of a conflict of interest is attested."""
    if attested != "yes":
        return _shown(request, visitor, fault=N_("Please attest that you have no conflict of interest."), status=422)
    answering.accept(visitor.subject_id, visitor.actor, no_conflict_attested=True)
    return see_other(f"/expert/{visitor.subject_id}")


@router.post("/decline")
def decline(
    visitor: Expert, why: Annotated[str, Form(max_length=80)] = "", note: Annotated[str, Form(max_length=500)] = ""
) -> Response:
    """Do not take the place, with a reason."""
    answering.decline(visitor.subject_id, visitor.actor, _reason(why, note))
    return see_other(f"/expert/{visitor.subject_id}")


@router.post("/hand-back")
def hand_back(
    visitor: Expert, why: Annotated[str, Form(max_length=80)] = "", note: Annotated[str, Form(max_length=500)] = ""
) -> Response:
    """Give a place back that was taken, with a reason."""
    answering.hand_back(visitor.subject_id, visitor.actor, _reason(why, note))
    return see_other(f"/expert/{visitor.subject_id}")


def _reason(why: str, note: str) -> str:
    if why not in WHY_NOT:
        raise BadInputError("Please say why.")
    said = note.strip()
    return f"{why}: {said}" if said else why


@router.post("/leave")
def leave(request: Request, visitor: Expert) -> Response:
    """End the visit in this browser."""
    with transaction() as session:
        opening.leave(session, visitor.visit_id)
    response = page(request, "door/left.html.j2")
    take_cookie(response, visitor.subject_id)
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


def papers(seat: Seat) -> list[Paper]:
    """The documents that may be read now."""
    return [_paper(row) for row in seat.documents]


def _paper(row: Document) -> Paper:
    kind = document_types().get(row.loinc)
    named = Text(en=kind.en, es=kind.es) if kind else None
    return Paper(row.number, row.title, named, row.documented_on, row.pages, row.media_type)


def _shown(request: Request, visitor: Expert, *, fault: str = "", status: int = 200) -> Response:
    with seat_of(visitor) as seat:
        task = _task(seat)
    template = "offer" if task.is_open and task.status is AssignmentStatus.REQUESTED else "case"
    fee = settings().expert_fee
    return expert_page(request, visitor, template, status=status, task=task, why_not=WHY_NOT, fee=fee, fault=fault)


def _task(seat: Seat) -> Task:
    context, assignment = seat.context, seat.assignment
    case = context.case
    asked = select(Question.text).where(Question.case_id == case.id).order_by(col(Question.number))
    involved = (case.requester, case.payer, case.first_institution, case.operating_site, *case.treating_practitioners)
    return Task(
        pathway=context.pathway.title,
        role=seat.role.title,
        urgency=URGENCIES[Urgency(case.urgency)] if case.urgency else "",
        status=assignment.status,
        is_open=seat.is_open,
        blind=is_blind(assignment),
        age=context.facts.age,
        answer_until=assignment.accept_by,
        opinion_until=assignment.opinion_due_at or context.due(Wait.OPINION, context.now),
        signed_at=assignment.completed_at,
        correction=seat.correction,
        may_leave=assignment.status in WRITING and assignment.reopened_at is None,
        questions=list(context.session.exec(asked)) if seat.is_open else [],
        involved=[name for name in dict.fromkeys(involved) if name],
        documents=papers(seat),
    )
