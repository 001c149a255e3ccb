"""A review as its payer sees it: where it stands, what is missing, which clocks run, what happened."""

from datetime import timedelta
from typing import Any

from sqlmodel import Session, col, func, select

from models import Case, Document, Event, Report, Review
from models.status import CASE_OWNERS
from secunda import clock
from secunda.api.v1.shapes import (
    ChecklistLine,
    ClockOut,
    CodeOut,
    HistoryLine,
    ReviewLine,
    ReviewOut,
)
from secunda.case_context import CaseContext
from secunda.views.clocks import ClockView, clocks
from secunda.views.event_texts import told
from secunda.views.file import checklist

#: What a payer is shown of the log: where the review moved. Who read what, and who thought what, is not among it.
SHOWN = frozenset(
    {
        "review_requested",
        "launched",
        "consent_given",
        "consent_withdrawn",
        "document_received",
        "requirement_added",
        "requirement_met",
        "requirement_waived",
        "requirement_limited",
        "file_completed",
        "triaged",
        "status_changed",
        "clock_stopped",
        "clock_restarted",
        "report_rendered",
        "delivered",
        "ended_early",
        "closed",
    }
)
BY = ("secunda", "client", "patient", "requester", "expert")


def review_line(review: Review, case: Case) -> ReviewLine:
    """One review in a list."""
    return ReviewLine.model_validate(_line(review, case))


def _line(review: Review, case: Case) -> dict[str, Any]:
    return {
        "reference": case.reference,
        "payer_reference": review.payer_reference,
        "pathway": case.specialty,
        "stage": case.status,
        "outcome": case.outcome,
        "certification": review.certification,
        "created_at": review.created_at,
        "next_deadline_at": case.next_deadline_at,
        "report_due_at": case.report_due_at,
        "closed_at": case.closed_at,
    }


def review_out(session: Session, review: Review, case: Case, language: str) -> ReviewOut:
    """The whole of it, in `language` (en or es)."""
    context = CaseContext(session, case, clock.now())
    return ReviewOut.model_validate(
        _line(review, case)
        | {
            "procedure": CodeOut(system=review.procedure_system, code=review.procedure_code),
            "planned_on": review.planned_on,
            "diagnoses": [CodeOut(**one) for one in review.diagnosis_codes],
            "must_act": CASE_OWNERS[case.status].value,
            "urgency": case.urgency,
            "certification_reason": review.certification_reason,
            "checklist": _checklist(context, language),
            "clocks": [_clock(one, context, language) for one in (() if case.closed_at else clocks(context))],
            "documents": _count(session, Document, case),
            "reports": _count(session, Report, case),
            "history": _history(session, case, language),
        }
    )


def steady(review: ReviewOut) -> dict[str, Any]:
    """What of it changes only when something happens: the ETag is made of this."""
    content = review.model_dump(mode="json")
    for one in content["clocks"]:
        del one["seconds_left"]
    return content


def _checklist(context: CaseContext, language: str) -> list[ChecklistLine]:
    return [
        ChecklistLine(
            key=one.key,
            title=one.title.in_language(language),
            loinc=list(one.loinc),
            obligation=one.obligation.value,
            status=one.status,
            reason=one.reason,
        )
        for one in checklist(context)
    ]


def _clock(one: ClockView, context: CaseContext, language: str) -> ClockOut:
    left = one.due_at - context.now if one.due_at else None
    return ClockOut(
        key=one.name,
        title=one.title.in_language(language),
        due_at=one.due_at,
        seconds_left=None if left is None else int(left / timedelta(seconds=1)),
        stopped_seconds=int(one.stopped_for.total_seconds()),
        stopped_since=one.stopped_since,
        binds=one.binds,
        source=one.source,
        verified=one.verified,
    )


def _history(session: Session, case: Case, language: str) -> list[HistoryLine]:
    query = select(Event).where(Event.case_id == case.id, col(Event.kind).in_(SHOWN)).order_by(col(Event.sequence))
    return [
        HistoryLine(
            sequence=number,
            at=one.at,
            kind=one.kind,
            by=_by(one.actor),
            text=told(one.kind, one.data, language),
        )
        for number, one in enumerate(session.exec(query), start=1)
    ]


def _by(actor: str) -> str:
    kind = actor.partition(":")[0]
    return kind if kind in BY else "coordinator"


def _count(session: Session, table: Any, case: Case) -> int:
    return int(session.exec(select(func.count()).select_from(table).where(table.case_id == case.id)).one())
