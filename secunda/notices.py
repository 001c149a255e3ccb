"""Who is told what about a case: rows in the outbox, written in the transaction that decided them."""

from typing import Any

from pathways.chasing import Rung
from pathways.schema import EscalateTo, HeldBy
from secunda import outbox
from secunda.case_context import CaseContext

PATIENT, REQUESTER = "patient", "requester"
COORDINATOR, MEDICAL_DIRECTOR = "coordinator", "medical_director"
PAYER, PAYER_DIRECTOR = "payer", "payer_medical_director"
ESCALATIONS = {
    EscalateTo.COORDINATOR: (COORDINATOR, "escalation_coordinator"),
    EscalateTo.MEDICAL_DIRECTOR: (MEDICAL_DIRECTOR, "escalation_medical_director"),
}
HOLDERS = {HeldBy.PATIENT: PATIENT, HeldBy.REQUESTER: REQUESTER}


def tell(
    context: CaseContext, event: str, recipient: str, occasion: str, *, channel: str | None = None, **parameters: Any
) -> bool:
    """Queue one message; the same event, recipient and occasion of a case are one message however often it is said.

    Returns whether it is said for the first time.
    """
    queued = outbox.enqueue(
        context.session,
        context.case,
        event=event,
        recipient=recipient,
        occasion=occasion,
        parameters=parameters,
        due_at=context.now,
        now=context.now,
        channel=channel,
    )
    return queued is not None


def tell_on_other_channel(context: CaseContext, event: str, recipient: str, occasion: str, **parameters: Any) -> None:
    """The same on the recipient's other channel; where there is none, on the only one."""
    other = outbox.other_channel(context.session, context.case, recipient)
    tell(context, event, recipient, occasion, channel=other, **parameters)


def escalate(context: CaseContext, rung: Rung, subject: str, waiting_for: str) -> None:
    """Tell whom the rung names that a wait has lasted too long."""
    recipient, event = ESCALATIONS[rung.to or EscalateTo.COORDINATOR]
    tell(context, event, recipient, f"{subject}:{rung.number}", waiting_for=waiting_for)
