"""A document that names another patient is kept apart until a coordinator has looked at it."""

from secunda import events
from secunda.actions.on_case import acting_on
from secunda.actions.reasons import owed
from secunda.checklist import take_up_papers
from secunda.consents import CONSENT_FORM, record_consent
from secunda.errors import ConflictError, NotFoundError


def confirm_patient(reference: str, number: int, actor: str, reason: str) -> None:
    """Say that document `number` is about this patient after all; a reason is owed, and it counts from then on."""
    with acting_on(reference) as context:
        document = next((one for one in context.documents if one.number == number), None)
        if document is None:
            raise NotFoundError(f"The case has no document {number}.", "`secunda case show` lists its documents.")
        if not document.names_somebody_else:
            raise ConflictError(f"Document {number} is not in doubt.", "There is nothing to confirm.")
        document.names_somebody_else = False
        context.session.add(document)
        events.record(
            context.session, context.case, "patient_confirmed", actor, context.now, number=number, reason=owed(reason)
        )
        if document.loinc == CONSENT_FORM:
            record_consent(context, actor, document_id=document.id)
        take_up_papers(context)
