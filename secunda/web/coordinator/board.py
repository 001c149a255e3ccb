"""The board's page: what the readers came to, and the form in which its chair's decision is recorded."""

from typing import Annotated

from fastapi import Depends, Form, Request, Response

from pathways.opinion import Stance
from pathways.readings import BoardDecision
from pathways.vocabulary import Concordance
from secunda import cases, clock
from secunda.actions.adjudication import record_board_decision
from secunda.actions.reasons import owed
from secunda.case_context import CaseContext
from secunda.db import transaction
from secunda.errors import ConflictError
from secunda.permissions import Permission
from secunda.reviews.reading import record_read
from secunda.views.board import board_view
from secunda.web.coordinator import position_words
from secunda.web.coordinator.acting import Coordinator, done
from secunda.web.coordinator.scope import case_for
from secunda.web.pages import page
from secunda.web.routes import web_router
from secunda.web.session import SignedIn, allowed

router = web_router(prefix="/cases/{reference}/board")


@router.get("")
def show(
    reference: str, request: Request, person: Annotated[SignedIn, Depends(allowed(Permission.SEE_DOCUMENTS))]
) -> Response:
    """What was signed, reader by reader. Looking at it is an event."""
    with transaction() as session:
        case = case_for(session, person, reference)
        found = board_view(CaseContext(session, case, clock.now()))
        if found is None:
            raise ConflictError(f"Case {case.reference} does not wait for its board.")
        record_read(session, cases.lock(session, case.id), person.actor, "opinion")
    return page(
        request,
        "coordinator/board.html.j2",
        reference=case.reference,
        board=found,
        words=position_words,
        may_act=person.may(Permission.ACT_ON_CASES),
    )


@router.post("")
def decide(
    reference: str,
    person: Coordinator,
    stance: Annotated[Stance, Form()],
    diagnosis: Annotated[Concordance, Form()],
    treatment: Annotated[Concordance, Form()],
    reason: Annotated[str, Form(max_length=4000)] = "",
) -> Response:
    """Record what the board decided; the case goes on to its report."""

    def act(case: str) -> None:
        decision = BoardDecision(
            stance=stance,
            diagnosis_concordance=diagnosis,
            treatment_concordance=treatment,
            reason=owed(reason),
        )
        record_board_decision(case, decision, person.actor)

    return done(reference, person, "panel", act)
