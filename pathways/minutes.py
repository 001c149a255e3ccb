"""How an adjudication is told to the one who reads the report."""

from collections import Counter
from collections.abc import Callable, Sequence

from pathways.minute_texts import (
    CONCORDANCES,
    DISAGREEMENT,
    NEXT,
    NO_RESULT,
    POSITION,
    POSITIONS,
    RESULT,
    RULES,
    SETTLED,
    STANCES,
    VOTES,
)
from pathways.opinion import Stance
from pathways.rand import RatingStatistics
from pathways.readings import Adjudication, Need, Position, Vote
from pathways.vocabulary import AdjudicationRule, Language, Text


def of_votes(
    rule: AdjudicationRule,
    votes: Sequence[Vote],
    position: Position | None,
    needs: Need,
    ratings: Sequence[RatingStatistics],
) -> Text:
    """The rule, how the votes fell, what they come to, and who must still be heard."""

    def told(language: str) -> str:
        parts = (
            RULES[rule].in_language(language),
            _votes(votes, language),
            _ratings(ratings, language),
            NO_RESULT.in_language(language) if position is None else _result(position, language),
            NEXT[needs].in_language(language) if needs in NEXT else "",
        )
        return " ".join(part for part in parts if part)

    return _in_all_languages(told)


def of_settling(adjudication: Adjudication, heard: Need, position: Position) -> Text:
    """What was told before, without who was to be heard, and how it was settled."""

    def told(language: str) -> str:
        return (
            f"{_before(adjudication, language)} {SETTLED[heard].in_language(language)} {_position(position, language)}"
        )

    return _in_all_languages(told)


def _in_all_languages(told: Callable[[str], str]) -> Text:
    return Text.model_validate({str(language): told(language) for language in Language})


def _before(adjudication: Adjudication, language: str) -> str:
    return (
        adjudication.explanation.in_language(language)
        .removesuffix(NEXT[adjudication.needs].in_language(language))
        .strip()
    )


def _votes(votes: Sequence[Vote], language: str) -> str:
    counts = Counter(vote.stance for vote in votes)
    tally = ", ".join(f"{STANCES[stance].in_language(language)} {counts[stance]}" for stance in Stance)
    return VOTES.in_language(language).format(readers=len(votes), tally=tally)


def _ratings(ratings: Sequence[RatingStatistics], language: str) -> str:
    if not ratings:
        return ""
    count = sum(item.disagreement for item in ratings)
    return DISAGREEMENT.in_language(language).format(count=count, items=len(ratings))


def _result(position: Position, language: str) -> str:
    return f"{RESULT.in_language(language)} {_position(position, language)}"


def _position(position: Position, language: str) -> str:
    return POSITION.in_language(language).format(
        stance=POSITIONS[position.stance].in_language(language),
        diagnosis=CONCORDANCES[position.diagnosis_concordance].in_language(language),
        treatment=CONCORDANCES[position.treatment_concordance].in_language(language),
    )
