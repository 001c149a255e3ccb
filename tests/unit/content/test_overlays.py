"""Jurisdiction overlays: the clocks of the domain reference, regional calendars, errors with their place."""

from datetime import date
from pathlib import Path

import pytest

from pathways import overlay
from pathways.errors import PathwayError, PathwayFileError
from pathways.overlay import ClockEnd
from pathways.vocabulary import Urgency

#: Overlay, key, duration, what starts it, what ends it.
CLOCKS = {
    ("es-an", "report", "30 days", "filed", "report"),
    ("es-cl", "report", "35 days", "filed", "report"),
    ("es-ga", "decision", "10 days", "filed", "decision"),
    ("es-ga", "report", "15 days", "decision", "report"),
    ("es-ga", "defects", "10 days", "defect_notice", "defects_cured"),
    ("es-ct", "filing", "3 working days", "request", "filed"),
    ("es-ct", "decision", "3 working days", "filed", "decision"),
    ("es-ar", "decision", "30 days", "filed", "decision"),
    ("de-27b", "before_surgery", "10 days", "procedure", "report"),
    ("us-cms", "expedited", "72 h", "request", "decision"),
    ("us-cms", "standard", "7 days", "request", "decision"),
    ("us-ca", "reviewer", "5 working days", "request", "reviewer_selected"),
    ("us-ca", "report", "45 days", "request", "report"),
}
OVERLAYS = [overlay.load(name) for name in overlay.names()]


def test_the_clocks_are_those_of_the_law_as_far_as_we_know_it() -> None:
    found = {
        (one.overlay, clock.key, str(clock.duration), clock.starts.value, clock.ends.value)
        for one in OVERLAYS
        for clock in one.clocks
    }
    assert found == CLOCKS
    assert overlay.load("es").clocks == ()


def test_no_clock_claims_to_have_been_checked_against_the_official_text() -> None:
    assert [clock.key for one in OVERLAYS for clock in one.clocks if clock.verified] == []
    assert all(one.unverified == one.clocks for one in OVERLAYS)


@pytest.mark.parametrize(
    ("name", "holiday"),
    [
        ("es-ct", date(2026, 9, 11)),
        ("es-an", date(2028, 2, 28)),
        ("es-ga", date(2028, 7, 25)),
        ("es-ar", date(2027, 4, 23)),
        ("us-ca", date(2026, 11, 26)),
    ],
)
def test_working_days_are_those_of_the_region(name: str, holiday: date) -> None:
    assert not overlay.load(name).calendar.is_working_day(holiday)
    if name.startswith("es"):
        assert overlay.load("es").calendar.is_working_day(holiday)


def test_germany_asks_for_eleven_procedures_and_five_years() -> None:
    germany = overlay.load("de-27b")
    assert germany.reviewer.minimum_full_time_years == 5 and germany.reviewer.not_of_operating_site
    assert len({one.code[:4] for one in germany.procedures}) >= 11
    assert germany.clocks[0].counts_back


def test_only_the_clocks_of_the_class_run() -> None:
    payer = overlay.load("us-cms")
    assert [one.key for one in payer.clocks_for(Urgency.P1, ClockEnd.DECISION)] == ["expedited"]
    assert [one.key for one in payer.clocks_for(Urgency.P3, ClockEnd.DECISION)] == ["standard"]
    assert payer.clocks_for(Urgency.P3) == ()


def test_galicia_gives_more_time_to_a_complex_case() -> None:
    report = overlay.load("es-ga").clocks_for(Urgency.P3)[0]
    assert report.extension is not None and str(report.extension.duration) == "5 days"


def test_an_unknown_jurisdiction_is_told_with_the_nearest_one() -> None:
    with pytest.raises(PathwayError, match="did you mean 'es-ct'"):
        overlay.load("es-cta")


def test_every_problem_of_an_overlay_is_told_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "es-xx.yaml"
    right = (overlay.FOLDER / "es-ga.yaml").read_text(encoding="utf-8")
    file.write_text(right.replace("duration: 15 days", "duration: 15 dayz").replace("version:", "versio:"), "utf-8")
    with pytest.raises(PathwayFileError) as caught:
        overlay.read_file(file)
    told = str(caught.value)
    assert "'15 dayz' is not a span" in told and "did you mean 'version'" in told
    assert all(problem.file == str(file) and problem.line > 1 for problem in caught.value.problems)


def test_an_overlay_lies_in_a_file_of_its_name_and_its_clocks_have_keys_of_their_own(tmp_path: Path) -> None:
    file = tmp_path / "es-zz.yaml"
    right = (overlay.FOLDER / "es-ga.yaml").read_text(encoding="utf-8")
    file.write_text(right.replace("key: decision", "key: report"), "utf-8")
    with pytest.raises(PathwayFileError) as caught:
        overlay.read_file(file)
    assert "name it es-ga.yaml" in str(caught.value) and "two clocks 'report'" in str(caught.value)
