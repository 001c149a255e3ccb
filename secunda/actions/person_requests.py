"""A person says that a document cannot be obtained: an event, and a message to the coordinator, who settles it."""

from sqlmodel import select

from models import Event
from models.status import RequirementStatus
from secunda import cases, clock, events, notices
from secunda.actions.reasons import owed
from secunda.case_context import CaseContext
from secunda.db import transaction
from secunda.errors import NotFoundError
from secunda.views.file import checklist


def cannot_be_obtained(reference: str, key: str, actor: str, reason: str) -> None:
    """Note that a document that is asked for cannot be had; the coordinator waives it, or lets the report say so.

    The same document with the same reason again is the same request.
    Raises NotFoundError for one that is not asked for, BadInputError without a reason.
    """
    said = owed(reason)[:500]
    with transaction() as session:
        context = CaseContext(session, cases.lock_by_reference(session, reference), clock.now())
        cases.check_is_open(context.case)
        pending = {row.key for row in checklist(context) if row.status is RequirementStatus.PENDING}
        if key not in pending:
            raise NotFoundError("This document is not asked for any more.")
        if (key, said) in unobtainable(context):
            return
        asked = events.record(session, context.case, "document_unobtainable", actor, context.now, key=key, reason=said)
        occasion = f"document:{asked.sequence}"
        notices.tell(context, "person_asks", notices.COORDINATOR, occasion, request="document")


def unobtainable(context: CaseContext) -> set[tuple[str, str]]:
    """Which documents were said to be so, and why."""
    query = select(Event.data).where(Event.case_id == context.case.id, Event.kind == "document_unobtainable")
    return {(data["key"], data["reason"]) for data in context.session.exec(query)}
