"""Claiming messages, and finding the claims of those who died."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, true
from sqlmodel import Session, col, func, select, update

from models import Case, Message
from models.status import CaseStatus, MessageStatus
from secunda import clock
from secunda.messages.events import NOTICES

LEASE = timedelta(seconds=60)  # wall time; several times what a channel may take (channels.base.SEND_TIMEOUT)
LONGEST_PAUSE = timedelta(minutes=15)  # wall time between two attempts


def claim(
    session: Session, limit: int, now: datetime, wall: datetime, by: UUID, case_id: UUID | None = None
) -> list[Message]:
    """Up to `limit` due messages, now claimed `by` this holder until a minute after `wall`; commit before you send.

    One conditional UPDATE: those that others are claiming are skipped, never waited for. Messages of held and closed
    cases stay where they are, notices excepted. `now`: pathway time; `wall`: wall time; `case_id`: of this case only.
    """
    may_go = _may_go()
    due = (
        select(col(Message.id).label("id"))
        .join(Case, col(Case.id) == col(Message.case_id))
        .where(col(Message.status) == MessageStatus.QUEUED, _is_due(now), may_go)
        .where(col(Message.case_id) == case_id if case_id else true())
        .order_by(col(Message.due_at), col(Message.created_at))
        .limit(limit)
        .with_for_update(skip_locked=True, of=Message)
        .cte("due")  # a subquery could be planned so that it runs, and locks, more than once
    )
    statement = (
        update(Message)
        .where(col(Message.id).in_(select(due.c.id)))
        .values(
            status=MessageStatus.CLAIMED,
            claimed_by=by,
            claimed_until=wall + LEASE,
            attempts=col(Message.attempts) + 1,
        )
        .returning(Message)
        .execution_options(synchronize_session=False, populate_existing=True)
    )
    return sorted(session.execute(statement).scalars(), key=lambda message: (message.due_at, message.created_at))


def _may_go() -> ColumnElement[bool]:
    return or_(col(Message.event).in_(NOTICES), col(Case.status).not_in((CaseStatus.ON_HOLD, CaseStatus.CLOSED)))


def _is_due(now: datetime) -> ColumnElement[bool]:
    """Its time has come, or would have, had the clock not been set back since: it was to go at once, or is put off for
    longer than any attempt is."""
    longest = now + clock.pathway_span(LONGEST_PAUSE)
    return or_(
        col(Message.due_at) <= now,
        col(Message.due_at) <= col(Message.created_at),
        and_(col(Message.attempts) > 0, col(Message.due_at) > longest),
    )


def count_due(session: Session, case: Case, now: datetime) -> int:
    """How many messages this case has to send now."""
    due = (
        select(func.count())
        .select_from(Message)
        .join(Case, col(Case.id) == col(Message.case_id))
        .where(Message.case_id == case.id, col(Message.status) == MessageStatus.QUEUED, _is_due(now))
        .where(_may_go())
    )
    return session.exec(due).one()


def shorten(session: Session, wall: datetime) -> None:
    """End every claim within a minute. None lasts longer, unless the clock was set back since it was made."""
    longest = wall + LEASE
    session.exec(
        update(Message)
        .where(col(Message.status) == MessageStatus.CLAIMED, col(Message.claimed_until) > longest)
        .values(claimed_until=longest)
        .execution_options(synchronize_session=False)
    )


def abandoned(session: Session, wall: datetime) -> list[Message]:
    """Messages whose holder has not come back in time."""
    query = select(Message).where(col(Message.status) == MessageStatus.CLAIMED, col(Message.claimed_until) < wall)
    return list(session.exec(query.order_by(col(Message.claimed_until))))
