"""How a step waits: the status that people see, the ladder that chases, and when to look again."""

from collections.abc import Iterable
from datetime import datetime

from models.status import CASE_BADGES, CaseStatus
from pathways.chasing import Rung
from pathways.deadlines import Wait
from secunda import cases, notices
from secunda.case_context import CaseContext
from secunda.ladders import Chased, chase
from secunda.reviews.determining import watch_clock
from tasks.execution import Waits


def wait_as(context: CaseContext, status: CaseStatus, until: datetime | None) -> Waits:
    """Note on the case that it waits, and give the signal that parks its run."""
    case = context.case
    if case.status is not status:
        case.waiting_since = context.now
    cases.move(context.session, case, status, "secunda", context.now)
    until = min((moment for moment in (until, context.consent_ends_at, watch_clock(context)) if moment), default=None)
    case.next_deadline_at = until
    case.failures = 0
    return Waits(CASE_BADGES[status], until)


def chase_people(
    context: CaseContext, wait: Wait, since: datetime, recipients: Iterable[str], reminder: str, again: int = 0
) -> datetime | None:
    """Chase the people that a case-wide wait is for; returns when to look again.

    `again`: a number that tells a wait from an earlier one of the same kind.
    """
    subject = f"{wait}:{again}" if again else wait.value
    people = sorted(set(recipients))
    due_at = context.due(wait, since)

    def remind(rung: Rung) -> None:
        for person in people:
            notices.tell(context, reminder, person, f"{subject}:{rung.number}", due_at=due_at)

    def change_channel(rung: Rung) -> None:
        for person in people:
            notices.tell_on_other_channel(context, reminder, person, f"{subject}:{rung.number}", due_at=due_at)

    chased = Chased(
        subject=subject,
        ladder=getattr(context.pathway.chase, wait.value),
        start=since + context.on_hold_since(since),
        due_at=due_at,
        calendar=context.calendar,
        remind=remind,
        change_channel=change_channel,
        escalate=lambda rung: notices.escalate(context, rung, subject, waiting_for=wait.value),
    )
    return chase(context.session, context.case, chased, context.now)
