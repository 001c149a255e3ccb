"""What became of a claimed message: the row and the event about it change in one transaction, with the case locked.

Every change is conditional on the claim that it ends, so that a holder who comes back late cannot overwrite another's.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session, col, select, update

from models import Case, Message
from models.status import MessageStatus
from secunda import cases, events, recipients
from secunda.channels import DeliveryError, Receipt
from secunda.db import transaction
from secunda.messages import EVENTS
from secunda.outbox.claiming import LONGEST_PAUSE
from secunda.outbox.queue import APPENDED, insert_once
from secunda.recipients import RecipientKind

MOST_ATTEMPTS = 6
FIRST_PAUSE = timedelta(seconds=30)  # wall time

SENT, DEFERRED, FAILED, UNKNOWN, REQUEUED, SUPERSEDED = (
    "sent",
    "deferred",
    "failed",
    "unknown",
    "requeued",
    "superseded",
)


def pause_after(attempts: int, jitter: float) -> timedelta:
    """How long to wait after the nth attempt, in wall time: doubling, half to all of it by `jitter` (0 to 1)."""
    doubled: float = 2.0 ** min(attempts - 1, 20)
    return min(FIRST_PAUSE * doubled, LONGEST_PAUSE) * (0.5 + jitter / 2)


def sent(message: Message, receipt: Receipt, now: datetime) -> str:
    """The channel took it. Said even when the claim had run out meanwhile: the log knows of every sending.

    Harmless when it was noted before, but the answer to the commit was lost.
    """
    with transaction() as session:
        case = cases.lock(session, message.case_id)
        ours = _end_claim(
            session,
            message,
            (MessageStatus.CLAIMED, MessageStatus.UNKNOWN),
            status=MessageStatus.SENT,
            sent_at=now,
            provider_reference=receipt.provider_reference,
            language=message.language,
            failure="",
        )
        if not ours and _is_noted(session, message):
            return SENT
        late = {} if ours else {"claim_had_run_out": True}
        _record(session, case, "message_sent", message, now, provider_reference=receipt.provider_reference, **late)
    return SENT


def refused(message: Message, error: DeliveryError, now: datetime, pause: timedelta) -> str:
    """The channel did not take it: another attempt after `pause` (pathway time), or never on this channel."""
    if error.permanent or message.attempts >= MOST_ATTEMPTS:
        return _failed(message, error, now)
    with transaction() as session:
        case = cases.lock(session, message.case_id)
        ours = _end_claim(
            session,
            message,
            (MessageStatus.CLAIMED,),
            status=MessageStatus.QUEUED,
            due_at=now + pause,
            failure=error.reason_code,
            claimed_by=None,
        )
        if ours:
            _record(session, case, "message_deferred", message, now, **_why(error))
    return DEFERRED if ours else SUPERSEDED


def _failed(message: Message, error: DeliveryError, now: datetime) -> str:
    with transaction() as session:
        case = cases.lock(session, message.case_id)
        changes: dict[str, Any] = {"status": MessageStatus.FAILED, "failure": error.reason_code}
        if not _end_claim(session, message, (MessageStatus.CLAIMED,), **changes):
            return SUPERSEDED
        _record(session, case, "message_failed", message, now, **_why(error))
        _tell_coordinator(session, case, message, now, _switch_channel(session, case, message, now), doubt=False)
    return FAILED


def abandoned(message: Message, wall: datetime, now: datetime, *, idempotent: bool) -> str:
    """The holder died or hangs. Safe to repeat: queued again. Else nobody knows whether it was sent: left as it is."""
    again = idempotent and message.attempts < MOST_ATTEMPTS
    with transaction() as session:
        case = cases.lock(session, message.case_id)
        changes: dict[str, Any] = {"status": MessageStatus.UNKNOWN, "failure": "unknown_after_crash"}
        if again:
            changes = {"status": MessageStatus.QUEUED, "due_at": now, "claimed_by": None}
        if not _end_claim(session, message, (MessageStatus.CLAIMED,), before=wall, **changes):
            return SUPERSEDED
        _record(session, case, "message_requeued" if again else "message_unknown", message, now)
        if not again:
            _tell_coordinator(session, case, message, now, next_channel=None, doubt=True)
    return REQUEUED if again else UNKNOWN


def _is_noted(session: Session, message: Message) -> bool:
    same_claim = (col(Message.id) == message.id, col(Message.claimed_by) == message.claimed_by)
    return session.exec(select(Message.id).where(*same_claim, Message.status == MessageStatus.SENT)).first() is not None


def _end_claim(
    session: Session,
    message: Message,
    expected: tuple[MessageStatus, ...],
    before: datetime | None = None,
    **changes: Any,
) -> bool:
    """Whether the claim still was this one (and had run out before a time) and is now ended by these changes."""
    conditions = [
        col(Message.id) == message.id,
        col(Message.claimed_by) == message.claimed_by,
        col(Message.status).in_(expected),
    ]
    conditions += [col(Message.claimed_until) < before] if before else []
    statement = update(Message).where(*conditions).values(claimed_until=None, **changes).returning(col(Message.id))
    return session.execute(statement.execution_options(synchronize_session=False)).first() is not None


def _switch_channel(session: Session, case: Case, message: Message, now: datetime) -> str | None:
    """Queue the same on the next channel that was not tried for this occasion; None when there is none left."""
    occasion = message.occasion.partition(APPENDED)[0]
    same = select(Message.channel).where(
        col(Message.case_id) == case.id,
        col(Message.event) == message.event,
        col(Message.recipient) == message.recipient,
        (col(Message.occasion) == occasion) | col(Message.occasion).startswith(occasion + APPENDED, autoescape=True),
    )
    tried = set(session.exec(same))
    to = recipients.resolve(session, case, message.recipient)
    channel = to.first_channel(channel for channel in EVENTS[message.event].channels if channel not in tried)
    if channel is not None:
        name = f"{occasion}{APPENDED}{channel}"
        insert_once(session, case, message.event, message.recipient, name, message.parameters, now, now, channel)
    return channel


def _tell_coordinator(
    session: Session, case: Case, message: Message, now: datetime, next_channel: str | None, *, doubt: bool
) -> None:
    """A failure is somebody's task, once. One of the coordinator's own messages goes to the medical director."""
    if message.event == "delivery_failed":
        return
    kind = recipients.kind_of(message.recipient)
    to = RecipientKind.MEDICAL_DIRECTOR if kind is RecipientKind.COORDINATOR else RecipientKind.COORDINATOR
    about = {
        "addressee": kind.value,
        "failed_channel": message.channel,
        "next_channel": next_channel or "",
        "doubt": doubt,
    }
    occasion = f"{message.id}:{case.event_count}"  # a message that is sent again may fail again
    insert_once(session, case, "delivery_failed", to.value, occasion, about, now, now, None)


def _why(error: DeliveryError) -> dict[str, Any]:
    return {"reason": error.reason_code} | ({"maybe_sent": True} if error.maybe_sent else {})


def _record(session: Session, case: Case, kind: str, message: Message, now: datetime, **more: Any) -> None:
    events.record(
        session,
        case,
        kind,
        "secunda",
        now,
        message=message.id,
        event=message.event,
        recipient=message.recipient,
        channel=message.channel,
        attempt=message.attempts,
        **more,
    )
