"""`Claim/$submit`: a request becomes one review, however often it is sent; an update changes it."""

from collections.abc import Callable

from models import Case, Patient, Review
from models.door_status import ReviewSource
from secunda import clock
from secunda.adapters.fhir.bundle import understand
from secunda.db import transaction
from secunda.errors import ConflictError
from secunda.fhir_door.codes import diagnoses_of
from secunda.fhir_door.mandating import Candidate, mandated
from secunda.fhir_door.matching import by_names, is_same_person, kept
from secunda.fhir_door.outcome import DoorError, Issue
from secunda.fhir_door.pas_items import ItemChange, key_of
from secunda.fhir_door.pas_message import PasMessage, Purpose, read_submission
from secunda.fhir_door.sender import Sender
from secunda.fhir_door.updating import update
from secunda.reviews.asked import Code, ReviewRequest
from secunda.reviews.launching import LONGEST_REFERENCE, launch_review

TRIES = 3  # of a launch that meets another at the same moment


def submit(content: bytes, sender: Sender, expected_version: int | None = None) -> str:
    """Take in a PAS request bundle; returns the case reference. The same claim sent twice is one review.

    Raises DoorError or BadInputError with every element that is wrong; nothing was changed then.
    """
    message = read_submission(content)
    if message.purpose is not Purpose.REQUEST:
        return update(message, sender, expected_version)
    known = _known(message, sender)
    if known is not None:
        return known
    return launch_once(_asked(message, sender), sender, lambda: _known(message, sender))[0]


def launch_once(asked: ReviewRequest, sender: Sender, known: Callable[[], str | None]) -> tuple[str, bool]:
    """Launch the review, or find the one launched at the same moment; its reference, and whether it is new.

    Two claims of one new patient at the same moment get into each other's way too: then it is tried again.
    """
    for _ in range(TRIES):
        try:
            return launch_review(asked, sender.actor).reference, True
        except ConflictError:
            if (reference := known()) is not None:
                return reference, False
    raise DoorError(409, Issue("conflict", "Somebody else is launching this review.", "Send it again in a moment."))


def _known(message: PasMessage, sender: Sender) -> str | None:
    """The review that this claim has already. Raises DoorError where that one asks for something else."""
    with transaction() as session:
        found = by_names(session, sender.payer, [message.identifier])
        if found is None:
            return None
        review, case = found
        _check_is_same(message, review, case, session.get_one(Patient, case.patient_id))
        return case.reference


def _check_is_same(message: PasMessage, review: Review, case: Case, patient: Patient) -> None:
    """A claim that comes again after an update asks for less than the review does now; it is still the same."""
    sent = message.entries.find(message.claim.resource.get("patient"), message.claim)
    keys, services = ({key_of(row) for row in review.items}, [_codes(row["service"]) for row in review.items])
    is_known = all(item.key in keys and _codes(item.service) in services for item in message.items)
    if not is_known or sent is None or not is_same_person(sent.resource, patient):
        text = f"This claim identifier has its review already, {case.reference}, which asks for something else."
        remedy = "Send a change as an update (Claim.related.claim), and another claim under another identifier."
        raise DoorError(409, Issue("duplicate", text, remedy, (message.expression("identifier", 0),)))


def _codes(service: dict[str, object]) -> list[str]:
    codings = service.get("coding")
    found = codings if isinstance(codings, list) else []
    return sorted(str(one.get("code")) for one in found if isinstance(one, dict))


def _asked(message: PasMessage, sender: Sender) -> ReviewRequest:
    incoming = understand(message.entries, message.sha256, clock.now())
    if incoming.request is None:
        text = "The claim is about somebody else than the patient of the bundle."
        issue = Issue("invalid", text, "Let both be one Patient entry.", (message.expression("patient"),))
        raise DoorError(422, issue)
    diagnoses = diagnoses_of(message.claim, message.entries)
    chosen = mandated(sender.payer, _candidates(message), diagnoses, message.expression("item"))
    return ReviewRequest(
        payer=sender.payer,
        payer_reference=kept(message.identifier, LONGEST_REFERENCE),
        source=ReviewSource.PAS,
        bundle=message.content,
        procedure=chosen.code,
        planned_on=chosen.on,
        diagnoses=diagnoses,
        client_id=sender.client_id,
        claim_identifier=kept(message.identifier),
        request_bundle=message.bundle,
        items=tuple(item.as_row() for item in message.items),
    )


def _candidates(message: PasMessage) -> list[Candidate]:
    """Every procedure that an item names, in order."""
    found = []
    for item in message.items:
        if item.change is ItemChange.CANCELLED:
            continue
        where = message.expression("item", item.place, "productOrService")
        for system, code, display in item.codings():
            found.append(Candidate(Code(system[:200], code, display[:200]), item.serviced_on, where))
    return found
