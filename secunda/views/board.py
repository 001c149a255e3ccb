"""What a board meets over: what each reader came to, where they differ, and what the rule makes of it."""

from collections.abc import Mapping

from models.status import CaseStatus
from pathways.opinion import Confidence, OpinionContent, Stance
from pathways.rand import RatingStatistics
from pathways.readings import Adjudication
from pathways.vocabulary import Concordance, Frozen, Text
from secunda.adjudicating import adjudication_of, final_opinions
from secunda.case_context import CaseContext
from secunda.panel import panel_of


class Voice(Frozen):
    """What the board needs of one reader's signed opinion. `differs`: from the panel's position, if it has one."""

    title: Text
    stance: Stance
    diagnosis_concordance: Concordance
    treatment_concordance: Concordance
    confidence: Confidence | None
    diagnosis: str
    treatment: str
    differs: bool


class Rated(Frozen):
    """What was rated, in the pathway's words, and what the ratings come to."""

    title: Text
    figures: RatingStatistics


class BoardView(Frozen):
    explanation: Text
    voices: tuple[Voice, ...]
    ratings: tuple[Rated, ...]


def board_view(context: CaseContext) -> BoardView | None:
    """None where the case does not wait for its board."""
    if context.case.status is not CaseStatus.AWAITING_ADJUDICATION:
        return None
    result = adjudication_of(context)
    items = {section.key: section.items for section in context.pathway.report.sections}
    ratings = tuple(Rated(title=items[one.section][one.item], figures=one) for one in result.ratings)
    return BoardView(explanation=result.explanation, voices=_voices(context, result), ratings=ratings)


def _voices(context: CaseContext, result: Adjudication) -> tuple[Voice, ...]:
    panel = context.pathway.panel
    titles = {role.key: role.title for role in (*panel.roles, *filter(None, (panel.extra_reader,)))}
    seats = {one.id: (one.role, one.seat) for one in panel_of(context).assignments}
    dissent = {(one.role, one.seat) for one in result.dissent}
    return tuple(
        _voice(OpinionContent.model_validate(one.content), titles, seats[one.assignment_id], dissent)
        for one in final_opinions(context)
    )


def _voice(
    said: OpinionContent, titles: Mapping[str, Text], seat: tuple[str, int], dissent: set[tuple[str, int]]
) -> Voice:
    return Voice.model_validate(
        {name: getattr(said, name) for name in Voice.model_fields if hasattr(said, name)}
        | {"title": titles[seat[0]], "differs": seat in dissent}
    )
