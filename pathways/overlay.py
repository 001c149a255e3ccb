"""Jurisdiction overlays: the calendar, the legal clocks and who may review. They never change clinical content.

One file a jurisdiction in overlays/. A clock that nobody has checked against the official text says so
(`verified: false`), and so does everything that is computed from it.
"""

from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Annotated

from pydantic import Field, StringConstraints, ValidationError

from pathways.calendars import WorkingCalendar
from pathways.errors import PathwayError, PathwayFileError, Problem
from pathways.explaining import problems
from pathways.placed import PlacedMapping
from pathways.schema import CodeRange, Version
from pathways.source import read
from pathways.spans import Span
from pathways.vocabulary import Frozen, Slug, Specialty, Text, Urgency
from pathways.wording import suggestion

FOLDER = Path(__file__).parent / "overlays"

Jurisdiction = Annotated[str, StringConstraints(pattern=r"^[a-z]{2}(-[a-z0-9]{2,8})?$")]


class ClockStart(StrEnum):
    """What a legal clock counts from; from `procedure` it counts back."""

    REQUEST = "request"
    FILED = "filed"
    DEFECT_NOTICE = "defect_notice"
    FILE_COMPLETE = "file_complete"
    DECISION = "decision"
    PROCEDURE = "procedure"


class ClockEnd(StrEnum):
    """What must be done before a legal clock runs out, and by whom."""

    FILED = "filed"
    DEFECTS_CURED = "defects_cured"
    REVIEWER_SELECTED = "reviewer_selected"
    DECISION = "decision"
    REPORT = "report"


class StopReason(StrEnum):
    """Why the law lets a clock stand still."""

    TEST_PENDING = "test_pending"
    WAITING_FOR_PATIENT = "waiting_for_patient"


class Extension(Frozen):
    """More time that the law allows once, and when."""

    duration: Span
    reason: Text


class LegalClock(Frozen):
    """One clock of the law. `source` names the legal text; `urgency` lists the classes that it runs for.

    `rests_on_report`: what ends it is decided with the report in hand, so that the report is due by then too.
    """

    key: Slug
    title: Text
    duration: Span
    starts: ClockStart
    ends: ClockEnd = ClockEnd.REPORT
    rests_on_report: bool = False
    urgency: tuple[Urgency, ...] = (Urgency.P1, Urgency.P2, Urgency.P3)
    stops_for: tuple[StopReason, ...] = ()
    extension: Extension | None = None
    source: str = Field(min_length=1)
    verified: bool = False

    @property
    def binds_report(self) -> bool:
        """Whether the report must be there before this clock runs out."""
        return self.ends is ClockEnd.REPORT or self.rests_on_report

    @property
    def counts_back(self) -> bool:
        """Whether the duration lies before the start: "at least ten days before the procedure"."""
        return self.starts is ClockStart.PROCEDURE


class ReviewerRules(Frozen):
    """Who may review here, beyond what every pathway asks."""

    minimum_full_time_years: int = Field(default=0, ge=0, le=40)
    not_of_operating_site: bool = True
    licensed_in: tuple[Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")], ...] = ()


class LegalProcedure(CodeRange):
    """Procedures that the law speaks of, and the pathway that takes them, where there is one."""

    pathway: Specialty | None = None


class Overlay(Frozen):
    """What one jurisdiction adds to every pathway.

    `procedures`: where not empty, the law speaks of these procedures only. `denial_needs_reason`: a payer that refuses
    cover there must say specifically why (Secunda itself never refuses cover).
    """

    overlay: Jurisdiction
    version: Version
    title: Text
    legal_source: str = ""
    calendar: WorkingCalendar
    clocks: tuple[LegalClock, ...] = ()
    reviewer: ReviewerRules = ReviewerRules()
    procedures: tuple[LegalProcedure, ...] = ()
    denial_needs_reason: bool = False

    @property
    def country(self) -> str:
        return self.calendar.country

    @property
    def unverified(self) -> tuple[LegalClock, ...]:
        """The clocks that nobody has checked against the official text."""
        return tuple(clock for clock in self.clocks if not clock.verified)

    def clocks_for(self, urgency: Urgency, ends: ClockEnd = ClockEnd.REPORT) -> tuple[LegalClock, ...]:
        """The clocks that run for a case of that class until `ends`, in the order of the file."""
        return tuple(clock for clock in self.clocks if clock.ends is ends and urgency in clock.urgency)


def names(folder: Path = FOLDER) -> list[str]:
    """The overlays that have a file, in alphabetical order."""
    return sorted(path.stem for path in folder.glob("*.yaml"))


@lru_cache(maxsize=64)
def load(name: str, folder: Path = FOLDER) -> Overlay:
    """The overlay of that name, like `es-ct`.

    Raises PathwayError when there is none, PathwayFileError with every problem of its file that keeps it from being
    read.
    """
    known = names(folder)
    if name not in known:
        remedy = suggestion(name, known, f"Known overlays: {', '.join(known)}.")
        raise PathwayError(f"There is no jurisdiction {name!r}.", remedy, place="jurisdiction")
    return read_file(folder / f"{name}.yaml")


def read_file(path: Path) -> Overlay:
    """The overlay in `path`. Raises PathwayFileError with every problem, each at its line and column."""
    root = read(path)
    try:
        overlay = Overlay.model_validate(root)
    except ValidationError as error:
        raise PathwayFileError(problems(error, Overlay, root)) from None
    if wrong := [*_misnamed(overlay, root, path), *_repeated(overlay, root)]:
        raise PathwayFileError(wrong)
    return overlay


def _misnamed(overlay: Overlay, root: PlacedMapping, path: Path) -> list[Problem]:
    if overlay.overlay == path.stem:
        return []
    return [root.values_at["overlay"].problem(f"the file is named {path.stem!r}", f"name it {overlay.overlay}.yaml")]


def _repeated(overlay: Overlay, root: PlacedMapping) -> list[Problem]:
    keys = [clock.key for clock in overlay.clocks]
    return [
        root["clocks"][index].values_at["key"].problem(f"there are two clocks {key!r}", "give each a key of its own")
        for index, key in enumerate(keys)
        if key in keys[:index]
    ]
