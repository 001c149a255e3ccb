"""Holding a case, and resuming it."""

from models.status import CaseStatus, HoldCause
from secunda import cases, clock, holding
from secunda.actions.on_case import acting_on
from secunda.actions.reasons import owed
from secunda.errors import ConflictError


def hold(reference: str, actor: str, reason: str) -> None:
    """Stop all clocks until `resume`; a reason is owed."""
    with acting_on(reference) as context:
        holding.hold(context.session, context.case, HoldCause.COORDINATOR, owed(reason), actor, context.now)


def resume(reference: str, actor: str) -> None:
    """Go on; raises ConflictError when the case is not on hold."""
    with acting_on(reference) as context:
        if context.case.status is not CaseStatus.ON_HOLD:
            raise ConflictError(f"Case {context.case.reference} is not on hold.", "There is nothing to resume.")
        holding.resume(context.session, context.case, actor, context.now)
        cases.request_wake(context.session, context.case, clock.wall())
