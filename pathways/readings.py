"""What a panel's opinions are adjudicated over, and what came of it."""

from enum import StrEnum

from pathways.errors import PathwayError
from pathways.opinion import Confidence, OpinionContent, Prose, Stance
from pathways.rand import RatingStatistics, SectionRating
from pathways.vocabulary import AdjudicationRule, Concordance, Frozen, Slug, Text


class Position(Frozen):
    """A stance on the proposed treatment, and how it relates to the first opinion."""

    stance: Stance
    diagnosis_concordance: Concordance
    treatment_concordance: Concordance


class Vote(Position):
    """One reader's position, and how sure they are."""

    role: Slug
    seat: int = 1
    confidence: Confidence | None = None


class Reading(Vote):
    """What of one final opinion counts in adjudication."""

    ratings: tuple[SectionRating, ...] = ()


class BoardDecision(Position):
    """What the board decided, as its chair recorded it."""

    reason: Prose = ""


class Need(StrEnum):
    """Who must still be heard."""

    NONE = "none"
    THIRD_READER = "third_reader"
    BOARD = "board"


class Aspect(StrEnum):
    """What of a position a vote can differ in: the fields of `Position`."""

    STANCE = "stance"
    DIAGNOSIS = "diagnosis_concordance"
    TREATMENT = "treatment_concordance"


class Difference(Frozen):
    aspect: Aspect
    says: str
    position: str


class Dissent(Frozen):
    """A reader who differs from the position in anything; the report prints it."""

    role: Slug
    seat: int
    differs: tuple[Difference, ...]


class Adjudication(Frozen):
    """How opinions became one. `agreed`: whether the readers agreed by themselves, as the rule sees it.

    `position` is None while the readers have none and nobody has settled it. `settled_by` is who did.
    """

    rule: AdjudicationRule
    agreed: bool
    needs: Need
    position: Position | None
    votes: tuple[Vote, ...]
    dissent: tuple[Dissent, ...] = ()
    ratings: tuple[RatingStatistics, ...] = ()
    settled_by: Need | None = None
    explanation: Text


def reading(role: Slug, seat: int, content: OpinionContent) -> Reading:
    """The reading of a final opinion. Raises PathwayError where it lacks a stance or a concordance."""
    stance, diagnosis, treatment = content.stance, content.diagnosis_concordance, content.treatment_concordance
    if stance is None or diagnosis is None or treatment is None:
        raise PathwayError(
            f"The opinion of {role} {seat} lacks its stance or a concordance.",
            "Let its expert complete it before it is adjudicated.",
            place="readings",
        )
    return Reading(
        role=role,
        seat=seat,
        stance=stance,
        diagnosis_concordance=diagnosis,
        treatment_concordance=treatment,
        confidence=content.confidence,
        ratings=tuple(
            SectionRating(section=key, item=rating.item, value=rating.value)
            for key, section in content.sections.items()
            for rating in section.ratings
        ),
    )
