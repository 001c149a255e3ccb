"""Moving a case to another version of its pathway, or finding out what that would change and why it cannot be.

Trying and doing are the same code: the move is made, what changed is noted, and it is taken back where it was only
asked about, or where something stands in the way.
"""

from datetime import datetime

from sqlmodel import Session

from models import Case
from models.status import CaseStatus, Step
from pathways.errors import PathwayError
from pathways.loader import LoadedPathway
from pathways.moving import CaseDifference, OpenWait, case_difference
from pathways.obstacles import obstacles
from pathways.triage import triage
from pathways.vocabulary import Frozen, Urgency
from secunda import cases, clock, events
from secunda.case_context import CaseContext
from secunda.checklist import take_over_obligations, update_checklist
from secunda.open_waits import open_waits, situation
from secunda.pinning import pin
from secunda.triaging import classify

SETTLED = "Its panel is settled: it ends with the version that its opinions were written under."
ON_HOLD = "It is on hold; resume it first."


class MovedDate(Frozen):
    """A date that another version reckons differently: what is waited for, and until when."""

    about: str
    before: datetime | None
    after: datetime | None


class Move(Frozen):
    """What a move changes, or would. `obstacles`: why it cannot be made, in full sentences. `urgency_*`: the class that
    the case has, the rules' or a person's. `difference` is None where the versions cannot be compared for this case."""

    case: str
    status: CaseStatus
    version_before: str
    hash_before: str
    version_after: str
    hash_after: str
    obstacles: tuple[str, ...] = ()
    difference: CaseDifference | None = None
    urgency_before: Urgency | None = None
    urgency_after: Urgency | None = None
    dates: tuple[MovedDate, ...] = ()


def try_move(session: Session, case: Case, to: LoadedPathway, now: datetime) -> Move:
    """What moving the case, which the caller holds locked, would change; nothing is changed."""
    return _move(session, case, to, "nobody", now, "", keep=False)


def move(session: Session, case: Case, to: LoadedPathway, actor: str, now: datetime, reason: str) -> Move:
    """Move the case, which the caller holds locked, unless something stands in the way; the move says what."""
    return _move(session, case, to, actor, now, reason, keep=True)


def _move(
    session: Session, case: Case, to: LoadedPathway, actor: str, now: datetime, reason: str, *, keep: bool
) -> Move:
    blank = _blank(CaseContext(session, case, now), to)
    if blank.obstacles:
        return blank
    attempt = session.begin_nested()
    try:
        found = _carry_out(CaseContext(session, case, now), blank, to)
    except PathwayError as error:
        found = blank.model_copy(update={"obstacles": (str(error),)})
    if found.obstacles or not keep:
        attempt.rollback()
        return found
    _record(session, case, found, actor, now, reason)
    cases.request_wake(session, case, clock.wall())
    attempt.commit()
    return found


def _blank(context: CaseContext, to: LoadedPathway) -> Move:
    case = context.case
    obstacles = (SETTLED,) if case.has_finished(Step.ADJUDICATE) else (ON_HOLD,) * (case.status is CaseStatus.ON_HOLD)
    return Move(
        case=case.reference,
        status=case.status,
        version_before=context.pathway.version,
        hash_before=case.pathway_hash,
        version_after=to.pathway.version,
        hash_after=to.hash,
        obstacles=obstacles,
    )


def _carry_out(context: CaseContext, blank: Move, to: LoadedPathway) -> Move:
    """Change the case and say what changed. The caller takes it back where there are obstacles."""
    case, before = context.case, open_waits(context)
    now, urgency, due_at = situation(context), case.urgency, case.report_due_at
    if found := obstacles(context.pathway, to.pathway, now):
        return blank.model_copy(
            update={"obstacles": found, "difference": case_difference(context.pathway, to.pathway, now)}
        )
    moved = _pinned(context, to)
    due = {wait.about: wait.due_after for wait in open_waits(moved)}
    waits = tuple(wait.model_copy(update={"due_after": due[wait.about]}) for wait in before)
    now = now.model_copy(update={"waits": waits})
    return blank.model_copy(
        update={
            "obstacles": obstacles(context.pathway, to.pathway, now),
            "difference": case_difference(context.pathway, to.pathway, now),
            "urgency_before": urgency and Urgency(urgency),
            "urgency_after": case.urgency and Urgency(case.urgency),
            "dates": tuple(_dates(waits, due_at, case.report_due_at)),
        }
    )


def _pinned(context: CaseContext, to: LoadedPathway) -> CaseContext:
    """The case under the other version, with what follows from it: the checklist, the class, the report's date."""
    session, case, now = context.session, context.case, context.now
    case.pathway_hash = pin(session, to, now)
    moved = CaseContext(session, case, now)
    if case.has_finished(Step.CONSENT):
        take_over_obligations(moved, update_checklist(moved))
    if case.has_finished(Step.TRIAGE):
        classify(moved)
    elif "override" not in case.triage:
        case.urgency = triage(to.pathway, moved.facts).urgency
    session.flush()
    return moved


def _dates(waits: tuple[OpenWait, ...], before: datetime | None, after: datetime | None) -> list[MovedDate]:
    dates = [MovedDate(about=wait.about, before=wait.due_before, after=wait.due_after) for wait in waits]
    dates.append(MovedDate(about="report", before=before, after=after))
    return [date for date in dates if date.before != date.after]


def _record(session: Session, case: Case, done: Move, actor: str, now: datetime, reason: str) -> None:
    events.record(
        session,
        case,
        "pathway_moved",
        actor,
        now,
        reason=reason,
        version_before=done.version_before,
        pathway_hash_before=done.hash_before,
        version=done.version_after,
        pathway_hash=done.hash_after,
        urgency=case.urgency,
        report_due_at=case.report_due_at,
        dates=[date.model_dump(mode="json") for date in done.dates],
    )
