"""Rendering: the signed opinions become the report."""

import asyncio
import hashlib
from dataclasses import dataclass
from datetime import datetime

from prefect import task
from sqlmodel import Session

from models import Case, Report
from models.status import CaseStatus, Step
from secunda import cases, clock, events, notices
from secunda.adapters import storage
from secunda.adjudicating import records_of
from secunda.case_context import CaseContext
from secunda.db import transaction
from secunda.report_input import report_content
from secunda.reporting.completeness import missing
from secunda.reporting.printing import print_report
from tasks.effects import guarded
from tasks.execution import Execution, Waits
from tasks.waiting import wait_as


@dataclass(frozen=True)
class Rendered:
    """A stored PDF: what the report's row says of it."""

    version: int
    language: str
    sha256: str
    content_sha256: str
    size: int
    pages: int


async def render(execution: Execution) -> None:
    """Render the report; what is missing is named to the coordinator, and nothing is rendered."""
    if execution.has_finished(Step.RENDER):
        return
    wait = await execution.write(_check_complete)
    if wait is not None:
        raise wait
    rendered = await render_report(execution.reference)
    await execution.write(lambda session, case, now: _keep(session, case, now, rendered))


def _check_complete(session: Session, case: Case, now: datetime) -> Waits | None:
    context = CaseContext(session, case, now)
    gaps = missing(report_content(context))
    if not gaps:
        cases.move(session, case, CaseStatus.REPORTING, "secunda", now)
        return None
    said = hashlib.sha256("\n".join(gaps).encode()).hexdigest()[:16]
    occasion = f"gaps:{records_of(context)}:{said}"  # told once, until the panel was adjudicated anew
    if notices.tell(context, "correction_requested", notices.COORDINATOR, occasion, count=len(gaps)):
        events.record(session, case, "report_incomplete", "secunda", now, gaps=list(gaps))
    return wait_as(context, CaseStatus.AWAITING_CORRECTION, None)


@task(name="render report", retries=3, retry_delay_seconds=[2.0, 10.0, 60.0], persist_result=False)
async def render_report(case_reference: str) -> Rendered:
    """Render and store the PDF; doing it again stores the same bytes under the same hash."""
    return await asyncio.to_thread(_render, case_reference)


def _render(reference: str) -> Rendered:
    with guarded():
        with transaction() as session:
            case = cases.by_reference(session, reference)
            content = report_content(CaseContext(session, case, clock.now()))
            language = case.language
        report = print_report(content, language)
        stored = storage.receive([report.pdf])
        return Rendered(content.version, language, stored.sha256, report.content_sha256, stored.size, report.pages)


def _keep(session: Session, case: Case, now: datetime, rendered: Rendered) -> None:
    session.add(
        Report(
            case_id=case.id,
            version=rendered.version,
            language=rendered.language,
            sha256=rendered.sha256,
            content_sha256=rendered.content_sha256,
            size=rendered.size,
            pages=rendered.pages,
            rendered_at=now,
        )
    )
    events.record(
        session,
        case,
        "report_rendered",
        "secunda",
        now,
        version=rendered.version,
        sha256=rendered.sha256,
        pages=rendered.pages,
    )
    cases.finish_step(session, case, Step.RENDER, now)
