"""Deciding that something is said, and taking it back. Callers hold the case locked (`secunda.cases.lock`)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select, update

from models import Case, Message
from models.status import CaseStatus, MessageStatus
from secunda import events, recipients
from secunda.messages import EVENTS
from secunda.messages.events import EMAIL_FIRST, NOTICES, REMINDERS

LONGEST_OCCASION = 64  # a switch of channel and resending append to it
APPENDED = "~"


def enqueue(
    session: Session,
    case: Case,
    event: str,
    recipient: str,
    occasion: str,
    parameters: Mapping[str, Any],
    due_at: datetime,
    now: datetime,
    channel: str | None = None,
) -> UUID | None:
    """Queue one message; `due_at` and `now` are pathway time. `channel`: the first preferred with an address.

    Returns its id, or None when it was decided before: the same event, recipient and occasion of a case are one
    message. Raises ValueError when the event's table does not know the recipient or the parameters, NotFoundError for
    an unknown expert.
    """
    if event not in EVENTS:
        raise ValueError(f"there is no message {event!r}; secunda.messages.EVENTS lists them")
    if APPENDED in occasion or len(occasion) > LONGEST_OCCASION:
        raise ValueError(f"an occasion has at most {LONGEST_OCCASION} characters and no {APPENDED!r}: {occasion!r}")
    EVENTS[event].check(recipients.kind_of(recipient), parameters)
    return insert_once(session, case, event, recipient, occasion, parameters, due_at, now, channel)


def insert_once(
    session: Session,
    case: Case,
    event: str,
    recipient: str,
    occasion: str,
    parameters: Mapping[str, Any],
    due_at: datetime,
    now: datetime,
    channel: str | None,
) -> UUID | None:
    """INSERT … ON CONFLICT DO NOTHING: the row's id when it is new."""
    to = recipients.resolve(session, case, recipient)
    preference = EVENTS[event].channels
    message = Message(
        case_id=case.id,
        event=event,
        recipient=recipient,
        occasion=occasion,
        channel=channel or to.first_channel(preference) or preference[0],
        language=to.language.value,
        parameters=dict(parameters),
        due_at=due_at,
        created_at=now,
    )
    statement = insert(Message).values(message.model_dump()).on_conflict_do_nothing().returning(col(Message.id))
    return session.execute(statement).scalar_one_or_none()


def other_channel(session: Session, case: Case, recipient: str) -> str | None:
    """A channel with an address that is not the one this recipient was last written to on; None when there is none."""
    query = select(Message.channel).where(
        col(Message.case_id) == case.id,
        col(Message.recipient) == recipient,
        col(Message.status) != MessageStatus.CANCELLED,
    )
    last = session.exec(query.order_by(col(Message.created_at).desc()).limit(1)).first()
    return recipients.other_channel(recipients.resolve(session, case, recipient), last, EMAIL_FIRST)


def is_moot() -> ColumnElement[bool]:
    """SQL over message and case: too late. A reminder of a held case, anything but a notice of a closed one."""
    return or_(
        and_(col(Case.status) == CaseStatus.CLOSED, col(Message.event).not_in(NOTICES)),
        and_(col(Case.status) == CaseStatus.ON_HOLD, col(Message.event).in_(REMINDERS)),
    )


def is_moot_now(case: Case, event: str) -> bool:
    """The same of one event."""
    if case.status is CaseStatus.CLOSED:
        return event not in NOTICES
    return case.status is CaseStatus.ON_HOLD and event in REMINDERS


def cancel_moot(session: Session, case: Case, now: datetime) -> int:
    """Cancel what is queued and comes too late in the case's present state; returns how many."""
    moot = select(Message.id).join(Case, col(Case.id) == col(Message.case_id)).where(is_moot())
    session.flush()  # the status that makes them moot may be new in this very transaction
    cancelled = session.execute(
        update(Message)
        .where(
            col(Message.case_id) == case.id,
            col(Message.status) == MessageStatus.QUEUED,
            col(Message.id).in_(moot),
        )
        .values(status=MessageStatus.CANCELLED)
        .returning(col(Message.id), col(Message.event), col(Message.recipient))
        .execution_options(synchronize_session=False)
    ).all()
    for message_id, event, recipient in cancelled:
        events.record(
            session, case, "message_cancelled", "secunda", now, message=message_id, event=event, recipient=recipient
        )
    return len(cancelled)


def cases_with_moot_messages(session: Session) -> list[UUID]:
    """The cases for which `cancel_moot` has something to do."""
    query = select(col(Message.case_id)).join(Case, col(Case.id) == col(Message.case_id)).distinct()
    return list(session.exec(query.where(col(Message.status) == MessageStatus.QUEUED, is_moot())))
