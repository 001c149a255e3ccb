"""A plain transaction with a ServiceRequest: one review, however often it is sent, and the answer entry by entry."""

from models.door_status import ReviewSource
from secunda import clock
from secunda.adapters.fhir.bundle import understand
from secunda.db import transaction
from secunda.fhir_door.answer import ReviewAnswer
from secunda.fhir_door.codes import CANONICAL, diagnoses_of
from secunda.fhir_door.looking import answer_of
from secunda.fhir_door.mandating import Candidate, mandated
from secunda.fhir_door.matching import by_names, kept
from secunda.fhir_door.names import Json, instant
from secunda.fhir_door.outcome import informative
from secunda.fhir_door.sender import Sender
from secunda.fhir_door.service_request import Transaction, read_transaction, service_request
from secunda.fhir_door.submitting import launch_once
from secunda.reviews.asked import Code, ReviewRequest
from secunda.reviews.finding import own_review
from secunda.reviews.launching import LONGEST_REFERENCE
from secunda.reviews.reading import record_read


def transact(content: bytes, sender: Sender, *, whole: bool = False) -> Json:
    """Take in a transaction; returns the transaction-response. `whole`: the ServiceRequest goes with it.

    Raises DoorError or BadInputError with every element that is wrong; nothing was changed then.
    """
    sent = read_transaction(content)
    reference = _known(sent, sender)
    is_new = reference is None
    if reference is None:
        reference, is_new = _launch(sent, sender)
    with transaction() as session:
        review, case = own_review(session, sender.payer, reference, locked=True)
        answer = answer_of(session, review, case, clock.now())
        record_read(session, case, sender.actor, "ServiceRequest")
    return _response(sent, answer, is_new=is_new, whole=whole)


def _known(sent: Transaction, sender: Sender) -> str | None:
    with transaction() as session:
        found = by_names(session, sender.payer, [sent.identifier])
        return found[1].reference if found else None


def _launch(sent: Transaction, sender: Sender) -> tuple[str, bool]:
    return launch_once(_asked(sent, sender), sender, lambda: _known(sent, sender))


def _asked(sent: Transaction, sender: Sender) -> ReviewRequest:
    incoming = understand(sent.entries, sent.sha256, clock.now())
    request = incoming.request
    candidates = []
    if request is not None and request.planned_procedure is not None:
        planned = request.planned_procedure
        code = Code(CANONICAL.get(planned.system, ""), planned.code, planned.display)
        candidates.append(Candidate(code, request.procedure_on, sent.expression()))
    diagnoses = diagnoses_of(sent.request, sent.entries)
    chosen = mandated(sender.payer, candidates, diagnoses, sent.expression("code"))
    return ReviewRequest(
        payer=sender.payer,
        payer_reference=kept(sent.identifier, LONGEST_REFERENCE),
        source=ReviewSource.SERVICE_REQUEST,
        bundle=sent.content,
        procedure=chosen.code,
        planned_on=chosen.on,
        diagnoses=diagnoses,
        client_id=sender.client_id,
        claim_identifier=kept(sent.identifier),
        request_bundle=sent.bundle,
    )


def _response(sent: Transaction, answer: ReviewAnswer, *, is_new: bool, whole: bool) -> Json:
    """One entry for each that was sent. The ServiceRequest is the review; everything else is part of its record."""
    entries: list[Json] = []
    for number, _ in enumerate(sent.bundle["entry"]):
        if number == sent.request.number:
            location = f"ServiceRequest/{answer.reference}"
            status = "201 Created" if is_new else "200 OK"
            response = {"status": status, "location": location, "etag": f'W/"{answer.version_id}"'}
            response["lastModified"] = instant(answer.updated_at)
            entries.append({"response": response} | ({"resource": service_request(answer)} if whole else {}))
            continue
        said = f"Taken into the record of ServiceRequest/{answer.reference}."
        entries.append({"response": {"status": "200 OK", "outcome": informative(said)}})
    return {"resourceType": "Bundle", "type": "transaction-response", "entry": entries}
