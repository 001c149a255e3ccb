"""Something that went wrong with the machinery around cases, was found, and was mended: what ops want to count."""

from datetime import datetime

from sqlmodel import Field

from models.base import Row, timestamp, word
from models.status import IncidentKind


class Incident(Row, table=True):
    """One finding. It is about processes and runs, not about what a case is: that is in the case's own events."""

    __tablename__ = "incident"

    kind: IncidentKind = word(IncidentKind, index=True)
    reference: str = Field(default="", max_length=20)  # the case's; empty when it was about none
    found_at: datetime = timestamp(index=True)  # wall time
    lasted_seconds: float | None = None  # how long, where that was seen
