"""The six rules of adjudication: the position that a panel's readings come to, or who else must be heard.

Two readers agree when they take the same stance and stand on the same side of "changed" on both concordance scales;
"confirmed" against "clarified" is a difference that the report prints, not a disagreement.
"""

from collections import Counter
from collections.abc import Callable, Sequence

from pathways.errors import PathwayError
from pathways.opinion import Stance
from pathways.rand import RatingStatistics
from pathways.readings import Aspect, Need, Position, Reading
from pathways.vocabulary import AdjudicationRule, Concordance

#: The position, if the rule finds one, and who else must be heard.
Found = tuple[Position | None, Need]

STRENGTH = (Concordance.CONFIRMED, Concordance.CLARIFIED, Concordance.CHANGED)


def changes(vote: Position) -> tuple[bool, bool]:
    """Whether it changes the first opinion's diagnosis, and its treatment."""
    changed = Concordance.CHANGED
    return vote.diagnosis_concordance is changed, vote.treatment_concordance is changed


def all_agree(readings: Sequence[Position]) -> bool:
    return len({(each.stance, *changes(each)) for each in readings}) == 1


def _common(readings: Sequence[Position]) -> Position:
    """What most say of each; a tie of stances is uncertain, a tie of concordances takes the greater change."""
    stances = Counter(each.stance for each in readings).most_common()
    tied = len(stances) > 1 and stances[0][1] == stances[1][1]
    return Position(
        stance=Stance.UNCERTAIN if tied else stances[0][0],
        diagnosis_concordance=_most([each.diagnosis_concordance for each in readings]),
        treatment_concordance=_most([each.treatment_concordance for each in readings]),
    )


def _most(said: Sequence[Concordance]) -> Concordance:
    return max(STRENGTH, key=lambda word: (said.count(word), STRENGTH.index(word)))


def position_of(vote: Position) -> Position:
    return Position(**{aspect: getattr(vote, aspect) for aspect in Aspect})


def _single(readings: Sequence[Reading], _: Sequence[RatingStatistics]) -> Found:
    """The chair's opinion is the answer; the others are printed where they differ."""
    return position_of(readings[0]), Need.NONE


def _concur(readings: Sequence[Reading], _: Sequence[RatingStatistics]) -> Found:
    return (_common(readings), Need.NONE) if all_agree(readings) else (None, Need.BOARD)


def _majority(readings: Sequence[Reading], _: Sequence[RatingStatistics]) -> Found:
    """Two thirds take the same stance; their concordances count."""
    stance, votes = Counter(each.stance for each in readings).most_common(1)[0]
    if 3 * votes < 2 * len(readings):
        return None, Need.BOARD
    return _common([each for each in readings if each.stance is stance]), Need.NONE


def _third_reader(readings: Sequence[Reading], _: Sequence[RatingStatistics]) -> Found:
    """A lone reader is compared with the report that they read again, several with each other."""
    alone = len(readings) == 1
    major = any(changes(readings[0])) if alone else not all_agree(readings)
    return (None, Need.THIRD_READER) if major else (_common(readings), Need.NONE)


def _board(readings: Sequence[Reading], _: Sequence[RatingStatistics]) -> Found:
    return (_common(readings) if all_agree(readings) else None), Need.BOARD


def _rand(readings: Sequence[Reading], ratings: Sequence[RatingStatistics]) -> Found:
    """Agreed unless the ratings of an item are in disagreement; the position is that of most readers."""
    if not ratings:
        raise PathwayError("The opinions hold no ratings.", "A `rand` panel needs a ratings section.", place="readings")
    if any(item.disagreement for item in ratings):
        return None, Need.BOARD
    return _common(readings), Need.NONE


RULES: dict[AdjudicationRule, Callable[[Sequence[Reading], Sequence[RatingStatistics]], Found]] = {
    AdjudicationRule.SINGLE: _single,
    AdjudicationRule.CONCUR: _concur,
    AdjudicationRule.MAJORITY: _majority,
    AdjudicationRule.THIRD_READER: _third_reader,
    AdjudicationRule.BOARD: _board,
    AdjudicationRule.RAND: _rand,
}
