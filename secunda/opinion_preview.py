"""One expert's opinion as if it alone made the report: what they see in print before they sign. Stores nothing."""

from typing import Final

from sqlmodel import col, select

from models import Assignment, Opinion
from pathways.opinion import OpinionContent
from pathways.readings import Adjudication, Need, Position, reading
from pathways.vocabulary import Text
from secunda.actions.opinion import blocking
from secunda.case_context import CaseContext
from secunda.errors import ConflictError
from secunda.key_images import key_images
from secunda.readable import is_blind
from secunda.report_input import report_input, seat_input
from secunda.reporting.build import build
from secunda.reporting.content import ReportContent
from secunda.reporting.inputs import ReportInput

EXPLAINED: Final = Text(en="Preview of one opinion.", es="Vista previa de una sola opinión.")


def preview_content(context: CaseContext, assignment: Assignment, content: OpinionContent) -> ReportContent:
    """The report's content from this opinion alone. Raises ConflictError as long as something blocks signing."""
    compared = content.stance and content.diagnosis_concordance and content.treatment_concordance
    if is_blind(assignment):  # the report's list of documents would name the first opinion
        raise ConflictError("While you read blind there is no preview.")
    if not compared or blocking(context, assignment, content):
        raise ConflictError("The preview can be printed when nothing blocks signing any more.")
    given = _input(context, assignment, content)
    vote = reading(assignment.role, assignment.seat, content)
    position = Position(
        stance=vote.stance,
        diagnosis_concordance=vote.diagnosis_concordance,
        treatment_concordance=vote.treatment_concordance,
    )
    alone = Adjudication(
        rule=context.pathway.panel.adjudication,
        agreed=True,
        needs=Need.NONE,
        position=position,
        votes=(vote,),
        explanation=EXPLAINED,
    )
    built = build(given, context.pathway, context.facts, alone)
    written = tuple(section for section in built.sections if not section.is_empty)
    images, left_out = key_images(built.findings, context.documents)
    return built.model_copy(update={"sections": written, "key_images": images, "images_left_out": left_out})


def _input(context: CaseContext, assignment: Assignment, content: OpinionContent) -> ReportInput:
    query = select(Opinion).where(Opinion.assignment_id == assignment.id).order_by(col(Opinion.version).desc())
    draft = context.session.exec(query.limit(1)).one()
    seat = seat_input(context, draft).model_copy(update={"opinion": content, "signed_at": context.now})
    return report_input(context).model_copy(update={"seats": (seat,), "amendment": None})
