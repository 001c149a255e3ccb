"""The adjudication of a case, from its signed opinions, the third reader's, and what the board decided."""

from datetime import datetime

from models import AdjudicationRecord, Opinion
from models.status import AssignmentStatus
from pathways.adjudication import adjudicate, settle
from pathways.opinion import OpinionContent
from pathways.readings import Adjudication, BoardDecision, Need, Reading, reading
from secunda import events
from secunda.case_context import CaseContext, as_json
from secunda.panel import panel_of

BOARD_DECISION = "board_decision"  # a row with what the board said; the others hold what came of the panel


def final_opinions(context: CaseContext) -> list[Opinion]:
    """The signed opinions of the panel as it stands, in its order."""
    seats = [one.id for one in panel_of(context).assignments if one.status is AssignmentStatus.COMPLETED]
    newest = {one.assignment_id: one for one in context.signed_opinions}
    return [newest[seat] for seat in seats]


def adjudication_of(context: CaseContext) -> Adjudication:
    """What the panel comes to now, and who must still be heard. Raises PathwayError when nobody has signed."""
    extra = context.pathway.panel.extra_reader
    seats = {assignment.id: assignment for assignment in panel_of(context).assignments}
    first: list[Reading] = []
    third: Reading | None = None
    for opinion in final_opinions(context):
        seat = seats[opinion.assignment_id]
        read = reading(seat.role, seat.seat, OpinionContent.model_validate(opinion.content))
        if extra is not None and seat.role == extra.key:
            third = read
        else:
            first.append(read)
    result = adjudicate(context.pathway.panel, first)
    if result.needs is Need.THIRD_READER and third is not None:
        result = settle(result, third)
    decision = board_decision(context)
    return settle(result, decision) if result.needs is Need.BOARD and decision else result


def board_decision(context: CaseContext) -> BoardDecision | None:
    """What the board decided last, if it met; a decision from before an opinion was corrected does not count."""
    corrected_at = _corrected_at(context)
    decisions = [
        row
        for row in context.adjudications
        if row.result == BOARD_DECISION and (corrected_at is None or row.decided_at >= corrected_at)
    ]
    return BoardDecision.model_validate(decisions[-1].detail) if decisions else None


def _corrected_at(context: CaseContext) -> datetime | None:
    """When a correction of a signed opinion was last asked for."""
    times = [one.reopened_at for one in panel_of(context).assignments if one.reopened_at is not None]
    return max(times, default=None)


def last_opinion_at(context: CaseContext) -> datetime:
    """When the panel's last opinion was signed."""
    times = [opinion.locked_at for opinion in final_opinions(context) if opinion.locked_at is not None]
    return max(times, default=context.now)


def remember(context: CaseContext, result: Adjudication) -> None:
    """Keep what came of the panel."""
    outcome = f"settled_by_{result.settled_by}" if result.settled_by else "agreed"
    add_record(context, outcome, as_json(result), "secunda")
    events.record(
        context.session,
        context.case,
        "adjudicated",
        "secunda",
        context.now,
        rule=result.rule,
        result=outcome,
        stance=result.position.stance if result.position else None,
        dissent=[f"{dissent.role}:{dissent.seat}" for dissent in result.dissent],
    )


def records_of(context: CaseContext) -> int:
    """How many rows there are: none before the panel has come to anything."""
    return max((row.round for row in context.adjudications), default=0)


def add_record(context: CaseContext, result: str, detail: dict[str, object], actor: str) -> None:
    """Append one row; rows are never changed."""
    row = AdjudicationRecord(
        case_id=context.case.id,
        round=records_of(context) + 1,
        rule=context.pathway.panel.adjudication,
        result=result,
        detail=detail,
        decided_at=context.now,
        decided_by=actor,
    )
    context.session.add(row)
    context.adjudications.append(row)
