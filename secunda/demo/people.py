"""The scripted people: each looks at the cases as they stand and does what the scenario says, when its time has come.

They use the same actions as real people do, and act on what is in the domain store, so a restart changes nothing.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date
from functools import partial
from io import BytesIO

from sqlmodel import Session, col, select

from models import Assignment, Case, Requirement
from models.status import AssignmentStatus, CaseStatus, RequirementStatus, Step
from pathways.readings import BoardDecision
from pathways.schema import DocumentRequirement
from secunda import clock
from secunda.actions import adjudication, assignment, attach, consent, opinion
from secunda.adjudicating import adjudication_of
from secunda.case_context import CaseContext
from secunda.db import transaction
from secunda.demo.papers import paper_for
from secunda.demo.scenario import ORDINARY, DemoCase, Manner
from secunda.demo.writing import opinion_for
from secunda.documents import Said
from secunda.errors import ConflictError
from secunda.panel import panel_of

BOARD_REASON = {
    "en": "The board met, heard every reader, and follows the chair's opinion; the dissent is recorded.",
    "es": "El comité se reunió, escuchó a todos los lectores y sigue la opinión de la presidencia; consta el disenso.",
}


Deed = Callable[[], object]  # something that a person is about to do


def act(script: DemoCase, reference: str) -> None:
    """Let everybody around one case do what is due by now."""
    for deed in list(_due(script, reference)):
        with suppress(ConflictError):  # the case went on meanwhile; whoever comes too late looks again
            deed()


def _due(script: DemoCase, reference: str) -> Iterator[Deed]:
    with transaction() as session:
        case = session.exec(select(Case).where(Case.reference == reference)).one()
        context = CaseContext(session, case, clock.now())
        yield from _patient(script, context)
        yield from _requester(script, context)
        yield from _experts(script, context)
        yield from _board(script, context)


def _patient(script: DemoCase, context: CaseContext) -> Iterator[Deed]:
    case = context.case
    if case.status is CaseStatus.AWAITING_CONSENT and context.now >= case.launched_at + script.consent_after:
        yield lambda: consent.give_consent(case.reference, "patient")


def _requester(script: DemoCase, context: CaseContext) -> Iterator[Deed]:
    case = context.case
    asked_at = case.documents_asked_at
    if case.status is not CaseStatus.AWAITING_DOCUMENTS or asked_at is None:
        return
    if context.now < asked_at + script.documents_after:
        return
    asked = {requirement.key: requirement for requirement in context.pathway.documents}
    for row in _pending(context.session, case):
        yield partial(_send, case.reference, asked[row.key], case.language, context.now.date())


def _send(reference: str, requirement: DocumentRequirement, language: str, on: date) -> None:
    said = Said(
        title=requirement.title.in_language(language),
        loinc=requirement.loinc[0],
        documented_on=on,
        source="Hospital de demostración",
    )
    attach.attach(reference, BytesIO(paper_for(requirement, on)), "requester", said)


def _pending(session: Session, case: Case) -> list[Requirement]:
    query = select(Requirement).where(
        Requirement.case_id == case.id, col(Requirement.status) == RequirementStatus.PENDING
    )
    return list(session.exec(query.order_by(col(Requirement.key))))


def _experts(script: DemoCase, context: CaseContext) -> Iterator[Deed]:
    if not context.case.has_finished(Step.TRIAGE) or context.case.status is CaseStatus.CLOSED:
        return
    panel = panel_of(context)
    for place, seat in enumerate(panel.assignments):
        manner = _manner(script, seat, place, len(panel.seats))
        if seat.status is AssignmentStatus.REQUESTED:
            yield from _answer(context, seat, manner)
        elif seat.status in (AssignmentStatus.ACCEPTED, AssignmentStatus.IN_PROGRESS):
            yield from _write(context, seat, manner)


def _manner(script: DemoCase, seat: Assignment, place: int, seats: int) -> Manner:
    if seat.round > 1:
        return script.manners.get("*", ORDINARY)
    if place == 0:
        return script.first_role
    if place == seats - 1:
        return script.last_role
    return script.manners.get(seat.role, script.manners.get("*", ORDINARY))


def _answer(context: CaseContext, seat: Assignment, manner: Manner) -> Iterator[Deed]:
    if manner.accepts_after is None or context.now < seat.offered_at + manner.accepts_after:
        return
    if manner.declines:
        yield lambda: assignment.decline(seat.id, "expert", "away at a congress")
    else:
        yield lambda: assignment.accept(seat.id, "expert", no_conflict_attested=True)


def _write(context: CaseContext, seat: Assignment, manner: Manner) -> Iterator[Deed]:
    if manner.writes_after is None or seat.accepted_at is None:
        return
    if context.now < seat.accepted_at + manner.writes_after:
        return
    written = opinion_for(context, seat, manner.stance, manner.treatment_concordance)
    yield lambda: opinion.submit(seat.id, written, "expert")
    yield lambda: opinion.lock(seat.id, "expert")


def _board(script: DemoCase, context: CaseContext) -> Iterator[Deed]:
    case = context.case
    if case.status is not CaseStatus.AWAITING_ADJUDICATION or case.waiting_since is None:
        return
    if context.now >= case.waiting_since + script.board_after:
        decision = _decision(context)
        yield lambda: adjudication.record_board_decision(case.reference, decision, "chair")


def _decision(context: CaseContext) -> BoardDecision:
    """The board follows its chair."""
    votes = adjudication_of(context).votes
    chair = next(vote for vote in votes if vote.role == context.pathway.panel.chair)
    return BoardDecision(
        stance=chair.stance,
        diagnosis_concordance=chair.diagnosis_concordance,
        treatment_concordance=chair.treatment_concordance,
        reason=BOARD_REASON.get(context.case.language, BOARD_REASON["en"]),
    )
