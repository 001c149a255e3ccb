"""What a coordinator does about the panel: seats, answers given by telephone, corrections, amendments."""

from typing import Annotated
from uuid import UUID

from fastapi import Form, Response

from secunda.actions import assignment
from secunda.actions.amendment import amend
from secunda.actions.correction import ask_for_correction
from secunda.db import transaction
from secunda.errors import NotFoundError
from secunda.views.panel import seats_of
from secunda.web.coordinator.acting import Coordinator, Reason, Seat, done, on_seat
from secunda.web.coordinator.scope import case_for
from secunda.web.routes import web_router
from secunda.web.session import SignedIn

router = web_router(prefix="/cases/{reference}")


@router.post("/reassign")
def reassign(reference: str, person: Coordinator, seat: Seat, reason: Reason = "") -> Response:
    """Take a seat away from an expert; it is offered to the next one."""
    return on_seat(reference, person, seat, lambda one: assignment.replace(one, person.actor, reason))


@router.post("/accept")
def accept(reference: str, person: Coordinator, seat: Seat, attested: Annotated[str, Form()] = "") -> Response:
    """Note that the expert accepted, and what they attested."""
    said = attested == "yes"
    return on_seat(reference, person, seat, lambda one: assignment.accept(one, person.actor, no_conflict_attested=said))


@router.post("/decline")
def decline(reference: str, person: Coordinator, seat: Seat, reason: Reason = "") -> Response:
    """Note that the expert declined, and why."""
    return on_seat(reference, person, seat, lambda one: assignment.decline(one, person.actor, reason))


@router.post("/correct")
def correct(reference: str, person: Coordinator, seat: Seat, reason: Reason = "") -> Response:
    """Give a signed opinion back to its expert."""
    return on_seat(reference, person, seat, lambda one: ask_for_correction(one, person.actor, reason))


@router.post("/amend")
def amend_report(
    reference: str, person: Coordinator, reason: Reason = "", seats: Annotated[list[UUID] | None, Form()] = None
) -> Response:
    """Replace a delivered report by a new version; these seats correct their opinions first."""
    wanted = seats or []

    def act(case: str) -> None:
        _check_are_of(case, person, wanted)
        amend(case, person.actor, reason, wanted)

    return done(reference, person, "report", act)


def _check_are_of(reference: str, person: SignedIn, seats: list[UUID]) -> None:
    with transaction() as session:
        known = seats_of(session, case_for(session, person, reference))
    if not set(seats) <= known:
        raise NotFoundError("The case has no such seat.")
