"""Statistics over 1-9 ratings of appropriateness (The RAND/UCLA Appropriateness Method User's Manual, 2001)."""

from collections.abc import Iterable, Sequence
from enum import StrEnum
from statistics import median

from pydantic import Field

from pathways.vocabulary import Frozen, Slug


class SectionRating(Frozen):
    """One reader's rating of one item of a ratings section (its number in the pathway's `items`, from 0)."""

    section: Slug
    item: int = Field(ge=0)
    value: int = Field(ge=1, le=9)


class Appropriateness(StrEnum):
    APPROPRIATE = "appropriate"
    UNCERTAIN = "uncertain"
    INAPPROPRIATE = "inappropriate"


class RatingStatistics(Frozen):
    """What a panel's ratings of one item come to; `low`, `middle`, `high` count ratings of 1-3, 4-6 and 7-9."""

    section: Slug
    item: int
    readers: int
    median: float
    low: int
    middle: int
    high: int
    disagreement: bool
    appropriateness: Appropriateness


def statistics(ratings: Iterable[SectionRating]) -> tuple[RatingStatistics, ...]:
    """One result for each item that was rated, in the order of sections and items."""
    items: dict[tuple[str, int], list[int]] = {}
    for rating in ratings:
        items.setdefault((rating.section, rating.item), []).append(rating.value)
    return tuple(_of_item(section, item, values) for (section, item), values in sorted(items.items()))


def disagrees(values: Sequence[int]) -> bool:
    """Whether at least a third rates 1-3 and at least a third rates 7-9."""
    low, high = sum(value <= 3 for value in values), sum(value >= 7 for value in values)
    return bool(values) and 3 * low >= len(values) and 3 * high >= len(values)


def _of_item(section: str, item: int, values: Sequence[int]) -> RatingStatistics:
    disagreement, middle_value = disagrees(values), float(median(values))
    return RatingStatistics(
        section=section,
        item=item,
        readers=len(values),
        median=middle_value,
        low=sum(value <= 3 for value in values),
        middle=sum(4 <= value <= 6 for value in values),
        high=sum(value >= 7 for value in values),
        disagreement=disagreement,
        appropriateness=_appropriateness(middle_value, disagreement=disagreement),
    )


def _appropriateness(middle_value: float, *, disagreement: bool) -> Appropriateness:
    """A median between two classes (3.5, 6.5) belongs to the higher one; disagreement makes any median uncertain."""
    if disagreement or 3 < middle_value <= 6:
        return Appropriateness.UNCERTAIN
    return Appropriateness.APPROPRIATE if middle_value > 6 else Appropriateness.INAPPROPRIATE
