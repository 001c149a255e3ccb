"""The patient's consent as rows: one a purpose, renewed, withdrawn; met by the form or by the patient's own word."""

from datetime import datetime
from uuid import UUID

from models import Consent
from secunda import events
from secunda.case_context import PURPOSE, CaseContext

CONSENT_FORM = "59284-0"  # LOINC: patient consent


def record_consent(
    context: CaseContext,
    actor: str,
    *,
    purpose: str = PURPOSE,
    expires_at: datetime | None = None,
    document_id: UUID | None = None,
    how: str = "",
) -> None:
    """Note that the patient consented to one purpose. One that stands already, to the same end, is not noted again.

    `how`: in which way, where somebody else notes it for the patient.
    """
    row = consent_row(context, purpose)
    if row is not None and row.withdrawn_at is None and row.expires_at == expires_at:
        return
    if row is None:
        row = Consent(case_id=context.case.id, purpose=purpose, given_at=context.now, recorded_by=actor)
        context.consents.append(row)
    row.given_at, row.recorded_by, row.document_id = context.now, actor, document_id
    row.expires_at, row.withdrawn_at = expires_at, None
    context.session.add(row)
    said = {"purpose": purpose, "expires_at": expires_at} | ({"how": how} if how else {})
    events.record(context.session, context.case, "consent_given", actor, context.now, **said)


def consent_row(context: CaseContext, purpose: str) -> Consent | None:
    return next((one for one in context.consents if one.purpose == purpose), None)
