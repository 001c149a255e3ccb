"""Gathering: what the pathway asks for, what has come, and who is asked for the rest."""

import asyncio
import hashlib
from datetime import datetime

from sqlmodel import Session

from models import Case, Requirement
from models.status import CaseStatus, Step
from pathways.deadlines import Wait
from pathways.schema import DocumentRequirement
from secunda import cases, events, notices
from secunda.case_context import CaseContext, context_of
from secunda.checklist import holds_up, open_requirements, update_checklist
from tasks.execution import Execution, Waits
from tasks.fetch import documents_to_fetch, fetch_document
from tasks.waiting import chase_people, wait_as


async def gather(execution: Execution) -> None:
    """Fetch what the source only pointed at, then wait until the file is complete."""
    if execution.has_finished(Step.GATHER):
        return
    pointers = await execution.write(documents_to_fetch)
    if pointers:
        await execution.commit()
        await asyncio.gather(*(fetch_document(execution.reference, number) for number in pointers))
    wait = await execution.write(_gather)
    if wait is not None:
        raise wait


def _gather(session: Session, case: Case, now: datetime) -> Waits | None:
    context = context_of(session, case, now)
    asked = update_checklist(context)
    missing = [item for item in open_requirements(context) if holds_up(item)]
    if not missing:
        case.file_complete_at = now
        events.record(session, case, "file_completed", "secunda", now)
        cases.finish_step(session, case, Step.GATHER, now)
        return None
    return _ask_for(context, asked, missing)


def _ask_for(context: CaseContext, asked: dict[str, DocumentRequirement], missing: list[Requirement]) -> Waits:
    since = _asked_since(context)
    keys_of: dict[str, list[str]] = {}
    for item in missing:
        keys_of.setdefault(notices.HOLDERS[asked[item.key].held_by], []).append(item.key)
    due_at = context.due(Wait.DOCUMENTS, since)
    for recipient, keys in keys_of.items():
        occasion = _occasion(asked, recipient)
        notices.tell(context, "documents_requested", recipient, occasion, count=len(keys), due_at=due_at)
    again = chase_people(context, Wait.DOCUMENTS, since, keys_of, "documents_reminder")
    return wait_as(context, CaseStatus.AWAITING_DOCUMENTS, again)


def _occasion(asked: dict[str, DocumentRequirement], recipient: str) -> str:
    """Another one when something else is asked for than before, not when something has come."""
    keys = sorted(key for key, one in asked.items() if notices.HOLDERS[one.held_by] == recipient and holds_up(one))
    return f"asked:{hashlib.sha256(' '.join(keys).encode()).hexdigest()[:16]}"


def _asked_since(context: CaseContext) -> datetime:
    """Documents count from when they were first asked for, which is when consent was there."""
    case = context.case
    if case.documents_asked_at is None:
        case.documents_asked_at = context.now
    return case.documents_asked_at
