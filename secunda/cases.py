"""Finding and locking cases. Whoever changes a case holds its row locked, so that events are numbered without gaps."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session, col, select

from models import Case
from models.status import CASE_TRANSITIONS, CaseStatus, Outcome, Step
from secunda import events
from secunda.errors import ConflictError, NotFoundError
from secunda.reviews.moving_on import stage_changed

WAKE_CHANNEL = "secunda_wake"
WAKE_NOTIFICATION = text(f"select pg_notify('{WAKE_CHANNEL}', :reference)")


def lock(session: Session, case_id: UUID) -> Case:
    """The case, its row locked until the transaction ends (SELECT … FOR UPDATE) and read afresh."""
    query = select(Case).where(col(Case.id) == case_id).with_for_update().execution_options(populate_existing=True)
    return session.exec(query).one()


def lock_by_reference(session: Session, reference: str) -> Case:
    """The same by reference; raises NotFoundError."""
    query = select(Case).where(col(Case.reference) == reference.strip().upper())
    found = session.exec(query.with_for_update().execution_options(populate_existing=True)).first()
    return _owed(found, reference)


def by_reference(session: Session, reference: str) -> Case:
    """The case for reading; raises NotFoundError."""
    found = session.exec(select(Case).where(col(Case.reference) == reference.strip().upper())).first()
    return _owed(found, reference)


def _owed(found: Case | None, reference: str) -> Case:
    if found is None:
        raise NotFoundError(f"There is no case {reference!r}.", "`secunda case list` shows the cases.")
    return found


def check_is_open(case: Case) -> None:
    """Raises ConflictError when the case is closed."""
    if case.status is CaseStatus.CLOSED:
        outcome = case.outcome.value if case.outcome else "closed"
        raise ConflictError(
            f"Case {case.reference} is closed ({outcome}).", "A closed case takes no more events; launch a new one."
        )


def move(session: Session, case: Case, to: CaseStatus, actor: str, at: datetime) -> None:
    """Change the status along CASE_TRANSITIONS, as an event; nothing happens when it is there already.

    Raises ConflictError for a transition that the table does not have.
    """
    if case.status is to:
        return
    if to not in CASE_TRANSITIONS[case.status]:
        raise ConflictError(f"Case {case.reference} cannot go from {case.status.value} to {to.value}.")
    events.record(session, case, "status_changed", actor, at, before=case.status, after=to)
    case.status = to
    stage_changed(session, case, at)


def finish_step(session: Session, case: Case, step: Step, at: datetime) -> None:
    """Mark a step as done for good."""
    if not case.has_finished(step):
        case.finished_steps = [*case.finished_steps, step.value]
        events.record(session, case, "step_finished", "secunda", at, step=step)


def reopen_steps(session: Session, case: Case, steps: Iterable[Step], actor: str, at: datetime) -> None:
    """Let steps be done once more, because what they rested on is being corrected."""
    reopened = [step.value for step in steps if case.has_finished(step)]
    if reopened:
        case.finished_steps = [step for step in case.finished_steps if step not in reopened]
        events.record(session, case, "steps_reopened", actor, at, steps=reopened)


def close(session: Session, case: Case, outcome: Outcome, actor: str, at: datetime) -> None:
    """End the case; nothing more is waited for."""
    move(session, case, CaseStatus.CLOSED, actor, at)
    case.outcome = outcome
    case.closed_at = at
    case.next_deadline_at = None
    events.record(session, case, "closed", actor, at, outcome=outcome)


def request_wake(session: Session, case: Case, wall: datetime) -> None:
    """Ask for the case's run to be woken. The mark is committed with the event, so that no wake-up can get lost;
    the notification that goes out with the commit only makes it quick."""
    case.wake_requested_at = wall
    session.execute(WAKE_NOTIFICATION, {"reference": case.reference})
