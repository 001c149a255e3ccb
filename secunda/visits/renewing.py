"""A new link, sent to where the old one went: never shown to whoever asks for it."""

from datetime import timedelta
from typing import Final

from sqlmodel import Session, col, func, select

from models import Message
from secunda import cases, clock, outbox
from secunda.visits.opening import TooManyCodesError
from secunda.visits.subject import Subject

EVENT: Final = "new_link"
MOST: Final = 5  # an hour, for one recipient of one case
HOUR: Final = timedelta(hours=1)


def send_new_link(session: Session, subject: Subject) -> None:
    """Queue it. Asking again within the same minute sends nothing more; raises TooManyCodesError beyond that."""
    case = cases.lock(session, subject.case_id)
    now = clock.now()
    query = select(func.count(col(Message.id))).where(
        Message.case_id == case.id,
        Message.event == EVENT,
        Message.recipient == subject.key,
        Message.created_at > now - clock.pathway_span(HOUR),
    )
    if session.exec(query).one() >= MOST:
        raise TooManyCodesError("Too many links were asked for in the last hour.", "Try again in an hour.")
    occasion = f"{clock.wall():%Y%m%d%H%M}:{str(subject.subject_id)[:8]}"
    outbox.enqueue(session, case, EVENT, subject.key, occasion, subject.parameters, now, now)
