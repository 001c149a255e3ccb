"""Recording the patient's consent."""

from datetime import datetime

from sqlmodel import select

from models import Consent
from models.status import Outcome
from secunda import events
from secunda.actions.on_case import acting_on
from secunda.case_context import PURPOSE
from secunda.closing import close_for_good


def give_consent(reference: str, actor: str, *, purpose: str = PURPOSE, expires_at: datetime | None = None) -> None:
    """Note that the patient consented to one purpose; giving it again renews it."""
    with acting_on(reference) as context:
        session, case = context.session, context.case
        row = session.exec(select(Consent).where(Consent.case_id == case.id, Consent.purpose == purpose)).first()
        row = row or Consent(case_id=case.id, purpose=purpose, given_at=context.now, recorded_by=actor)
        row.given_at, row.recorded_by = context.now, actor
        row.expires_at, row.withdrawn_at = expires_at, None
        session.add(row)
        events.record(session, case, "consent_given", actor, context.now, purpose=purpose, expires_at=expires_at)


def withdraw_consent(reference: str, actor: str, *, purpose: str = PURPOSE) -> None:
    """Note that the patient took the consent back (GDPR art. 7(3)). Without the main one the case ends."""
    with acting_on(reference) as context:
        session, case = context.session, context.case
        row = session.exec(select(Consent).where(Consent.case_id == case.id, Consent.purpose == purpose)).first()
        if row is None or row.withdrawn_at is not None:
            return
        row.withdrawn_at = context.now
        session.add(row)
        events.record(session, case, "consent_withdrawn", actor, context.now, purpose=purpose)
        if purpose == PURPOSE:
            close_for_good(context, Outcome.WITHDRAWN, actor, "the patient withdrew the consent")
