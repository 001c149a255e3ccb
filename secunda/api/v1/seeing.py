"""A review as its payer sees it, in the language that it would rather read."""

from pathways.determination import Determination
from secunda.api.v1.shapes import ChecklistLine, ClockOut, CodeOut, HistoryLine, Moving, ReviewOut
from secunda.api.v1.shapes import ReviewLine as LineOut
from secunda.reviews.listing import ReviewLine
from secunda.reviews.remembered import Form, Seen
from secunda.reviews.standing import MOVING, ReviewStanding
from secunda.views.file import RequirementView
from secunda.web.refusals import say


def line_out(line: ReviewLine) -> LineOut:
    """One review in a list."""
    return LineOut(
        reference=line.reference,
        payer_reference=line.payer_reference,
        pathway=line.specialty,
        stage=line.stage,
        outcome=line.outcome,
        certification=line.certification,
        due_at=line.due_at,
        seconds_left=int(line.time_left.total_seconds()) if line.time_left is not None else None,
        next_deadline_at=line.next_deadline_at,
        created_at=line.created_at,
        closed_at=line.closed_at,
    )


def review_out(standing: ReviewStanding, language: str) -> ReviewOut:
    """The whole of it."""
    return ReviewOut(
        reference=standing.reference,
        payer_reference=standing.payer_reference,
        pathway=standing.specialty,
        procedure=CodeOut(**standing.procedure),
        planned_on=standing.planned_on,
        diagnoses=[CodeOut(**one) for one in standing.diagnoses],
        stage=standing.stage,
        stage_title=say(standing.stage_title, language),
        must_act=standing.must_act,
        outcome=standing.outcome,
        urgency=standing.urgency,
        certification=standing.certification,
        certification_reason=say(standing.reason, language) if standing.reason else None,
        clock=_clock(standing.clock, language) if standing.clock else None,
        next_deadline_at=standing.next_deadline_at,
        report_due_at=standing.report_due_at,
        created_at=standing.created_at,
        closed_at=standing.closed_at,
        reports=standing.reports,
        checklist=[_requirement(one, language) for one in standing.checklist],
        history=[
            HistoryLine(sequence=one.number, at=one.at, kind=one.kind, by=one.by, text=say(one.text, language))
            for one in standing.history
        ],
    )


def form_in(language: str) -> Form:
    """The form of a review that is read again and again: all but what time changes."""
    return Form(language, lambda standing: review_out(standing, language).model_dump_json(exclude=set(MOVING)))


def seen_as_json(seen: Seen, language: str) -> str:
    """The whole of a review that was looked at in `form_in(language)`."""
    moving = Moving(
        clock=_clock(seen.clock, language) if seen.clock else None,
        next_deadline_at=seen.next_deadline_at,
        report_due_at=seen.report_due_at,
    )
    return f"{seen.text[:-1]},{moving.model_dump_json()[1:]}"


def _clock(clock: Determination, language: str) -> ClockOut:
    return ClockOut(
        rule=clock.key,
        title=say(clock.title, language),
        source=clock.source,
        verified=clock.verified,
        started_at=clock.started_at,
        due_at=clock.due_at,
        seconds_left=int(clock.left.total_seconds()),
        stopped_seconds=int(clock.stopped_for.total_seconds()),
        stopped_since=clock.stopped_since,
        is_breached=clock.is_breached,
        answered_at=clock.answered_at,
    )


def _requirement(one: RequirementView, language: str) -> ChecklistLine:
    return ChecklistLine(
        key=one.key,
        title=say(one.title, language),
        loinc=list(one.loinc),
        obligation=one.obligation.value,
        status=one.status,
        reason=one.reason,
    )
