"""What a coordinator does to a case: each form calls the action that the command line calls, in the person's name."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Form, Response

from models import Message
from pathways.overlay import StopReason
from pathways.vocabulary import Urgency
from secunda import clock
from secunda.actions import clocks, hold, remind, triage, withdraw
from secunda.actions.reasons import owed
from secunda.db import transaction
from secunda.errors import NotFoundError
from secunda.outbox.resending import resend
from secunda.permissions import Permission
from secunda.web.coordinator.acting import Coordinator, Key, Reason, done
from secunda.web.coordinator.scope import case_for
from secunda.web.routes import web_router
from secunda.web.session import SignedIn, allowed

router = web_router(prefix="/cases/{reference}")


@router.post("/remind")
def remind_now(reference: str, person: Coordinator) -> Response:
    """Remind everybody whom the case waits for."""
    return done(reference, person, "messages", lambda case: remind.remind(case, person.actor))


@router.post("/flag")
def flag(reference: str, person: Coordinator, key: Key = "") -> Response:
    """Mark a clinical situation; a red flag ends the case with the redirect to emergency care."""
    return done(reference, person, "main", lambda case: triage.set_flags(case, [key], person.actor))


@router.post("/stop-clock")
def stop_clock(
    reference: str, person: Coordinator, why: Annotated[StopReason, Form()], reason: Reason = ""
) -> Response:
    """Stop the clocks that stand still for this."""
    return done(reference, person, "clocks", lambda case: clocks.stop_clocks(case, why, person.actor, reason))


@router.post("/start-clock")
def start_clock(reference: str, person: Coordinator, why: Annotated[StopReason, Form()]) -> Response:
    """Let them run again."""
    return done(reference, person, "clocks", lambda case: clocks.start_clocks(case, why, person.actor))


@router.post("/extend-clock")
def extend_clock(reference: str, person: Coordinator, key: Key = "", reason: Reason = "") -> Response:
    """Give a clock of the law the more time that the law allows once."""
    return done(reference, person, "clocks", lambda case: clocks.extend_clock(case, key, person.actor, reason))


@router.post("/hold")
def put_on_hold(reference: str, person: Coordinator, reason: Reason = "") -> Response:
    """Stop everything."""
    return done(reference, person, "main", lambda case: hold.hold(case, person.actor, reason))


@router.post("/resume")
def resume(reference: str, person: Coordinator) -> Response:
    """Go on."""
    return done(reference, person, "main", lambda case: hold.resume(case, person.actor))


@router.post("/withdraw")
def withdraw_it(reference: str, person: Coordinator, reason: Reason = "") -> Response:
    """End the case."""
    return done(reference, person, "main", lambda case: withdraw.withdraw(case, person.actor, reason))


@router.post("/resend")
def send_again(reference: str, person: Coordinator, message: Annotated[UUID, Form()], reason: Reason = "") -> Response:
    """Send a message once more."""

    def act(case: str) -> None:
        with transaction() as session:
            found = session.get(Message, message)
            if found is None or found.case_id != case_for(session, person, case).id:
                raise NotFoundError("The case has no such message.")
            resend(session, message, owed(reason), person.actor, clock.now())

    return done(reference, person, "messages", act)


@router.post("/urgency")
def change_urgency(
    reference: str,
    person: Annotated[SignedIn, Depends(allowed(Permission.OVERRIDE_URGENCY))],
    urgency: Annotated[Urgency, Form()],
    reason: Reason = "",
) -> Response:
    """Set another class than the rules'."""
    return done(reference, person, "main", lambda case: triage.override_urgency(case, urgency, person.actor, reason))
