"""Documents that arrive for a review (`$submit-attachment`), and what is still asked for after them."""

from io import BytesIO

from secunda import cases, clock
from secunda.actions.attach import attach
from secunda.db import transaction
from secunda.documents import Said
from secunda.errors import BadInputError, ConflictError
from secunda.fhir_door.looking import answer_of
from secunda.fhir_door.matching import by_names
from secunda.fhir_door.names import Json
from secunda.fhir_door.outcome import DoorError, Issue, operation_outcome
from secunda.fhir_door.sender import Sender
from secunda.fhir_door.submit_attachment import SentAttachment, read_attachments
from secunda.fhir_door.wording import still_wanted


def submit_attachments(content: bytes, sender: Sender) -> Json:
    """Attach every file; returns an OperationOutcome that says what came of each and what is still missing.

    Raises DoorError where the parameters are wrong, the review is not the sender's, or not one file could be taken.
    """
    sent = read_attachments(content)
    reference = _review_of(sent.tracking, sender)
    issues = [_attach(reference, one, sender) for one in sent.attachments]
    if all(issue.severity == "error" for issue in issues):
        raise DoorError(422, *issues)
    return operation_outcome([*issues, _still_wanted(reference, sender)])


def _review_of(tracking: str, sender: Sender) -> str:
    with transaction() as session:
        found = by_names(session, sender.payer, [tracking])
        if found is None:
            text = "There is no review of this tracking id."
            place = "Parameters.parameter.where(name='TrackingId').value"
            remedy = "Send the preAuthRef that you were given (SO- and eight characters)."
            raise DoorError(404, Issue("not-found", text, remedy, (place,)))
        _, case = found
        try:
            cases.check_is_open(case)
        except ConflictError:
            text = f"The review {case.reference} is closed: nothing is attached to it any more."
            raise DoorError(409, Issue("conflict", text)) from None
        return case.reference


def _attach(reference: str, one: SentAttachment, sender: Sender) -> Issue:
    said = Said(title=one.title[:200], loinc=one.loinc, documented_on=one.documented_on)
    try:
        attached = attach(reference, BytesIO(one.content), sender.actor, said)
    except BadInputError as refusal:
        return Issue("invalid", f"Refused: {refusal.message}", refusal.remedy, (one.place,))
    warnings = f" Look at it: {', '.join(attached.warnings)}." if attached.warnings else ""
    what = "was here already" if attached.already_there else "was received"
    return Issue("informational", f"The document {what}.{warnings}", "", (one.place,), "information")


def _still_wanted(reference: str, sender: Sender) -> Issue:
    with transaction() as session:
        found = by_names(session, sender.payer, [reference])
        assert found is not None  # noqa: S101 - it was there a moment ago, and reviews do not vanish
        answer = answer_of(session, *found, clock.now())
    return Issue("informational", still_wanted(answer) or "Nothing more is asked for now.", severity="information")
