"""A red flag is an emergency, never a second opinion: it is redirected at once, before anything else happens."""

from datetime import datetime

from sqlmodel import Session

from models import Case
from secunda.case_context import context_of
from secunda.triaging import redirect_emergency
from tasks.execution import Ended, Execution


async def screen(execution: Execution) -> None:
    """Close the case with the emergency redirect when a red flag stands."""
    if await execution.write(_screen):
        raise Ended


def _screen(session: Session, case: Case, now: datetime) -> bool:
    return redirect_emergency(context_of(session, case, now))
