"""A link is followed: a code is sent, and whoever shows it comes in. Codes and attempts are few."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, func, select, update

from models import LinkVisit
from secunda import cases, clock, outbox, recipients
from secunda.errors import BadInputError, ConflictError
from secunda.links import LinkTarget
from secunda.messages.events import SMS_FIRST
from secunda.recipients import Recipient
from secunda.visits.code import is_right
from secunda.visits.subject import Subject

CODE_IS_GOOD_FOR: Final = timedelta(minutes=15)
LASTS: Final = timedelta(hours=12)  # a visit, in any case
MOST_CODES: Final = 6  # an hour, for one recipient of one case
MOST_ATTEMPTS: Final = 5  # at one code
HOUR: Final = timedelta(hours=1)


class TooManyCodesError(ConflictError):
    """So many codes were sent that somebody seems to be guessing."""

    code = "too_many_codes"


class WrongCodeError(BadInputError):
    """The code is not right, or not right any more."""

    code = "wrong_code"


@dataclass(frozen=True)
class Asked:
    """A visit that waits for its code; `token` is what the browser keeps."""

    visit_id: UUID
    token: str
    channel: str


def hash_of(secret: str) -> str:
    """What is kept of a link or a cookie."""
    return sha256(secret.encode()).hexdigest()


def was_used(session: Session, link: str) -> bool:
    """Whether somebody came in by this link already."""
    query = select(LinkVisit.id).where(LinkVisit.link_sha256 == hash_of(link), col(LinkVisit.verified_at).is_not(None))
    return session.exec(query).first() is not None


def code_channel(to: Recipient, target: LinkTarget) -> str | None:
    """Which way the code goes: another than its link's where there are two, so that one mailbox alone opens nothing."""
    return recipients.other_channel(to, target.channel, SMS_FIRST) or to.first_channel(SMS_FIRST)


def ask_for_code(session: Session, subject: Subject, link: str, target: LinkTarget) -> Asked:
    """Queue a code for whoever the link was sent to. Raises TooManyCodesError."""
    case = cases.lock(session, subject.case_id)
    now = clock.wall()
    _check_few(session, subject, now)
    channel = code_channel(recipients.resolve(session, case, subject.key), target) or ""
    token = secrets.token_urlsafe(32)
    visit = LinkVisit(
        case_id=case.id,
        kind=subject.kind,
        subject_id=subject.subject_id,
        link_sha256=hash_of(link),
        token_hash=hash_of(token),
        channel=channel,
        asked_at=now,
        code_until=now + CODE_IS_GOOD_FOR,
        last_seen_at=now,
        expires_at=now + LASTS,
    )
    session.add(visit)
    session.flush()
    at = clock.now()
    occasion, parameters = f"visit:{visit.id}", {"code": str(visit.id)}
    outbox.enqueue(session, case, "access_code", subject.key, occasion, parameters, at, at, channel or None)
    return Asked(visit.id, token, channel)


def _check_few(session: Session, subject: Subject, now: datetime) -> None:
    query = select(func.count(col(LinkVisit.id))).where(
        LinkVisit.subject_id == subject.subject_id, LinkVisit.kind == subject.kind, LinkVisit.asked_at > now - HOUR
    )
    if session.exec(query).one() >= MOST_CODES:
        raise TooManyCodesError("Too many codes were asked for in the last hour.", "Try again in an hour.")


def waiting(session: Session, subject: Subject, token: str) -> LinkVisit | None:
    """The visit of this browser that waits for its code, locked."""
    query = select(LinkVisit).where(
        LinkVisit.token_hash == hash_of(token),
        LinkVisit.subject_id == subject.subject_id,
        LinkVisit.kind == subject.kind,
        col(LinkVisit.verified_at).is_(None),
        col(LinkVisit.revoked_at).is_(None),
    )
    return session.exec(query.with_for_update()).first()


def come_in(session: Session, subject: Subject, token: str, code: str) -> str | None:
    """What the browser keeps from now on; None for a wrong code, which is counted: the caller commits either way.

    Raises WrongCodeError for a code that is too old, was tried too often, or whose link opened something meanwhile.
    """
    visit = waiting(session, subject, token)
    now = clock.wall()
    if visit is None or visit.code_until < now or visit.attempts >= MOST_ATTEMPTS:
        raise WrongCodeError("This code is not good any more.", "Ask for another one.")
    visit.attempts += 1
    if not is_right(visit.id, code):
        return None
    new = secrets.token_urlsafe(32)  # what was known before the code was shown is worth nothing after
    try:
        with session.begin_nested():
            visit.token_hash, visit.verified_at, visit.last_seen_at = hash_of(new), now, now
            session.flush()
    except IntegrityError:
        raise WrongCodeError("This link was used already.", "Ask for a new one.") from None
    return new


def leave(session: Session, visit_id: UUID) -> None:
    """End a visit."""
    session.exec(
        update(LinkVisit)
        .where(col(LinkVisit.id) == visit_id)
        .values(revoked_at=clock.wall())
        .execution_options(synchronize_session=False)
    )
