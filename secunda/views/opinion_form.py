"""What an expert needs to write an opinion: questions, readable documents, sections owed, and what is missing."""

from datetime import date, datetime
from uuid import UUID

from sqlmodel import col, select

from models import Assignment, Opinion, Question
from models.status import AssignmentStatus, OpinionStatus
from pathways import sections
from pathways.gaps import Gap
from pathways.opinion import OpinionContent
from pathways.schema import Guideline, ReportSection, Role
from pathways.terminology import document_types
from pathways.vocabulary import Frozen, Text
from secunda.actions.opinion import blocking
from secunda.case_context import CaseContext
from secunda.panel import panel_of
from secunda.readable import is_blind, readable_documents
from secunda.views.case_show import QuestionView


class ReadableDocument(Frozen):
    """A document that this expert may read now; findings refer to its `number`."""

    number: int
    title: str
    kind: Text | None
    documented_on: date | None
    pages: int | None


class OpinionForm(Frozen):
    """One expert's opinion as it stands, and what it still lacks.

    `blind`: the first opinion has not been shown, so that answers, concordances and sections are not owed yet.
    `content` is the newest version, empty before the first save; `gaps` is what blocks signing it.
    """

    case: str
    assignment: UUID
    role: Role
    status: AssignmentStatus
    opinion_due_at: datetime | None
    blind: bool
    report_language: str
    questions: tuple[QuestionView, ...]
    documents: tuple[ReadableDocument, ...]
    sections_owed: tuple[ReportSection, ...]
    sections_possible: tuple[ReportSection, ...]
    guidelines: tuple[Guideline, ...]
    version: int | None
    opinion_status: OpinionStatus | None
    content: OpinionContent
    gaps: tuple[Gap, ...]


def opinion_form(context: CaseContext, assignment: Assignment, content: OpinionContent | None = None) -> OpinionForm:
    """The form of one assignment; `content` is looked at instead of what was saved, where it is given."""
    newest = _newest(context, assignment)
    saved = OpinionContent.model_validate(newest.content) if newest else None
    looked_at = content or saved or OpinionContent.model_validate({"language": context.case.language})
    seats = sorted({seat.role for seat in panel_of(context).seats})
    applying = sections.applying(context.pathway, context.facts)
    owed = () if is_blind(assignment) else sections.owed(context.pathway, assignment.role, seats, context.facts)
    return OpinionForm(
        case=context.case.reference,
        assignment=assignment.id,
        role=_role(context, assignment.role),
        status=assignment.status,
        opinion_due_at=assignment.opinion_due_at,
        blind=is_blind(assignment),
        report_language=context.case.language,
        questions=_questions(context),
        documents=_documents(context, assignment),
        sections_owed=owed,
        sections_possible=tuple(section for section in applying if section not in owed),
        guidelines=context.pathway.report.guidelines,
        version=newest.version if newest else None,
        opinion_status=newest.status if newest else None,
        content=looked_at,
        gaps=blocking(context, assignment, looked_at),
    )


def _newest(context: CaseContext, assignment: Assignment) -> Opinion | None:
    query = select(Opinion).where(Opinion.assignment_id == assignment.id).order_by(col(Opinion.version).desc())
    return context.session.exec(query.limit(1)).first()


def _role(context: CaseContext, key: str) -> Role:
    panel = context.pathway.panel
    return next(role for role in (*panel.roles, *filter(None, (panel.extra_reader,))) if role.key == key)


def _questions(context: CaseContext) -> tuple[QuestionView, ...]:
    query = select(Question).where(Question.case_id == context.case.id).order_by(col(Question.number))
    return tuple(QuestionView.model_validate(row, from_attributes=True) for row in context.session.exec(query))


def _documents(context: CaseContext, assignment: Assignment) -> tuple[ReadableDocument, ...]:
    found = []
    for row in readable_documents(context, assignment):
        kind = document_types().get(row.loinc)
        found.append(
            ReadableDocument(
                number=row.number,
                title=row.title,
                kind=Text(en=kind.en, es=kind.es) if kind else None,
                documented_on=row.documented_on,
                pages=row.pages,
            )
        )
    return tuple(found)
