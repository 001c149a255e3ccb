"""Rendering: the signed opinions become the report, with the signatures of the panel and the organisation's seal."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from models import Case, Report
from models.status import CASE_BADGES, CaseStatus, HoldCause, Step
from secunda import cases, clock, events, notices
from secunda.adapters import storage
from secunda.adapters.signing.signatory import SigningError
from secunda.adjudicating import records_of
from secunda.case_context import CaseContext, context_of
from secunda.checking import check_token
from secunda.db import transaction
from secunda.holding import hold
from secunda.report_input import report_content
from secunda.report_sealing import report_sheet, seal_report
from secunda.reporting.completeness import missing
from secunda.reporting.parts import part_digests
from secunda.reporting.printing import print_report
from tasks.effects import effect
from tasks.execution import Execution, Waits
from tasks.waiting import wait_as


@dataclass(frozen=True)
class Rendered:
    """A stored, signed PDF: what the report's row says of it. `signed_by`: name and key of each, in order."""

    version: int
    language: str
    sha256: str
    content_sha256: str
    bundle_sha256: str
    parts: dict[str, str]
    signed_by: tuple[tuple[str, str], ...]
    signed_at: datetime
    size: int
    pages: int


@dataclass(frozen=True)
class Unsigned:
    """The report could not be signed: why, and what to do about it."""

    reason: str


async def render(execution: Execution) -> None:
    """Render and sign the report.

    What is missing is named to the coordinator, and nothing is rendered; a report that cannot be signed puts the case
    on hold, and nothing is kept.
    """
    if execution.has_finished(Step.RENDER):
        return
    wait = await execution.write(_check_complete)
    if wait is not None:
        raise wait
    await execution.commit()
    rendered = await render_report(execution.reference)
    if isinstance(rendered, Unsigned):
        reason = rendered.reason
        raise await execution.write(lambda session, case, now: _hold(session, case, now, reason))
    await execution.write(lambda session, case, now: _keep(session, case, now, rendered))


def _check_complete(session: Session, case: Case, now: datetime) -> Waits | None:
    context = context_of(session, case, now)
    gaps = missing(report_content(context))
    if not gaps:
        cases.move(session, case, CaseStatus.REPORTING, "secunda", now)
        return None
    said = hashlib.sha256("\n".join(gaps).encode()).hexdigest()[:16]
    occasion = f"gaps:{records_of(context)}:{said}"  # told once, until the panel was adjudicated anew
    if notices.tell(context, "correction_requested", notices.COORDINATOR, occasion, count=len(gaps)):
        events.record(session, case, "report_incomplete", "secunda", now, gaps=list(gaps))
    return wait_as(context, CaseStatus.AWAITING_CORRECTION, None)


@effect("render report", (2.0, 10.0, 60.0))
def render_report(case_reference: str) -> Rendered | Unsigned:
    """Render, sign and store the PDF; done again it stores another file, and the row names the one that counts."""
    at = clock.now()
    with transaction() as session:
        sheet = report_sheet(CaseContext(session, cases.by_reference(session, case_reference), at))
    report = print_report(sheet.content, sheet.language)
    try:
        sealed = seal_report(report.pdf, sheet, at)
    except SigningError as error:
        return Unsigned(f"{error.message} {error.remedy}".strip())
    stored = storage.receive([sealed.pdf])
    return Rendered(
        version=sheet.content.version,
        language=sheet.language,
        sha256=stored.sha256,
        content_sha256=report.content_sha256,
        bundle_sha256=storage.receive([sheet.bundle]).sha256,
        parts=part_digests(sheet.content),
        signed_by=tuple((one.name, one.key) for one in sealed.signed_by),
        signed_at=at,
        size=stored.size,
        pages=report.pages,
    )


def _hold(session: Session, case: Case, now: datetime, reason: str) -> Waits:
    hold(session, case, HoldCause.SIGNING_FAILED, f"The report could not be signed. {reason}", "secunda", now)
    return Waits(CASE_BADGES[CaseStatus.ON_HOLD], None)


def _keep(session: Session, case: Case, now: datetime, rendered: Rendered) -> None:
    session.add(
        Report(
            case_id=case.id,
            version=rendered.version,
            language=rendered.language,
            sha256=rendered.sha256,
            content_sha256=rendered.content_sha256,
            token=check_token(case.id, rendered.version),
            bundle_sha256=rendered.bundle_sha256,
            signed_by=[{"name": name, "key": key} for name, key in rendered.signed_by],
            signed_at=rendered.signed_at,
            parts=rendered.parts,
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
        signed_by=[key for _, key in rendered.signed_by],
    )
    cases.finish_step(session, case, Step.RENDER, now)
