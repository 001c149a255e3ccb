"""The patient's own questions to the experts, as long as nobody has signed an answer."""

from typing import Final

from sqlmodel import col, func, select

from models import Opinion, Question
from models.status import CaseStatus, OpinionStatus
from secunda import events
from secunda.actions.on_case import acting_on
from secunda.case_context import CaseContext
from secunda.errors import BadInputError, ConflictError

MOST: Final = 10  # of the patient's own
LONGEST: Final = 500  # characters
TOO_LATE: Final = frozenset(
    {CaseStatus.AWAITING_ADJUDICATION, CaseStatus.REPORTING, CaseStatus.AWAITING_CORRECTION, CaseStatus.CLOSED}
)


def can_still_be_asked(context: CaseContext) -> bool:
    """Whether every expert still has their answers to write."""
    signed = select(Opinion.id).where(Opinion.case_id == context.case.id, col(Opinion.status) == OpinionStatus.FINAL)
    return context.case.status not in TOO_LATE and context.session.exec(signed.limit(1)).first() is None


def ask(reference: str, text: str, actor: str) -> int:
    """Add a question; returns its number. The same words again are the same question.

    Raises BadInputError for no or too long a text, ConflictError when it is too late or there are too many.
    """
    said = " ".join(text.split())
    if not said:
        raise BadInputError("The question is empty.", "Write what you would like to know.")
    if len(said) > LONGEST:
        raise BadInputError("The question is longer than 500 characters.", "Ask it in fewer words, or in two.")
    with acting_on(reference) as context:
        if not can_still_be_asked(context):
            raise ConflictError("An expert has signed already, so that no question can be added.")
        return _add(context, said, actor)


def _add(context: CaseContext, said: str, actor: str) -> int:
    asked = context.session.exec(select(Question).where(Question.case_id == context.case.id)).all()
    same = next((question.number for question in asked if question.text == said), None)
    if same is not None:
        return same
    if sum(question.asked_by == "patient" for question in asked) >= MOST:
        raise ConflictError("There are ten questions of yours already.")
    last = context.session.exec(select(func.max(col(Question.number))).where(Question.case_id == context.case.id)).one()
    number = (last or 0) + 1
    context.session.add(Question(case_id=context.case.id, number=number, asked_by="patient", text=said))
    events.record(context.session, context.case, "question_asked", actor, context.now, number=number)
    return number
