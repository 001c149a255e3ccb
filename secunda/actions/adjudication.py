"""Recording what the board decided."""

from models.status import CaseStatus
from pathways.readings import BoardDecision
from secunda import events
from secunda.actions.on_case import acting_on
from secunda.adjudicating import BOARD_DECISION, add_record, board_decision
from secunda.case_context import as_json
from secunda.errors import ConflictError


def record_board_decision(reference: str, decision: BoardDecision, actor: str) -> None:
    """Settle the panel; raises ConflictError when the case does not wait for its board. Said again, nothing changes."""
    with acting_on(reference) as context:
        if context.case.status is not CaseStatus.AWAITING_ADJUDICATION:
            raise ConflictError(
                f"Case {context.case.reference} does not wait for its board.",
                "A board decides only where the panel's rule asks for it.",
            )
        if board_decision(context) == decision:
            return
        add_record(context, BOARD_DECISION, as_json(decision), actor)
        events.record(context.session, context.case, "board_decided", actor, context.now, stance=decision.stance)
