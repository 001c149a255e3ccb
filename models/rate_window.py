"""How often somebody has called within the minute that runs: one row for all processes of the API."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from models.base import timestamp


class RateWindow(SQLModel, table=True):
    """`taken` counts calls, some in advance (`secunda.api.limits`); it begins anew once `ends_at` has passed."""

    __tablename__ = "rate_window"

    key: str = Field(primary_key=True, max_length=64)
    ends_at: datetime = timestamp(index=True)  # wall time
    taken: int
