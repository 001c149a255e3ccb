"""Whether an event lets a case move. Only then is its run woken; everything else is told in the domain store alone."""

from collections.abc import Callable

from models.status import AssignmentStatus, CaseStatus
from secunda import cases, clock
from secunda.adjudicating import board_decision
from secunda.case_context import CaseContext
from secunda.checklist import holds_up, open_requirements
from secunda.panel import Panel, panel_of


def panel_status(panel: Panel) -> CaseStatus | None:
    """What a panel as a whole waits for; None when every opinion is signed."""
    if panel.empty:
        return CaseStatus.AWAITING_PANEL
    statuses = {assignment.status for assignment in panel.assignments}
    if AssignmentStatus.REQUESTED in statuses:
        return CaseStatus.AWAITING_ACCEPTANCE
    return None if statuses == {AssignmentStatus.COMPLETED} else CaseStatus.AWAITING_OPINIONS


def _file_is_complete(context: CaseContext) -> bool:
    return not any(holds_up(item) for item in open_requirements(context))


def _panel_has_changed(context: CaseContext) -> bool:
    return panel_status(panel_of(context)) is not context.case.status


def _always(context: CaseContext) -> bool:  # noqa: ARG001 - the shape of a rule
    return True


def _never(context: CaseContext) -> bool:  # noqa: ARG001 - the shape of a rule
    return False


CAN_MOVE: dict[CaseStatus, Callable[[CaseContext], bool]] = {
    CaseStatus.REQUESTED: _always,
    CaseStatus.AWAITING_CONSENT: CaseContext.has_consent,
    CaseStatus.AWAITING_DOCUMENTS: _file_is_complete,
    CaseStatus.ASSIGNING: _always,
    CaseStatus.AWAITING_PANEL: _panel_has_changed,
    CaseStatus.AWAITING_ACCEPTANCE: _panel_has_changed,
    CaseStatus.AWAITING_OPINIONS: _panel_has_changed,
    CaseStatus.AWAITING_ADJUDICATION: lambda context: board_decision(context) is not None,
    CaseStatus.REPORTING: _always,
    CaseStatus.AWAITING_CORRECTION: _always,
    CaseStatus.ON_HOLD: _never,
    CaseStatus.CLOSED: _always,  # so that its run completes
}


def wake_if_it_can_move(context: CaseContext) -> None:
    """Mark the case for waking when its step would not wait any more."""
    context.session.flush()
    if CAN_MOVE[context.case.status](context):
        cases.request_wake(context.session, context.case, clock.wall())
