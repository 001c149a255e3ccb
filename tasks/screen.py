"""A red flag is an emergency, never a second opinion: it is redirected at once, before anything else happens."""

from datetime import datetime

from sqlmodel import Session

from models import Case
from models.status import Outcome
from pathways.triage import triage
from pathways.vocabulary import Urgency
from secunda import events, notices
from secunda.case_context import CaseContext, as_json
from secunda.closing import close_for_good
from tasks.execution import Ended, Execution


async def screen(execution: Execution) -> None:
    """Close the case with the emergency redirect when a red flag stands."""
    if await execution.write(_screen):
        raise Ended


def _screen(session: Session, case: Case, now: datetime) -> bool:
    context = CaseContext(session, case, now)
    result = triage(context.pathway, context.facts)
    if result.urgency is not Urgency.P0:
        return False
    case.urgency = Urgency.P0
    case.triage = as_json(result)
    events.record(
        session, case, "triaged", "secunda", now, urgency=Urgency.P0, rules=[rule.key for rule in result.held]
    )
    for recipient in (notices.PATIENT, notices.REQUESTER, notices.COORDINATOR):
        notices.tell(context, "emergency_redirect", recipient, "emergency")
    close_for_good(context, Outcome.EMERGENCY_REDIRECT, "secunda", "a red flag")
    return True
