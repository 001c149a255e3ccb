"""Sending again because a person says so."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, func, select

from models import Assignment, Case, Message
from models.status import LIVE_ASSIGNMENT, MessageStatus
from secunda import cases, events
from secunda.errors import ConflictError, NotFoundError
from secunda.messages.events import ASSIGNMENT, EVENTS
from secunda.outbox.queue import APPENDED, insert_once, is_moot_now
from secunda.recipients import RecipientKind

STUCK = (MessageStatus.FAILED, MessageStatus.UNKNOWN)


def resend(session: Session, message_id: UUID, reason: str, actor: str, now: datetime) -> UUID:
    """Queue a message again: the same row when it failed or nobody knows, a new row when it was sent before.

    Returns the row's id. Raises NotFoundError, and ConflictError while it is still on its way, was cancelled, would
    come too late for its case, or holds a code or a link that opens nothing any more.
    """
    found = session.get(Message, message_id)
    if found is None:
        raise NotFoundError(f"There is no message {message_id}.", "`secunda message list` shows the messages.")
    case = cases.lock(session, found.case_id)
    message = session.get_one(Message, message_id, populate_existing=True, with_for_update=True)
    _check_can_be_sent_again(case, message)
    _check_opens_something(session, message)
    again = message.id if message.status in STUCK else _copy(session, case, message, now)
    if message.status in STUCK:
        message.status, message.due_at, message.attempts = MessageStatus.QUEUED, now, 0
        message.claimed_by, message.claimed_until, message.failure = None, None, ""
    events.record(session, case, "message_resent", actor, now, message=message_id, sent_as=again, reason=reason)
    return again


def _check_can_be_sent_again(case: Case, message: Message) -> None:
    if message.status in (MessageStatus.QUEUED, MessageStatus.CLAIMED):
        raise ConflictError("This message is still on its way.", "Wait for it to be sent or to fail.")
    if message.status is MessageStatus.CANCELLED or is_moot_now(case, message.event):
        raise ConflictError(
            f"This message comes too late for case {case.reference} ({case.status.value}).", "Write to them yourself."
        )


def _check_opens_something(session: Session, message: Message) -> None:
    event, seat = EVENTS[message.event], message.parameters.get(ASSIGNMENT)
    if "code" in event.parameters:
        raise ConflictError(
            "A code is good for some minutes only.", "Whoever needs one asks for a new one on the page."
        )
    held = session.get(Assignment, UUID(seat)) if seat and RecipientKind.EXPERT in event.linked else None
    if held is not None and held.status not in LIVE_ASSIGNMENT:
        raise ConflictError(
            "The expert does not hold this seat any more: the link is withdrawn.", "Write to them yourself."
        )


def _copy(session: Session, case: Case, message: Message, now: datetime) -> UUID:
    occasion = message.occasion.partition(APPENDED)[0]
    again = f"{occasion}{APPENDED}again"
    same = select(func.count()).where(
        col(Message.case_id) == case.id,
        col(Message.event) == message.event,
        col(Message.recipient) == message.recipient,
        col(Message.occasion).startswith(again, autoescape=True),
    )
    name = f"{again}{session.exec(same).one() + 1}"
    copied = insert_once(
        session, case, message.event, message.recipient, name, message.parameters, now, now, message.channel
    )
    if copied is None:  # cannot be: the case is locked and the number is new
        raise ConflictError("This message is being sent again already.")
    return copied
