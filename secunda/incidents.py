"""What went wrong with the machinery, was found and was mended: noted in the domain store, so that ops can count."""

from datetime import datetime, timedelta

from sqlalchemy import text
from sqlmodel import Session, col, delete, func, select

from models import Incident
from models.status import IncidentKind
from secunda import clock
from secunda.db import transaction

MENDED = {kind.value for kind in IncidentKind}
ONE_AT_A_TIME = text("select pg_advisory_xact_lock(hashtext(:kind))")
KEPT = timedelta(days=400)  # a year, and a little, to compare with


def note(kind: IncidentKind, reference: str = "", lasted: timedelta | None = None) -> None:
    """Note one finding now. An outage that somebody else has noted since it began is not noted again."""
    now = clock.wall()
    seconds = lasted.total_seconds() if lasted else None
    with transaction() as session:
        if lasted is not None:
            session.execute(ONE_AT_A_TIME, {"kind": kind})  # every worker sees the end of an outage at the same moment
            if _is_noted(session, kind, now - lasted):
                return
        session.add(Incident(kind=kind, reference=reference, found_at=now, lasted_seconds=seconds))
        session.exec(delete(Incident).where(col(Incident.found_at) < now - KEPT))


def note_finding(finding: str, reference: str = "") -> None:
    """The same for a finding of the reconciler, where it is one that was mended."""
    if finding in MENDED:
        note(IncidentKind(finding), reference)


def counted(session: Session, since: datetime) -> dict[IncidentKind, int]:
    """How many of each kind since a wall time, the most frequent first."""
    query = select(Incident.kind, func.count()).where(col(Incident.found_at) >= since).group_by(col(Incident.kind))
    found = {IncidentKind(kind): count for kind, count in session.exec(query)}
    return dict(sorted(found.items(), key=lambda one: -one[1]))


def _is_noted(session: Session, kind: IncidentKind, since: datetime) -> bool:
    query = select(Incident.id).where(Incident.kind == kind, col(Incident.found_at) >= since)
    return session.exec(query.limit(1)).first() is not None
