"""What a person asks of the coordinator: their rights (GDPR art. 15 and 17), or that a document cannot be obtained.

Each is an event, and a message to the coordinator, who answers it; a case that is closed takes such requests too.
"""

from datetime import timedelta
from enum import StrEnum
from typing import Any, Final

from sqlmodel import col, select

from models import Event
from models.status import RequirementStatus
from secunda import cases, clock, events, notices
from secunda.actions.reasons import owed
from secunda.case_context import CaseContext
from secunda.db import transaction
from secunda.errors import NotFoundError
from secunda.views.file import checklist

TERM: Final = timedelta(days=30)  # to answer in (GDPR art. 12(3): one month); until then asking again adds nothing


class Right(StrEnum):
    ACCESS = "access"
    ERASURE = "erasure"


def request_right(reference: str, right: Right, actor: str) -> None:
    """Note that the patient asks for it."""
    with transaction() as session:
        context = CaseContext(session, cases.lock_by_reference(session, reference), clock.now())
        if right.value in open_requests(context):
            return
        asked = events.record(session, context.case, "right_requested", actor, context.now, right=right.value)
        _tell(context, right.value, asked)


def open_requests(context: CaseContext) -> dict[str, Any]:
    """Right → when it was asked for, where the term to answer is not over."""
    query = select(Event).where(
        Event.case_id == context.case.id, Event.kind == "right_requested", Event.at > context.now - TERM
    )
    return {event.data["right"]: event.at for event in context.session.exec(query.order_by(col(Event.sequence)))}


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
        _tell(context, "document", asked)


def unobtainable(context: CaseContext) -> set[tuple[str, str]]:
    """Which documents were said to be so, and why."""
    query = select(Event.data).where(Event.case_id == context.case.id, Event.kind == "document_unobtainable")
    return {(data["key"], data["reason"]) for data in context.session.exec(query)}


def _tell(context: CaseContext, request: str, asked: Event) -> None:
    notices.tell(context, "person_asks", notices.COORDINATOR, f"{request}:{asked.sequence}", request=request)
