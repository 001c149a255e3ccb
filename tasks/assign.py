"""Assigning: every seat of the panel is offered to the best expert who may take it."""

from datetime import datetime

from sqlmodel import Session

from models import Case
from models.status import Step
from secunda.case_context import context_of
from secunda.panel import fill_empty_seats
from tasks.execution import Execution


async def assign(execution: Execution) -> None:
    """Offer the seats that are empty; `collect` waits for all of them together."""
    if not execution.has_finished(Step.ASSIGN):
        await execution.write(_assign)


def _assign(session: Session, case: Case, now: datetime) -> None:
    fill_empty_seats(context_of(session, case, now))
