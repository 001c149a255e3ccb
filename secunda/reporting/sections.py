"""A pathway's own report sections, filled: one shape a kind (`pathways.schema.SectionKind`)."""

from typing import Annotated, Literal

from pydantic import Field

from pathways.opinion import Prose
from pathways.rand import RatingStatistics
from pathways.vocabulary import Frozen, Slug, Text


class Section(Frozen):
    key: Slug
    title: Text
    required: bool = True


class TextSection(Section):
    kind: Literal["text"] = "text"
    text: Prose = ""

    @property
    def is_empty(self) -> bool:
        return not self.text


class TableSection(Section):
    """Rows under the pathway's columns; every row has as many cells as there are columns."""

    kind: Literal["table"] = "table"
    columns: tuple[Text, ...]
    rows: tuple[tuple[str, ...], ...] = ()
    text: Prose = ""

    @property
    def is_empty(self) -> bool:
        return not self.rows


class Criterion(Frozen):
    """One criterion; `met` is None where nobody ticked it."""

    title: Text
    met: bool | None = None
    note: str = ""


class ChecklistSection(Section):
    kind: Literal["checklist"] = "checklist"
    criteria: tuple[Criterion, ...]
    text: Prose = ""

    @property
    def is_empty(self) -> bool:
        return all(criterion.met is None for criterion in self.criteria)


class RatedItem(Frozen):
    """One item rated 1 to 9 by the panel (RAND/UCLA appropriateness method); None where nobody rated it."""

    title: Text
    ratings: tuple[int, ...] = ()
    statistics: RatingStatistics | None = None


class RatingsSection(Section):
    kind: Literal["ratings"] = "ratings"
    items: tuple[RatedItem, ...]
    text: Prose = ""

    @property
    def is_empty(self) -> bool:
        return not any(item.ratings for item in self.items)


class Band(Frozen):
    """A band of a score from the one before it up to `up_to`."""

    up_to: float
    title: Text


class ScoreSection(Section):
    kind: Literal["score"] = "score"
    score: float | None = None
    bands: tuple[Band, ...] = ()
    text: Prose = ""

    @property
    def is_empty(self) -> bool:
        return self.score is None

    @property
    def band(self) -> Band | None:
        """The band that the score lies in; an upper end belongs to the next band, the last one's to itself."""
        if self.score is None or not self.bands:
            return None
        below = (band for band in self.bands if self.score < band.up_to)
        return next(below, self.bands[-1])


FilledSection = Annotated[
    TextSection | TableSection | ChecklistSection | RatingsSection | ScoreSection, Field(discriminator="kind")
]
