"""Every message that Secunda can send: to whom, on which channels, with which parameters. Texts: templates/messages."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from secunda.recipients import RecipientKind

EMAIL_FIRST: Final = ("email", "sms")
SMS_FIRST: Final = ("sms", "email")

PATIENT, REQUESTER, EXPERT = RecipientKind.PATIENT, RecipientKind.REQUESTER, RecipientKind.EXPERT
COORDINATOR, DIRECTOR = RecipientKind.COORDINATOR, RecipientKind.MEDICAL_DIRECTOR
PAYER, PAYER_DIRECTOR = RecipientKind.PAYER, RecipientKind.PAYER_MEDICAL_DIRECTOR
EVERYBODY: Final = (PATIENT, REQUESTER, COORDINATOR, EXPERT)

# Which assignment an expert's link leads to; without it, the expert's newest one on the case.
ASSIGNMENT: Final = "assignment"


class Timing(StrEnum):
    """What becomes of a message that is still queued when its case is held or closed."""

    REQUEST = "request"  # held: waits; closed: cancelled
    REMINDER = "reminder"  # held or closed: cancelled, since it would come too late
    NOTICE = "notice"  # sent whatever the state


@dataclass(frozen=True)
class MessageEvent:
    """One kind of message. Its parameters are exactly these (and `assignment` for an expert): slugs, times, counts.

    A parameter is no place for identity or clinical text. `due_at`: ISO 8601, printed in the recipient's local time;
    `role`: key of a role of the case's pathway, printed as its title; `code`: id of the visit whose code is printed;
    `linked`: who gets a link.
    """

    recipients: tuple[RecipientKind, ...]
    timing: Timing
    parameters: tuple[str, ...] = ()
    channels: tuple[str, ...] = EMAIL_FIRST
    linked: tuple[RecipientKind, ...] = tuple(RecipientKind)

    def check(self, recipient: RecipientKind, parameters: Mapping[str, Any]) -> None:
        """Raises ValueError when the recipient or the parameters are not this event's."""
        if recipient not in self.recipients:
            raise ValueError(f"this message does not go to a {recipient}, only to {', '.join(self.recipients)}")
        wrong = (set(parameters) - {ASSIGNMENT}) ^ set(self.parameters)
        if wrong:
            raise ValueError(f"the parameters are {self.parameters}; missing or too many: {sorted(wrong)}")


_ASKED = ("due_at",)
_SEAT = ("role", "due_at")

EVENTS: Final[dict[str, MessageEvent]] = {
    "consent_requested": MessageEvent((PATIENT, REQUESTER), Timing.REQUEST, _ASKED),
    "consent_reminder": MessageEvent((PATIENT, REQUESTER), Timing.REMINDER, _ASKED),
    "documents_requested": MessageEvent((PATIENT, REQUESTER), Timing.REQUEST, ("count", "due_at")),
    "documents_reminder": MessageEvent((PATIENT, REQUESTER), Timing.REMINDER, _ASKED),
    "offer": MessageEvent((EXPERT,), Timing.REQUEST, _SEAT),
    "offer_reminder": MessageEvent((EXPERT,), Timing.REMINDER, _SEAT),
    "offer_withdrawn": MessageEvent((EXPERT,), Timing.NOTICE, ("role",), linked=()),
    "opinion_requested": MessageEvent((EXPERT,), Timing.REQUEST, _SEAT),
    "opinion_reminder": MessageEvent((EXPERT,), Timing.REMINDER, _SEAT),
    "opinion_overdue": MessageEvent((EXPERT,), Timing.REMINDER, _SEAT),
    "expert_replaced": MessageEvent((EXPERT, COORDINATOR), Timing.NOTICE, ("role",), linked=(COORDINATOR,)),
    "first_opinion_shown": MessageEvent((EXPERT,), Timing.REQUEST, _SEAT),
    "adjudication_requested": MessageEvent((EXPERT, COORDINATOR), Timing.REQUEST, _ASKED),
    "adjudication_reminder": MessageEvent((EXPERT, COORDINATOR), Timing.REMINDER, _ASKED),
    "correction_requested": MessageEvent((EXPERT, COORDINATOR), Timing.REQUEST, ("count",)),
    "escalation_coordinator": MessageEvent((COORDINATOR,), Timing.REMINDER, ("waiting_for",)),
    "escalation_medical_director": MessageEvent((DIRECTOR,), Timing.REMINDER, ("waiting_for",)),
    "determination_escalation": MessageEvent(
        (COORDINATOR, DIRECTOR, PAYER), Timing.REMINDER, ("share", "due_at"), linked=(COORDINATOR, DIRECTOR)
    ),
    "review_answered": MessageEvent((PAYER_DIRECTOR,), Timing.NOTICE, ("answer",), linked=()),
    "emergency_redirect": MessageEvent(
        (PATIENT, REQUESTER, COORDINATOR), Timing.NOTICE, channels=SMS_FIRST, linked=(REQUESTER, COORDINATOR)
    ),
    "report_ready": MessageEvent((PATIENT, REQUESTER, COORDINATOR), Timing.NOTICE),
    "case_withdrawn": MessageEvent(EVERYBODY, Timing.NOTICE, linked=(COORDINATOR,)),
    "case_on_hold": MessageEvent(EVERYBODY, Timing.NOTICE, linked=(COORDINATOR,)),
    "case_resumed": MessageEvent(EVERYBODY, Timing.REQUEST),
    "case_stuck": MessageEvent((COORDINATOR, DIRECTOR), Timing.NOTICE),
    "delivery_failed": MessageEvent(
        (COORDINATOR, DIRECTOR), Timing.NOTICE, ("addressee", "failed_channel", "next_channel", "doubt")
    ),
    "no_expert_available": MessageEvent((COORDINATOR, DIRECTOR), Timing.REQUEST, ("role",)),
    "access_code": MessageEvent((PATIENT, REQUESTER, EXPERT), Timing.NOTICE, ("code",), SMS_FIRST, linked=()),
    "new_link": MessageEvent((PATIENT, REQUESTER, EXPERT), Timing.NOTICE),
    "person_asks": MessageEvent((COORDINATOR,), Timing.NOTICE, ("request",)),
    "rights_reply": MessageEvent((PATIENT,), Timing.NOTICE, ("request",)),
}

NOTICES: Final = tuple(name for name, event in EVENTS.items() if event.timing is Timing.NOTICE)
REMINDERS: Final = tuple(name for name, event in EVENTS.items() if event.timing is Timing.REMINDER)
