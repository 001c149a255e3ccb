"""What a case waits for now, and where it stands, as the rules about moving it see it."""

from collections.abc import Iterator
from datetime import datetime

from sqlmodel import col, or_, select

from models import ChaseRecord, Opinion, Requirement
from models.status import CaseStatus, OpinionStatus, RequirementStatus, Step
from pathways.deadlines import Wait
from pathways.moving import OpenWait, Situation, TakenSeat
from secunda.adjudicating import last_opinion_at
from secunda.case_context import CaseContext
from secunda.panel import expert_of, panel_of, window

GIVEN_UP = (RequirementStatus.WAIVED, RequirementStatus.LIMITED)
SIGNED = (OpinionStatus.PROVISIONAL, OpinionStatus.FINAL)
PANEL = (CaseStatus.AWAITING_PANEL, CaseStatus.AWAITING_ACCEPTANCE, CaseStatus.AWAITING_OPINIONS)


def open_waits(context: CaseContext) -> tuple[OpenWait, ...]:
    """Everything that is waited for now; both of a wait's dates are those of the version that the case is pinned to."""
    return tuple(_open(context))


def situation(context: CaseContext) -> Situation:
    """Where the case stands, its waits left out: they are reckoned under two versions."""
    query = select(Requirement.key).where(Requirement.case_id == context.case.id, col(Requirement.status).in_(GIVEN_UP))
    return Situation(
        facts=context.facts,
        now=context.now,
        today=context.now.date(),
        calendar=context.calendar,
        received=tuple(context.received()),
        given_up=tuple(context.session.exec(query)),
        file_complete=context.case.has_finished(Step.GATHER),
        extra_roles=tuple(context.case.extra_roles),
        seats=tuple(_taken(context)),
    )


def _taken(context: CaseContext) -> Iterator[TakenSeat]:
    query = select(Opinion.assignment_id).where(Opinion.case_id == context.case.id, col(Opinion.status).in_(SIGNED))
    signed = set(context.session.exec(query))
    for assignment in panel_of(context).assignments:
        yield TakenSeat(
            role=assignment.role,
            seat=assignment.seat,
            expert_reads=tuple(expert_of(context, assignment).subspecialties),
            signed=assignment.id in signed,
        )


def _open(context: CaseContext) -> Iterator[OpenWait]:
    case = context.case
    if case.status is CaseStatus.AWAITING_CONSENT and not case.has_finished(Step.CONSENT):
        yield _of_case(context, Wait.CONSENT, case.launched_at)
    elif case.status is CaseStatus.AWAITING_DOCUMENTS and case.documents_asked_at is not None:
        yield _of_case(context, Wait.DOCUMENTS, case.documents_asked_at)
    elif case.status is CaseStatus.AWAITING_ADJUDICATION:
        yield _of_case(context, Wait.ADJUDICATION, last_opinion_at(context))
    elif case.status in PANEL:
        yield from _of_places(context)


def _of_case(context: CaseContext, wait: Wait, since: datetime) -> OpenWait:
    return _wait(context, wait, wait.value, wait.value, since, context.due(wait, since))


def _of_places(context: CaseContext) -> Iterator[OpenWait]:
    """The dates that the experts were told: no version changes them."""
    for assignment in panel_of(context).owed:
        open_ = window(assignment)
        about = f"{open_.wait} of {assignment.role}" + (f"/{assignment.seat}" if assignment.seat > 1 else "")
        yield _wait(context, open_.wait, about, f"{open_.wait}:{assignment.id}", open_.since, open_.due_at)


def _wait(context: CaseContext, wait: Wait, about: str, subject: str, since: datetime, due_at: datetime) -> OpenWait:
    climbed = select(ChaseRecord.rung).where(
        ChaseRecord.case_id == context.case.id,
        or_(ChaseRecord.subject == subject, col(ChaseRecord.subject).startswith(f"{subject}:", autoescape=True)),
        ChaseRecord.done_at >= since,
    )
    return OpenWait(
        wait=wait,
        about=about,
        since=since + context.on_hold_since(since),
        due_before=due_at,
        due_after=due_at,
        climbed=frozenset(context.session.exec(climbed)),
    )
