"""Withdrawing a request."""

from models.status import Outcome
from secunda.actions.on_case import acting_on
from secunda.actions.reasons import owed
from secunda.closing import close_for_good


def withdraw(reference: str, actor: str, reason: str) -> None:
    """End the case because whoever asked does not want the opinion any more; a reason is owed."""
    with acting_on(reference) as context:
        close_for_good(context, Outcome.WITHDRAWN, actor, owed(reason))
