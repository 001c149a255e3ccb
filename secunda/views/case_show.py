"""One case on one page: where it stands, who must act, how urgent it is and why, its clocks, file and panel."""

from datetime import date, datetime
from typing import TypeVar

from sqlmodel import col, select

from models import Consent, Message, Question, Report
from models.base import CaseRow
from models.status import CASE_OWNERS, CaseStatus, HoldCause, Outcome, Owner
from pathways.vocabulary import Frozen, Specialty, Text
from secunda.case_context import CaseContext
from secunda.views.clocks import ClockView, clocks
from secunda.views.file import DocumentView, RequirementView, checklist, documents
from secunda.views.messages import MessageLine
from secunda.views.panel import SeatView, panel_view
from secunda.views.urgency import UrgencyView, urgency_view
from secunda.views.words import STAGES


class PathwayPin(Frozen):
    """The pathway as the case is pinned to it. `draft`: no clinician has approved it yet."""

    specialty: Specialty
    version: str
    hash: str
    title: Text
    draft: bool


class ConsentView(Frozen):
    purpose: str
    given_at: datetime
    expires_at: datetime | None
    withdrawn_at: datetime | None


class QuestionView(Frozen):
    number: int
    asked_by: str
    text: str


class ReportView(Frozen):
    """One version of the report; `secunda report get` writes its PDF."""

    version: int
    language: str
    sha256: str
    pages: int
    rendered_at: datetime


class HoldView(Frozen):
    reason: str
    cause: HoldCause
    stage: Text


class CaseView(Frozen):
    """A case without its patient's identity. `next_look_at`: when Secunda looks again if nothing happens before;
    `wake_pending`: something happened that its run has not been told yet.
    """

    reference: str
    pathway: PathwayPin
    jurisdiction: str
    jurisdiction_title: Text
    language: str
    stage: Text
    status: CaseStatus
    must_act: Owner
    hold: HoldView | None
    outcome: Outcome | None
    urgency: UrgencyView
    requester: str
    payer: str
    first_institution: str
    operating_site: str
    planned_procedure: str
    procedure_on: date | None
    treatment_starts_on: date | None
    flags: tuple[str, ...]
    launched_at: datetime
    file_complete_at: datetime | None
    next_look_at: datetime | None
    report_due_at: datetime | None
    closed_at: datetime | None
    is_late: bool
    clocks: tuple[ClockView, ...]
    consents: tuple[ConsentView, ...]
    questions: tuple[QuestionView, ...]
    checklist: tuple[RequirementView, ...]
    documents: tuple[DocumentView, ...]
    panel: tuple[SeatView, ...]
    messages: tuple[MessageLine, ...]
    reports: tuple[ReportView, ...]
    wake_pending: bool


def case_view(context: CaseContext) -> CaseView:
    """Read in the context's transaction."""
    case = context.case
    is_open = case.status is not CaseStatus.CLOSED
    return CaseView.model_validate(
        {name: getattr(case, name) for name in CaseView.model_fields if hasattr(case, name)}
        | {
            "pathway": _pin(context),
            "jurisdiction_title": context.overlay.title,
            "stage": STAGES[case.status],
            "must_act": CASE_OWNERS[case.status],
            "hold": _hold(context),
            "urgency": urgency_view(context),
            "next_look_at": case.next_deadline_at if is_open else None,
            "is_late": is_open and case.report_due_at is not None and case.report_due_at < context.now,
            "clocks": clocks(context) if is_open else (),
            "consents": _rows(context, Consent, ConsentView),
            "questions": sorted(_rows(context, Question, QuestionView), key=lambda question: question.number),
            "checklist": checklist(context),
            "documents": documents(context),
            "panel": panel_view(context),
            "messages": _messages(context),
            "reports": sorted(_rows(context, Report, ReportView), key=lambda report: report.version),
            "wake_pending": case.wake_requested_at is not None,
        }
    )


def _pin(context: CaseContext) -> PathwayPin:
    pathway = context.pathway
    return PathwayPin(
        specialty=pathway.pathway,
        version=pathway.version,
        hash=context.case.pathway_hash,
        title=pathway.title,
        draft=pathway.review.is_draft,
    )


def _hold(context: CaseContext) -> HoldView | None:
    case = context.case
    if case.status is not CaseStatus.ON_HOLD or case.hold_cause is None:
        return None
    return HoldView(
        reason=case.hold_reason, cause=case.hold_cause, stage=STAGES[case.held_from or CaseStatus.REQUESTED]
    )


Shape = TypeVar("Shape", bound=Frozen)


def _rows(context: CaseContext, table: type[CaseRow], shape: type[Shape]) -> list[Shape]:
    """The case's rows of one table, as the view shows them."""
    query = select(table).where(table.case_id == context.case.id)
    return [shape.model_validate(row, from_attributes=True) for row in context.session.exec(query)]


def _messages(context: CaseContext) -> list[MessageLine]:
    """The newest first."""
    query = select(Message).where(Message.case_id == context.case.id).order_by(col(Message.due_at).desc())
    of_the_row = set(MessageLine.model_fields) - {"case"}
    return [
        MessageLine.model_validate(row.model_dump(include=of_the_row) | {"case": context.case.reference})
        for row in context.session.exec(query)
    ]
