"""How the opinions of a panel become one: what its rule finds, who else must be heard, and who dissents."""

from collections import Counter
from collections.abc import Sequence

from pathways import minutes, rules
from pathways.consensus import RULES, all_agree, changes, position_of
from pathways.errors import PathwayError
from pathways.opinion import Stance
from pathways.rand import RatingStatistics, statistics
from pathways.readings import (
    Adjudication,
    Aspect,
    BoardDecision,
    Difference,
    Dissent,
    Need,
    Position,
    Reading,
    Vote,
)
from pathways.schema import Panel

BoardVariable = int | bool | tuple[str, ...]

#: The variables of `Panel.board_when`, with the values of a panel of none.
BOARD_VARIABLES: dict[str, BoardVariable] = {
    "roles": (),  # whose opinions there are: `"spine_surgeon" in roles`
    "readers": 0,  # how many opinions there are
    "supported": 0,  # how many take that stance
    "uncertain": 0,
    "not_supported": 0,
    "diagnosis_changed": 0,  # how many say so of the first opinion
    "treatment_changed": 0,
    "agreed": False,  # whether the rule found a position
    "unanimous": False,  # whether all agree
    "treatment_split": False,  # whether those of the leading stance differ on another treatment: PCI or surgery
    "ratings_disagree": False,  # whether any item is in disagreement (RAND)
}


def adjudicate(panel: Panel, readings: Sequence[Reading]) -> Adjudication:
    """Apply the panel's rule to its final opinions. Raises PathwayError when there is none."""
    if not readings:
        raise PathwayError("There is no opinion to adjudicate.", "Wait for one.", place="readings")
    ordered = sorted(readings, key=lambda r: (r.role != panel.chair, r.role, r.seat))
    ratings = statistics(rating for each in ordered for rating in each.ratings)
    position, needs = RULES[panel.adjudication](ordered, ratings)
    if panel.board_when is not None and needs is not Need.THIRD_READER:
        wanted = rules.holds(panel.board_when, board_variables(ordered, ratings, agreed=position is not None))
        needs = Need.BOARD if wanted or position is None else Need.NONE
    votes = tuple(Vote(**each.model_dump(exclude={"ratings"})) for each in ordered)
    return Adjudication(
        rule=panel.adjudication,
        agreed=position is not None,
        needs=needs,
        position=position,
        votes=votes,
        dissent=_dissent(votes, position),
        ratings=ratings,
        explanation=minutes.of_votes(panel.adjudication, votes, position, needs, ratings),
    )


def settle(adjudication: Adjudication, decision: BoardDecision | Reading) -> Adjudication:
    """The board's recorded decision, or the third reader's opinion, becomes the position; who differs dissents.

    Raises PathwayError where that is not who must still be heard.
    """
    heard = Need.BOARD if isinstance(decision, BoardDecision) else Need.THIRD_READER
    if adjudication.needs is not heard:
        raise PathwayError(
            f"This panel does not wait for a {heard.value.replace('_', ' ')}.",
            f"It needs: {adjudication.needs.value.replace('_', ' ')}.",
            place="decision",
        )
    position = position_of(decision)
    votes = adjudication.votes
    if isinstance(decision, Reading):
        votes = (*votes, Vote(**decision.model_dump(exclude={"ratings"})))
    return adjudication.model_copy(
        update={
            "needs": Need.NONE,
            "position": position,
            "votes": votes,
            "dissent": _dissent(votes, position),
            "settled_by": heard,
            "explanation": minutes.of_settling(adjudication, heard, position),
        }
    )


def board_variables(
    readings: Sequence[Reading], ratings: Sequence[RatingStatistics], *, agreed: bool
) -> dict[str, BoardVariable]:
    """What `Panel.board_when` is asked over: see `BOARD_VARIABLES`."""
    stances = Counter(each.stance for each in readings)
    leading = [each for each in readings if stances[each.stance] == max(stances.values())]
    changed = [changes(each) for each in readings]
    return BOARD_VARIABLES | {
        "roles": tuple(sorted({each.role for each in readings})),
        "readers": len(readings),
        **{stance.value: stances[stance] for stance in Stance},
        "diagnosis_changed": sum(diagnosis for diagnosis, _ in changed),
        "treatment_changed": sum(treatment for _, treatment in changed),
        "agreed": agreed,
        "unanimous": all_agree(readings),
        "treatment_split": len({changes(each)[1] for each in leading}) > 1,
        "ratings_disagree": any(item.disagreement for item in ratings),
    }


def _dissent(votes: Sequence[Vote], position: Position | None) -> tuple[Dissent, ...]:
    if position is None:
        return ()
    found = (Dissent(role=vote.role, seat=vote.seat, differs=_differences(vote, position)) for vote in votes)
    return tuple(dissent for dissent in found if dissent.differs)


def _differences(vote: Vote, position: Position) -> tuple[Difference, ...]:
    return tuple(
        Difference(aspect=aspect, says=getattr(vote, aspect), position=getattr(position, aspect))
        for aspect in Aspect
        if getattr(vote, aspect) != getattr(position, aspect)
    )
