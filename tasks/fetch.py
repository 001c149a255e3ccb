"""Fetching documents that the source only pointed at: each is a task run with retries."""

import asyncio
from datetime import datetime

from prefect import task
from sqlmodel import Session, col, select

from models import Case, Document
from secunda import cases, clock, logs
from secunda.adapters.fetching import fetch
from secunda.adapters.filetype import identify
from secunda.db import transaction
from secunda.documents import fill_in
from secunda.errors import BadInputError

RETRY_SECONDS = [2.0, 10.0, 60.0]


def documents_to_fetch(session: Session, case: Case, now: datetime) -> list[int]:  # noqa: ARG001 - a change's signature
    """The numbers of the documents that are pointers still, and were not given up."""
    query = select(Document.number).where(
        Document.case_id == case.id,
        col(Document.sha256).is_(None),
        Document.source_url != "",
        Document.fetch_refusal == "",
    )
    return list(session.exec(query))


@task(name="fetch document", retries=3, retry_delay_seconds=RETRY_SECONDS, persist_result=False)
async def fetch_document(case_reference: str, number: int) -> None:
    """Fetch document `number` of the case. A refusal is noted on the document; an outage raises and is retried."""
    await asyncio.to_thread(_fetch, case_reference, number)


def _fetch(reference: str, number: int) -> None:
    with transaction() as session:
        url = _document(session, reference, number).source_url
    try:
        stored = fetch(url)
        facts = identify(stored.path)
    except BadInputError as refusal:
        logs.warning("fetch_refused", case=reference, document=number, code=refusal.code)
        with transaction() as session:
            cases.lock_by_reference(session, reference)
            _document(session, reference, number).fetch_refusal = refusal.message
        return
    with transaction() as session:
        case = cases.lock_by_reference(session, reference)
        fill_in(session, case, _document(session, reference, number), stored, facts, "secunda", clock.now())


def _document(session: Session, reference: str, number: int) -> Document:
    case = cases.by_reference(session, reference)
    return session.exec(select(Document).where(Document.case_id == case.id, Document.number == number)).one()
