"""Amending a report that was delivered: a new version that names the old one, why, and which parts changed.

Nothing is overwritten: the old version stays as it was signed, and whoever checks it learns that it was replaced.
Source: FHIR R4 Composition.relatesTo `replaces`; Ley 41/2002, art. 14 and 17 (what is filed in a record is kept).
"""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import col, select

from models import Amendment, Case, Report
from models.status import CaseStatus, Outcome, Step
from secunda import cases, clock, events
from secunda.actions.correction import give_back
from secunda.actions.reasons import owed
from secunda.case_context import CaseContext
from secunda.db import transaction
from secunda.errors import ConflictError
from secunda.reviews.answering import take_answer_back

MADE_ANEW = (Step.RENDER, Step.DELIVER, Step.CLOSE)


def amend(reference: str, actor: str, reason: str, opinions: Sequence[UUID] = ()) -> int:
    """Take a delivered case up again for a new version of its report; returns the version that it will replace.

    `opinions`: assignments whose experts correct what they signed, which the panel is then adjudicated over again;
    without any, the report is made anew from what the case says now. `reason` is printed in the new version. Asking for
    it twice is one amendment. Raises NotFoundError, and ConflictError when nothing was delivered.
    """
    why = owed(reason)
    with transaction() as session:
        case = cases.lock_by_reference(session, reference)
        context = CaseContext(session, case, clock.now())
        newest = _newest(context)
        if newest is not None and _is_asked_for(context, newest.version):
            return newest.version
        if newest is None or case.status is not CaseStatus.CLOSED or case.outcome is not Outcome.DELIVERED:
            raise _nothing_to_amend(case)
        _take_up_again(context, newest, actor, why)
        for assignment in opinions:
            give_back(context, assignment, actor, why)
        cases.request_wake(session, case, clock.wall())
        return newest.version


def _newest(context: CaseContext) -> Report | None:
    query = select(Report).where(Report.case_id == context.case.id).order_by(col(Report.version).desc())
    return context.session.exec(query.limit(1)).first()


def is_being_amended(context: CaseContext) -> bool:
    """Whether a new version was asked for that is not there yet."""
    newest = _newest(context)
    return newest is not None and _is_asked_for(context, newest.version)


def _is_asked_for(context: CaseContext, version: int) -> bool:
    query = select(Amendment).where(Amendment.case_id == context.case.id, Amendment.replaces_version == version)
    return context.session.exec(query).first() is not None


def _take_up_again(context: CaseContext, replaced: Report, actor: str, why: str) -> None:
    session, case, now = context.session, context.case, context.now
    session.add(
        Amendment(case_id=case.id, replaces_version=replaced.version, reason=why, requested_by=actor, requested_at=now)
    )
    events.record(session, case, "amendment_requested", actor, now, version=replaced.version, reason=why)
    take_answer_back(context)
    case.outcome, case.closed_at = None, None
    cases.reopen_steps(session, case, MADE_ANEW, actor, now)
    cases.move(session, case, CaseStatus.AWAITING_CORRECTION, actor, now)


def _nothing_to_amend(case: Case) -> ConflictError:
    if case.status is not CaseStatus.CLOSED:
        return ConflictError(
            f"Case {case.reference} is {case.status.value}; its report is not delivered yet.",
            "Before that, `secunda opinion reopen` asks an expert for a correction.",
        )
    return ConflictError(f"Case {case.reference} ended without a report.", "There is nothing to amend.")
