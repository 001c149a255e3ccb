"""Ending sessions."""

from uuid import UUID

from sqlmodel import Session, col, update

from models import UserSession
from secunda import clock


def revoke(session: Session, user_id: UUID, *, only: UUID | None = None, but: UUID | None = None) -> int:
    """End sessions of one person: all, one, or all but one. Returns how many."""
    ended = update(UserSession).where(col(UserSession.user_id) == user_id, col(UserSession.revoked_at).is_(None))
    if only is not None:
        ended = ended.where(col(UserSession.id) == only)
    if but is not None:
        ended = ended.where(col(UserSession.id) != but)
    return session.exec(ended.values(revoked_at=clock.wall())).rowcount
