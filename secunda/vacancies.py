"""A seat that nobody may take: the coordinator is told at once, the medical director when it stays so."""

from sqlmodel import col, func, select

from models import Assignment, Message
from pathways.deadlines import Wait
from secunda import events, notices
from secunda.case_context import CaseContext

EVENT = "no_expert_available"


def tell_of_vacancy(context: CaseContext, role: str, seat: int) -> bool:
    """Say that nobody may take this seat; returns whether that is news.

    Said once a vacancy: a seat that was taken in between and is empty again is another one. The medical director is
    told after as long as an expert would have had to accept.
    """
    occasion = f"{role}:{seat}:{_taken_before(context, role, seat)}"
    if notices.tell(context, EVENT, notices.COORDINATOR, occasion, role=role):
        events.record(context.session, context.case, "no_expert", "secunda", context.now, role=role, seat=seat)
        return True
    query = select(col(Message.created_at)).where(
        Message.case_id == context.case.id,
        Message.event == EVENT,
        Message.recipient == notices.COORDINATOR,
        Message.occasion == occasion,
    )
    if context.now >= context.due(Wait.ACCEPTANCE, context.session.exec(query).one()):
        notices.tell(context, EVENT, notices.MEDICAL_DIRECTOR, occasion, role=role)
    return False


def _taken_before(context: CaseContext, role: str, seat: int) -> int:
    """How many experts have had the seat."""
    query = select(func.count()).where(
        Assignment.case_id == context.case.id, Assignment.role == role, Assignment.seat == seat
    )
    return context.session.exec(query).one()
