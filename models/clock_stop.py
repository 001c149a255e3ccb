"""An interval in which a clock stood still, and why (test pending, waiting for the patient, on hold)."""

from datetime import datetime

from sqlmodel import Field

from models.base import CaseRow, optional_timestamp, timestamp


class ClockStop(CaseRow, table=True):
    __tablename__ = "clock_stop"

    clock: str = Field(max_length=40)  # report, or the slug of an overlay's clock
    reason: str
    stopped_by: str
    stopped_at: datetime = timestamp()
    restarted_at: datetime | None = optional_timestamp()
