"""Who is in by a link: a random cookie, a row that can be revoked, one assignment or one case."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlmodel import Session, col, select

from models import Case, LinkVisit
from secunda import clock, recipients
from secunda.links import LinkTarget
from secunda.recipients import RecipientKind
from secunda.visits.opening import hash_of
from secunda.visits.subject import subject_of

IDLE: Final = timedelta(hours=2)
SEEN_EVERY: Final = timedelta(minutes=1)  # how exactly the last use is known


@dataclass(frozen=True)
class Visitor:
    """Somebody who showed the code of their link. `actor` is how events name them; `subject_id` is in the addresses."""

    visit_id: UUID
    kind: RecipientKind
    subject_id: UUID
    case_id: UUID
    reference: str
    actor: str
    language: str

    @property
    def is_patient(self) -> bool:
        return self.kind is RecipientKind.PATIENT


def look_up(session: Session, kind: RecipientKind, subject_id: UUID, token: str) -> Visitor | None:
    """Whoever this cookie belongs to, as long as their visit stands; None for nobody."""
    now = clock.wall()
    query = select(LinkVisit).where(
        LinkVisit.token_hash == hash_of(token),
        LinkVisit.kind == kind,
        LinkVisit.subject_id == subject_id,
        col(LinkVisit.verified_at).is_not(None),
        col(LinkVisit.revoked_at).is_(None),
        LinkVisit.expires_at > now,
        LinkVisit.last_seen_at > now - IDLE,
    )
    visit = session.exec(query).first()
    if visit is None:
        return None
    if now - visit.last_seen_at > SEEN_EVERY:
        visit.last_seen_at = now
    subject = subject_of(session, LinkTarget(kind, subject_id))
    case = session.get_one(Case, subject.case_id)
    language = recipients.resolve(session, case, subject.key).language.value
    return Visitor(visit.id, kind, subject_id, case.id, case.reference, subject.key, language)
