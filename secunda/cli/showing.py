"""Values as a person at a terminal reads them."""

from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

DRAFT: Final = "[yellow]Draft pathway, not clinically approved.[/yellow]"


def moment(at: datetime | None) -> str:
    """In the installation's time zone, as on the pages and in the sentences of a history; it is named."""
    return f"{at.astimezone(_zone()):%Y-%m-%d %H:%M %Z}" if at else "–"


@lru_cache(maxsize=1)
def _zone() -> ZoneInfo:
    from secunda.settings import settings

    return ZoneInfo(settings().time_zone)


def day(on: date | None) -> str:
    return on.isoformat() if on else "–"


def length(of: timedelta) -> str:
    """In minutes, hours from two hours on, days from two days on."""
    hours = of.total_seconds() / 3600
    if hours < 2:
        return f"{of.total_seconds() / 60:.0f} min"
    return f"{hours:.1f} h" if hours < 48 else f"{hours / 24:.1f} days"


def size(of: int) -> str:
    """Bytes, in the unit that leaves few digits."""
    for unit, bytes_ in (("MB", 10**6), ("kB", 10**3)):
        if of >= bytes_:
            return f"{of / bytes_:.1f} {unit}"
    return f"{of} B"


def counted(number: int, noun: str) -> str:
    """`1 page`, `4 pages`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def words(code: str) -> str:
    """A code as words: `awaiting_consent` → `awaiting consent`."""
    return code.replace("_", " ").replace("-", " ")
