"""One case as those see it who run the machinery: its run, lease, deadlines and messages. Nothing about whom."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from models import Case, Incident, Message
from models.status import CaseStatus, HoldCause, IncidentKind, MessageStatus
from pathways.vocabulary import Frozen, Specialty
from secunda import cases, recipients
from secunda.recipients import RecipientKind

MESSAGES = 50
INCIDENTS = 20


class SentMessage(Frozen):
    event: str
    recipient: RecipientKind
    channel: str
    status: MessageStatus
    reason: str
    attempts: int
    due_at: datetime
    sent_at: datetime | None


class CaseIncident(Frozen):
    kind: IncidentKind
    found_at: datetime


class OpsCase(Frozen):
    """Deadlines are pathway time; the wake mark and the lease are wall time. `attempt`: how many runs were made."""

    reference: str
    specialty: Specialty
    urgency: str | None
    stage: CaseStatus
    hold_cause: HoldCause | None
    launched_at: datetime
    waiting_since: datetime | None
    next_deadline_at: datetime | None
    closed_at: datetime | None
    finished_steps: tuple[str, ...]
    failures: int
    wake_requested_at: datetime | None
    held_by: str
    held_until: datetime | None
    run: UUID | None
    attempt: int
    events: int
    messages: tuple[SentMessage, ...]
    incidents: tuple[CaseIncident, ...]


def ops_case(session: Session, reference: str) -> OpsCase:
    """Raises NotFoundError."""
    case = cases.by_reference(session, reference)
    return OpsCase(
        reference=case.reference,
        specialty=Specialty(case.specialty),
        urgency=case.urgency,
        stage=case.status,
        hold_cause=case.hold_cause,
        launched_at=case.launched_at,
        waiting_since=case.waiting_since,
        next_deadline_at=case.next_deadline_at,
        closed_at=case.closed_at,
        finished_steps=tuple(case.finished_steps),
        failures=case.failures,
        wake_requested_at=case.wake_requested_at,
        held_by=case.lease_holder if case.lease_until else "",
        held_until=case.lease_until,
        run=case.flow_run_id,
        attempt=case.run_attempt,
        events=case.event_count,
        messages=_messages(session, case),
        incidents=_incidents(session, case),
    )


def _messages(session: Session, case: Case) -> tuple[SentMessage, ...]:
    query = select(Message).where(Message.case_id == case.id).order_by(col(Message.created_at).desc()).limit(MESSAGES)
    return tuple(
        SentMessage(
            event=one.event,
            recipient=recipients.kind_of(one.recipient),
            channel=one.channel,
            status=one.status,
            reason=one.failure,
            attempts=one.attempts,
            due_at=one.due_at,
            sent_at=one.sent_at,
        )
        for one in session.exec(query)
    )


def _incidents(session: Session, case: Case) -> tuple[CaseIncident, ...]:
    query = select(Incident).where(Incident.reference == case.reference)
    found = session.exec(query.order_by(col(Incident.found_at).desc()).limit(INCIDENTS))
    return tuple(CaseIncident(kind=one.kind, found_at=one.found_at) for one in found)
