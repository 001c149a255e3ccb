"""How an adjudication is told to the one who reads the report."""

from collections import Counter
from collections.abc import Sequence

from pathways.opinion import Stance
from pathways.rand import RatingStatistics
from pathways.readings import Adjudication, Need, Position, Vote
from pathways.vocabulary import AdjudicationRule, Concordance, Text

RULES: dict[AdjudicationRule, Text] = {
    AdjudicationRule.SINGLE: Text(en="One expert answers.", es="Responde un solo experto."),
    AdjudicationRule.CONCUR: Text(en="All readers must agree.", es="Todos los lectores deben coincidir."),
    AdjudicationRule.MAJORITY: Text(
        en="Each reader votes alone; two thirds decide.", es="Cada lector vota por separado; deciden dos tercios."
    ),
    AdjudicationRule.THIRD_READER: Text(
        en="A third reader decides where the readings differ substantially.",
        es="Un tercer lector decide cuando las lecturas difieren de forma importante.",
    ),
    AdjudicationRule.BOARD: Text(en="A board of the readers decides.", es="Decide un comité de los lectores."),
    AdjudicationRule.RAND: Text(
        en="Appropriateness is rated from 1 to 9 (RAND); there is disagreement where at least a third rate 1 to 3 and "
        "at least a third rate 7 to 9.",
        es="La adecuación se puntúa de 1 a 9 (RAND); hay desacuerdo cuando al menos un tercio puntúa de 1 a 3 y al "
        "menos un tercio de 7 a 9.",
    ),
}
STANCES: dict[Stance, Text] = {
    Stance.SUPPORTED: Text(en="supported", es="apoyado"),
    Stance.UNCERTAIN: Text(en="uncertain", es="dudoso"),
    Stance.NOT_SUPPORTED: Text(en="not supported", es="no apoyado"),
}
POSITIONS: dict[Stance, Text] = {
    Stance.SUPPORTED: Text(en="the proposed treatment is supported", es="se apoya el tratamiento propuesto"),
    Stance.UNCERTAIN: Text(en="the proposed treatment remains uncertain", es="el tratamiento propuesto queda en duda"),
    Stance.NOT_SUPPORTED: Text(en="the proposed treatment is not supported", es="no se apoya el tratamiento propuesto"),
}
CONCORDANCES: dict[Concordance, Text] = {
    Concordance.CONFIRMED: Text(en="confirmed", es="confirmado"),
    Concordance.CLARIFIED: Text(en="clarified", es="matizado"),
    Concordance.CHANGED: Text(en="changed", es="modificado"),
}
NEXT: dict[Need, Text] = {
    Need.BOARD: Text(en="The board must meet.", es="Debe reunirse el comité."),
    Need.THIRD_READER: Text(en="A third reader is called.", es="Se llama a un tercer lector."),
}
SETTLED: dict[Need, Text] = {
    Need.BOARD: Text(en="The board settled it:", es="El comité lo resolvió:"),
    Need.THIRD_READER: Text(en="The third reader settled it:", es="El tercer lector lo resolvió:"),
}
VOTES = Text(
    en="Of {readers} readers on the proposed treatment: {tally}.",
    es="De {readers} lectores sobre el tratamiento propuesto: {tally}.",
)
RESULT = Text(en="Result:", es="Resultado:")
NO_RESULT = Text(en="There is no common position.", es="No hay una posición común.")
POSITION = Text(
    en="{stance}; diagnosis {diagnosis}, treatment {treatment}.",
    es="{stance}; diagnóstico {diagnosis}, tratamiento {treatment}.",
)
DISAGREEMENT = Text(
    en="The ratings of {count} of {items} items are in disagreement.",
    es="Hay desacuerdo en las puntuaciones de {count} de {items} elementos.",
)


def of_votes(
    rule: AdjudicationRule,
    votes: Sequence[Vote],
    position: Position | None,
    needs: Need,
    ratings: Sequence[RatingStatistics],
) -> Text:
    """The rule, how the votes fell, what they come to, and who must still be heard."""
    en, es = (
        " ".join(
            part
            for part in (
                RULES[rule].in_language(language),
                _votes(votes, language),
                _ratings(ratings, language),
                NO_RESULT.in_language(language) if position is None else _result(position, language),
                NEXT[needs].in_language(language) if needs in NEXT else "",
            )
            if part
        )
        for language in ("en", "es")
    )
    return Text(en=en, es=es)


def of_settling(adjudication: Adjudication, heard: Need, position: Position) -> Text:
    """What was told before, without who was to be heard, and how it was settled."""
    en, es = (
        f"{_before(adjudication, language)} {SETTLED[heard].in_language(language)} {_position(position, language)}"
        for language in ("en", "es")
    )
    return Text(en=en, es=es)


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
