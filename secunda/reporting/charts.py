"""The geometry of the report's charts, in thirds of a millimetre.

The drawing is SVG in templates/report/charts; here stands only what goes where, and the text alternative that says
the same in words. Nothing depends on colour: shape, position and label carry every meaning.
"""

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import groupby
from typing import NamedTuple

from secunda.reporting.content import Milestone, ReportContent
from secunda.reporting.sections import RatedItem, ScoreSection
from secunda.reporting.words import Words

ROW = 19.0
LABELS = 116.0  # right edge of the labels
PLOT_FROM, PLOT_TO = 126.0, 374.0
HEAD = 26.0  # room above the first row


class TimelineRow(NamedTuple):
    """One milestone: its moments as x, and the line from the milestone before it."""

    label: str
    y: float
    since: float
    dots: tuple[float, ...]
    moment: str


class Stop(NamedTuple):
    start: float
    end: float


class Timeline(NamedTuple):
    rows: tuple[TimelineRow, ...]
    stops: tuple[Stop, ...]
    due: float | None
    due_label: str
    due_anchor: str
    height: float
    alternative: str
    turnaround: str


def timeline(content: ReportContent, words: Words) -> Timeline | None:
    """The course of the case: one row a milestone, its moments along the time from request to report or deadline."""
    events = sorted(content.timeline, key=lambda event: (list(Milestone).index(event.milestone), event.at))
    if len(events) < 2:
        return None
    moments = [event.at for event in events] + ([content.due_at] if content.due_at else [])
    x_of = _scale(min(moments), max(moments))
    rows: list[TimelineRow] = []
    since = PLOT_FROM
    for milestone, group in groupby(events, key=lambda event: event.milestone):
        at = [event.at for event in group]
        dots = tuple(x_of(moment) for moment in at)
        label = words.text(f"timeline_{milestone}")
        rows.append(TimelineRow(label, HEAD + ROW * (len(rows) + 0.5), since, dots, _period(at, words)))
        since = max(dots)
    due = x_of(content.due_at) if content.due_at else None
    return Timeline(
        rows=tuple(rows),
        stops=tuple(Stop(x_of(stop.started_at), x_of(stop.ended_at)) for stop in content.stops),
        due=due,
        due_label=words.text("timeline_due", date=words.date(content.due_at, "MMMd")) if content.due_at else "",
        due_anchor="end" if due and due > (PLOT_FROM + PLOT_TO) / 2 else "start",
        height=HEAD + ROW * len(rows) + 8,
        alternative=_alternative(rows, content, words),
        turnaround=turnaround(content, words),
    )


def turnaround(content: ReportContent, words: Words) -> str:
    """How long the report took from the complete file, and how that stands to its deadline; stops are not counted."""
    complete = [event.at for event in content.timeline if event.milestone is Milestone.FILE_COMPLETE]
    if not complete or content.due_at is None:
        return ""
    stopped = sum((stop.ended_at - stop.started_at for stop in content.stops), timedelta())
    taken = content.reported_at - max(complete) - stopped
    left = content.due_at - content.reported_at
    key = "turnaround_early" if left >= timedelta() else "turnaround_late"
    return words.text(key, taken=words.span(max(taken, timedelta())), left=words.span(abs(left)))


def _scale(start: datetime, end: datetime) -> Callable[[datetime], float]:
    length = max((end - start).total_seconds(), 1.0)

    def x_of(moment: datetime) -> float:
        share = (moment - start).total_seconds() / length
        return round(PLOT_FROM + (PLOT_TO - PLOT_FROM) * min(max(share, 0.0), 1.0), 1)

    return x_of


def _period(at: list[datetime], words: Words) -> str:
    first, last = words.date(at[0], "MMMd"), words.date(at[-1], "MMMd")
    return first if first == last else f"{first} – {last}"


def _alternative(rows: list[TimelineRow], content: ReportContent, words: Words) -> str:
    parts = [words.text("timeline_moment", what=row.label, moment=row.moment) for row in rows]
    if content.due_at:
        parts.append(words.text("timeline_due", date=words.date(content.due_at)) + ".")
    parts += [words.text("timeline_stopped", reason=stop.reason) + "." for stop in content.stops]
    return words.text("timeline_alternative", events=" ".join(parts))


class Ratings(NamedTuple):
    """A strip from 1 to 9: one dot a rater (equal ratings stand on each other), the median below the line."""

    ticks: tuple[float, ...]
    dots: tuple[tuple[float, float], ...]
    base: float
    median: float | None
    height: float
    alternative: str


def ratings(item: RatedItem, words: Words) -> Ratings:
    """The dot plot of one item's RAND/UCLA ratings."""
    counts = Counter(item.ratings)
    tallest = max(counts.values(), default=1)
    base = 6.0 + 8 * tallest
    dots = [(_x_of_rating(value), base - 5 - 8 * level) for value in sorted(counts) for level in range(counts[value])]
    return Ratings(
        ticks=tuple(_x_of_rating(value) for value in range(1, 10)),
        dots=tuple(dots),
        base=base,
        median=None if item.statistics is None else _x_of_rating(item.statistics.median),
        height=base + 17,
        alternative=_ratings_alternative(item, words),
    )


def _x_of_rating(value: float) -> float:
    return 10.0 + 20.0 * (value - 1)


def _ratings_alternative(item: RatedItem, words: Words) -> str:
    if item.statistics is None:
        return words.text("not_stated")
    return words.text(
        "ratings_alternative",
        item=words.local(item.title),
        ratings=", ".join(str(value) for value in sorted(item.ratings)),
        median=words.number(item.statistics.median),
        class_=words.text(f"class_{item.statistics.appropriateness}"),
        agreement=words.text("disagreement" if item.statistics.disagreement else "agreement"),
    )


class Score(NamedTuple):
    """A bar of bands, each as wide as the others, with the score's place in its band."""

    edges: tuple[tuple[float, str], ...]  # x and the number that stands there
    width: float
    score: float
    bands: tuple[tuple[str, bool], ...]  # label, whether the score lies in it
    alternative: str


def score(section: ScoreSection, words: Words, width: float = 480.0) -> Score | None:
    """The position of a score among its bands; None without a score or bands."""
    if section.score is None or not section.bands:
        return None
    ends = [0.0, *(band.up_to for band in section.bands)]
    step = width / len(section.bands)
    index = section.bands.index(section.band) if section.band else 0
    share = (section.score - ends[index]) / ((ends[index + 1] - ends[index]) or 1.0)
    labels = tuple(_band_label(section, place, words) for place in range(len(section.bands)))
    return Score(
        edges=tuple((step * place, words.number(end)) for place, end in enumerate(ends[:-1]) if place),
        width=width,
        score=round(step * (index + min(max(share, 0.03), 0.97)), 1),
        bands=tuple((label, place == index) for place, label in enumerate(labels)),
        alternative=words.text(
            "score_alternative", score=words.number(section.score), band=labels[index], bands="; ".join(labels)
        ),
    )


def _band_label(section: ScoreSection, place: int, words: Words) -> str:
    title = words.local(section.bands[place].title)
    if any(character.isdigit() for character in title):  # it names its range itself
        return title
    start = words.number(section.bands[place - 1].up_to) if place else ""
    end = words.number(section.bands[place].up_to)
    if place == 0:
        return words.text("band_to", title=title, end=end)
    if place == len(section.bands) - 1:
        return words.text("band_from", title=title, start=start)
    return words.text("band_between", title=title, start=start, end=end)
