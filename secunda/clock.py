"""The only place that reads the time. Pathway time can run faster than the wall; Prefect and leases get wall time."""

from datetime import UTC, datetime, timedelta

from secunda.settings import Settings, settings


def wall() -> datetime:
    """The real time, UTC."""
    return datetime.now(UTC)


def now() -> datetime:
    """Pathway time, UTC: what deadlines are measured in. Equals `wall()` unless a fast clock is set."""
    return to_pathway(wall(), settings())


def to_pathway(moment: datetime, using: Settings) -> datetime:
    """The pathway time at a wall time."""
    if using.clock_started_at is None:
        return moment
    shows = using.clock_shows or using.clock_started_at
    return shows + (moment - using.clock_started_at) * using.clock_speed


def to_wall(moment: datetime) -> datetime:
    """The wall time at which the pathway clock shows `moment`."""
    using = settings()
    if using.clock_started_at is None:
        return moment
    shows = using.clock_shows or using.clock_started_at
    return using.clock_started_at + (moment - shows) / using.clock_speed


def wall_seconds(span: timedelta) -> float:
    """How many wall seconds a span of pathway time takes."""
    using = settings()
    return span.total_seconds() / (using.clock_speed if using.clock_started_at else 1.0)


def pathway_span(span: timedelta) -> timedelta:
    """How much pathway time passes in a span of wall time."""
    using = settings()
    return span * (using.clock_speed if using.clock_started_at else 1.0)
