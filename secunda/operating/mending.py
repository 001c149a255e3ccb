"""What Secunda found wrong with its own machinery, and mended: the watch's and the reconciler's findings."""

from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from models import Incident
from models.status import IncidentKind
from pathways.vocabulary import Frozen
from secunda import incidents

PERIODS = {"hour": timedelta(hours=1), "day": timedelta(days=1), "week": timedelta(days=7), "month": timedelta(days=30)}
NEWEST = 50


class Mended(Frozen):
    """How many of a kind in the last hour, day, week and thirty days."""

    kind: IncidentKind
    hour: int
    day: int
    week: int
    month: int


class Finding(Frozen):
    """One of them. `reference` is empty where it was about no case; `lasted` is wall time, where that was seen."""

    kind: IncidentKind
    reference: str
    found_at: datetime
    lasted: timedelta | None


def mended(session: Session, wall: datetime) -> list[Mended]:
    """Every kind that was found in the last thirty days, the most frequent first."""
    counts = {name: incidents.counted(session, wall - period) for name, period in PERIODS.items()}
    return [
        Mended.model_validate({"kind": kind, **{name: counts[name].get(kind, 0) for name in PERIODS}})
        for kind in counts["month"]
    ]


def newest(session: Session) -> list[Finding]:
    query = select(Incident).order_by(col(Incident.found_at).desc()).limit(NEWEST)
    return [_finding(one) for one in session.exec(query)]


def _finding(one: Incident) -> Finding:
    lasted = None if one.lasted_seconds is None else timedelta(seconds=one.lasted_seconds)
    return Finding(kind=one.kind, reference=one.reference, found_at=one.found_at, lasted=lasted)
