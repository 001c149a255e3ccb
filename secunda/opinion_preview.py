"""One expert's opinion as if it alone made the report: what they see in print before they sign. Stores nothing."""

from datetime import datetime
from typing import Final

from sqlmodel import col, select

from models import Assignment, Opinion
from pathways.opinion import OpinionContent, Stance
from pathways.readings import Adjudication, Need, Position, Vote
from pathways.vocabulary import Concordance, Text
from secunda.case_context import CaseContext, as_json
from secunda.errors import ConflictError
from secunda.key_images import key_images
from secunda.readable import is_blind
from secunda.report_input import report_input, seat_input
from secunda.reporting.build import build
from secunda.reporting.content import ReportContent
from secunda.reporting.inputs import ReportInput

UNDECIDED: Final = Position(
    stance=Stance.UNCERTAIN,
    diagnosis_concordance=Concordance.CLARIFIED,
    treatment_concordance=Concordance.CLARIFIED,
)  # stands for a vote that is not complete; nothing of it is printed
EXPLAINED: Final = Text(en="Preview of one opinion.", es="Vista previa de una sola opinión.")


def preview_content(context: CaseContext, assignment: Assignment, content: OpinionContent) -> ReportContent:
    """The report's content from this opinion alone, with gaps where something is still missing.

    Raises ConflictError while the first opinion is hidden: the report's list of documents would name it.
    """
    if is_blind(assignment):
        raise ConflictError("While you read blind there is no preview.")
    position = _position(content)
    seat = {"role": assignment.role, "seat": assignment.seat}
    alone = Adjudication(
        rule=context.pathway.panel.adjudication,
        agreed=True,
        needs=Need.NONE,
        position=position,
        votes=(Vote.model_validate(seat | dict(position or UNDECIDED)),),
        explanation=EXPLAINED,
    )
    given = _input(context, assignment, content)
    built = build(given, context.pathway, context.facts, alone)
    written = tuple(section for section in built.sections if not section.is_empty)
    images, left_out = key_images(built.findings, context.documents)
    return built.model_copy(update={"sections": written, "key_images": images, "images_left_out": left_out})


def _position(content: OpinionContent) -> Position | None:
    """None until all of it was chosen."""
    chosen = {name: getattr(content, name) for name in Position.model_fields}
    return Position.model_validate(chosen) if all(chosen.values()) else None


def _input(context: CaseContext, assignment: Assignment, content: OpinionContent) -> ReportInput:
    query = select(Opinion).where(Opinion.assignment_id == assignment.id).order_by(col(Opinion.version).desc())
    draft = context.session.exec(query.limit(1)).first() or _unsaved(assignment, content, context.now)
    seat = seat_input(context, draft).model_copy(update={"opinion": content, "signed_at": context.now})
    return report_input(context).model_copy(update={"seats": (seat,), "amendment": None})


def _unsaved(assignment: Assignment, content: OpinionContent, now: datetime) -> Opinion:
    return Opinion(case_id=assignment.case_id, assignment_id=assignment.id, content=as_json(content), written_at=now)
