"""How much time a clock has left, in words and in one of four tones."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from secunda.web import dates
from secunda.web.catalogues import N_, translations

SOON: Final = timedelta(days=1)
LEFT, LATE, STILL, NONE = N_("%(span)s left"), N_("%(span)s late"), N_("stands still"), N_("not running yet")


@dataclass(frozen=True)
class TimeLeft:
    """`tone`: good, warn (less than a day), bad (past), still."""

    tone: str
    words: str
    due_at: datetime | None


def time_left(due_at: datetime | None, now: datetime, language: str, *, stands_still: bool = False) -> TimeLeft:
    """Of a clock that runs out at `due_at`."""
    said = translations(language).gettext
    if stands_still or due_at is None:
        return TimeLeft("still", said(STILL if stands_still else NONE), due_at)
    left = due_at - now
    span = dates.span(left, language)
    if left < timedelta():
        return TimeLeft("bad", said(LATE) % {"span": span}, due_at)
    return TimeLeft("warn" if left < SOON else "good", said(LEFT) % {"span": span}, due_at)
