"""`Claim/$inquire`: how the sender's own reviews stand, by number or by the example of a patient."""

from models import Case, Patient, Review
from secunda import cases
from secunda.db import transaction
from secunda.fhir_door.matching import by_names, is_same_person, of_patient
from secunda.fhir_door.names import Json
from secunda.fhir_door.outcome import informative
from secunda.fhir_door.pas_message import PasMessage
from secunda.fhir_door.response_bundle import nothing_found
from secunda.fhir_door.sender import Sender
from secunda.fhir_door.telling import told

MOST = 20  # reviews in one answer


def inquire(message: PasMessage, sender: Sender) -> Json:
    """One PAS inquiry response bundle with a ClaimResponse for each review that fits; none is no error."""
    with transaction() as session:
        patient = message.entries.find(message.claim.resource.get("patient"), message.claim)
        assert patient is not None  # noqa: S101 - checked when the message was read
        found: list[tuple[Review, Case]] = []
        named = by_names(session, sender.payer, [message.identifier, *message.earlier, *message.numbers])
        if named is not None and is_same_person(patient.resource, session.get_one(Patient, named[1].patient_id)):
            found = [named]
        found = found or of_patient(session, sender.payer, patient)[:MOST]
        if not found:
            return nothing_found(informative("No review of yours fits this inquiry.", "not-found"))
        bundles = []
        for review, case in sorted(found, key=lambda pair: pair[1].id):  # one order, so that no two wait for each other
            cases.lock(session, case.id)
            bundles.append(told(session, review, case, sender, inquiry=True)[0])
        return _together(bundles)


def _together(bundles: list[Json]) -> Json:
    """All answers in one bundle; whoever stands in several of them stands in it once."""
    kept: dict[str, Json] = {}
    for bundle in bundles:
        for number, entry in enumerate(bundle["entry"]):
            kept.setdefault(entry.get("fullUrl") or f"{bundle['identifier']['value']}#{number}", entry)
    answers = [entry for entry in kept.values() if entry["resource"]["resourceType"] == "ClaimResponse"]
    others = [entry for entry in kept.values() if entry["resource"]["resourceType"] != "ClaimResponse"]
    return bundles[0] | {"entry": [*answers, *others]}
