"""Giving and withdrawing consent."""

from datetime import datetime

from models.status import HoldCause, Outcome
from secunda import events
from secunda.actions.on_case import acting_on
from secunda.case_context import PURPOSE
from secunda.closing import close_for_good
from secunda.consents import consent_row, record_consent
from secunda.holding import resume


def give_consent(
    reference: str, actor: str, *, purpose: str = PURPOSE, expires_at: datetime | None = None, how: str = ""
) -> None:
    """Note that the patient consented to one purpose; saying it again changes nothing. `how`: on paper, by word …"""
    with acting_on(reference) as context:
        record_consent(context, actor, purpose=purpose, expires_at=expires_at, how=how)
        if context.case.hold_cause is HoldCause.CONSENT_EXPIRED and context.has_consent():
            resume(context.session, context.case, actor, context.now, "the patient consented again")


def withdraw_consent(reference: str, actor: str, *, purpose: str = PURPOSE, how: str = "") -> None:
    """Note that the patient took the consent back (GDPR art. 7(3)). Without the main one the case ends.

    `how`: in which way, where somebody else notes it for the patient.
    """
    with acting_on(reference) as context:
        row = consent_row(context, purpose)
        if row is None or row.withdrawn_at is not None:
            return
        row.withdrawn_at = context.now
        context.session.add(row)
        said = {"purpose": purpose} | ({"how": how} if how else {})
        events.record(context.session, context.case, "consent_withdrawn", actor, context.now, **said)
        if purpose == PURPOSE:
            close_for_good(context, Outcome.WITHDRAWN, actor, "the patient withdrew the consent")
