"""Where things go in the charts, and the words that say the same."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from pathways.rand import SectionRating, statistics
from pathways.vocabulary import Text
from secunda.reporting import charts
from secunda.reporting.columns import shares
from secunda.reporting.content import ClockStopped, Milestone, ReportContent, TimelineEvent
from secunda.reporting.sections import Band, RatedItem, ScoreSection
from secunda.reporting.words import Words
from tests.unit.reporting.samples import sample

WORDS = Words("en", "Europe/Madrid")
TITLE = Text(en="Surgery", es="Cirugía")
START = datetime(2026, 3, 1, 9, tzinfo=UTC)


def rated(*values: int) -> RatedItem:
    (found,) = statistics([SectionRating(section="syntax", item=0, value=value) for value in values])
    return RatedItem(title=TITLE, ratings=values, statistics=found)


def scored(score: float) -> ScoreSection:
    bands = (("Low", 23), ("Intermediate", 33), ("High", 60))
    titled = tuple(Band(up_to=up_to, title=Text(en=name, es=name)) for name, up_to in bands)
    return ScoreSection(key="syntax", title=TITLE, score=score, bands=titled)


def reported(taken: timedelta, due: timedelta, stopped: timedelta = timedelta()) -> ReportContent:
    stops = (ClockStopped(started_at=START, ended_at=START + stopped, reason="test"),) if stopped else ()
    complete = TimelineEvent(milestone=Milestone.FILE_COMPLETE, at=START)
    end = TimelineEvent(milestone=Milestone.REPORTED, at=START + taken)
    changed = {"timeline": (complete, end), "reported_at": START + taken, "due_at": START + due, "stops": stops}
    return sample("cardiology").model_copy(update=changed)


def test_equal_ratings_stand_on_each_other() -> None:
    plot = charts.ratings(rated(8, 8, 8, 2), WORDS)
    above = sorted(y for x, y in plot.dots if x == plot.ticks[7])
    assert len(above) == 3
    assert above == sorted(set(above))
    assert min(above) > 0
    assert max(y for _, y in plot.dots) < plot.base


def test_the_median_stands_between_two_ratings() -> None:
    plot = charts.ratings(rated(8, 9), WORDS)
    assert plot.median == (plot.ticks[7] + plot.ticks[8]) / 2


def test_the_ratings_are_told_in_words() -> None:
    assert charts.ratings(rated(9, 7, 8), WORDS).alternative == (
        "Surgery: ratings 7, 8, 9; median 8, appropriate, without disagreement."
    )
    assert "uncertain, disagreement" in charts.ratings(rated(1, 5, 9), WORDS).alternative


@given(st.floats(min_value=0, max_value=60))
def test_the_mark_of_a_score_stays_inside_its_band(score: float) -> None:
    plot = charts.score(scored(score), WORDS)
    assert plot is not None
    place = [here for _, here in plot.bands].index(True)
    step = plot.width / len(plot.bands)
    assert step * place <= plot.score <= step * (place + 1)


def test_a_score_is_told_in_words_with_every_band() -> None:
    plot = charts.score(scored(26.5), WORDS)
    assert plot is not None
    assert plot.alternative == (
        "Score 26.5: Intermediate (23 to below 33). Bands: Low (below 23); Intermediate (23 to below 33); "
        "High (33 or more)."
    )


def test_a_band_that_names_its_range_is_not_told_twice() -> None:
    section = scored(5).model_copy(update={"bands": (Band(up_to=23, title=Text(en="low (0–22)", es="baja")),)})
    plot = charts.score(section, WORDS)
    assert plot is not None
    assert plot.bands == (("low (0–22)", True),)


def test_the_timeline_has_one_row_a_milestone_in_their_order() -> None:
    chart = charts.timeline(sample("cardiology"), WORDS)
    assert chart is not None
    assert [row.label for row in chart.rows] == [WORDS.text(f"timeline_{each}") for each in Milestone]
    assert [row.y for row in chart.rows] == sorted(row.y for row in chart.rows)
    assert len(chart.rows[4].dots) == 3


def test_the_timeline_is_told_in_words_with_deadline_and_stops() -> None:
    chart = charts.timeline(sample("oncology"), WORDS)
    assert chart is not None
    assert "File complete: 15 May." in chart.alternative
    assert "Due 24 May 2026." in chart.alternative
    assert "clock stopped: pendiente del estudio genético." in chart.alternative


def test_a_case_without_moments_has_no_timeline() -> None:
    assert charts.timeline(sample("cardiology").model_copy(update={"timeline": ()}), WORDS) is None


def test_the_turnaround_tells_early_from_late() -> None:
    early = charts.turnaround(reported(timedelta(days=5), timedelta(days=7)), WORDS)
    late = charts.turnaround(reported(timedelta(days=9), timedelta(days=7)), WORDS)
    assert early == "Reported 5 days after the file was complete, 2 days before the deadline."
    assert late == "Reported 9 days after the file was complete, 2 days after the deadline."


def test_stopped_time_is_not_counted() -> None:
    told = charts.turnaround(reported(timedelta(days=9), timedelta(days=10), stopped=timedelta(days=4)), WORDS)
    assert told.startswith("Reported 5 days after")


@given(
    st.integers(1, 8).flatmap(
        lambda width: st.tuples(
            st.lists(st.text(max_size=30), min_size=width, max_size=width),
            st.lists(st.lists(st.text(max_size=20) | st.just("W" * 5_000), min_size=width, max_size=width), max_size=5),
        )
    )
)
def test_columns_share_the_whole_width_and_none_vanishes(table: tuple[list[str], list[list[str]]]) -> None:
    headings, rows = table
    found = shares(headings, rows)
    assert abs(sum(found) - 100) < 0.1
    assert min(found) >= 1  # per cent of the width


def test_a_column_of_prose_is_wider_than_one_of_letters() -> None:
    narrow, wide = shares(["T", "Rests on"], [["cT2", "Breast MRI of 4 May, chest CT of 5 May"]])
    assert wide > 2.5 * narrow
