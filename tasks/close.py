"""Closing: the case is delivered; nothing more is waited for."""

from datetime import datetime

from sqlmodel import Session

from models import Case
from models.status import CaseStatus, Outcome, Step
from secunda import cases
from secunda.outbox import cancel_moot
from tasks.execution import Execution


async def close(execution: Execution) -> None:
    """End the case as delivered."""
    await execution.write(_close)


def _close(session: Session, case: Case, now: datetime) -> None:
    if case.status is CaseStatus.CLOSED:
        return
    cases.finish_step(session, case, Step.CLOSE, now)
    cases.close(session, case, Outcome.DELIVERED, "secunda", now)
    cancel_moot(session, case, now)
