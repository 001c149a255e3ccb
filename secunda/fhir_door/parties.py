"""Who a review is about and who asked for it, as references: to what the request brought, else by identifier."""

from secunda.adapters.fhir.entries import Entries, Entry, identifiers
from secunda.adapters.fhir.values import child, text
from secunda.fhir_door.answer import ReviewAnswer
from secunda.fhir_door.names import Json

#: What a ServiceRequest calls the elements of a Claim.
_IN_SERVICE_REQUEST = {"patient": "subject", "provider": "requester"}


def request_of(answer: ReviewAnswer) -> Json:
    """The Claim or ServiceRequest that the review came by; empty where it came otherwise."""
    return child(_entry(answer), "resource")


def request_reference(answer: ReviewAnswer) -> Json:
    """The request: by the sender's own full URL for a Claim, else the ServiceRequest that we keep."""
    claim = request_of(answer)
    if text(claim, "resourceType") == "Claim":
        url = text(_entry(answer), "fullUrl")
        identity = text(claim, "id")
        if url or identity:
            return {"reference": url or f"Claim/{identity}"}
    return {"reference": f"ServiceRequest/{answer.reference}"}


def patient_reference(answer: ReviewAnswer) -> Json:
    """The patient as the payer knows them."""
    return _sent(answer, "patient") or _by_identifier(answer)


def insurer_reference(answer: ReviewAnswer) -> Json:
    return _sent(answer, "insurer") or {"type": "Organization", "display": answer.payer}


def provider_reference(answer: ReviewAnswer) -> Json:
    named = {"type": "Organization", "display": answer.requester} if answer.requester else {}
    return _sent(answer, "provider") or named


def echoed(answer: ReviewAnswer, *elements: str) -> list[Json]:
    """The entries of the request that these elements refer to, as they came: Da Vinci PAS echoes them."""
    if text(request_of(answer), "resourceType") != "Claim" or answer.bundle is None:
        return []
    entries, at = Entries(answer.bundle), _at(answer)
    found: list[Json] = []
    for name in elements:
        target = entries.find(request_of(answer).get(name), at)
        if target is not None and target.contained is None:
            sent = {"fullUrl": target.full_url, "resource": target.resource}
            found += [sent] if sent not in found else []
    return found


def _sent(answer: ReviewAnswer, element: str) -> Json:
    """By full URL: a relative reference would be read as one on this server (FHIR R4, 2.36.4.2)."""
    request = request_of(answer)
    if not request or answer.bundle is None:
        return {}
    named = _IN_SERVICE_REQUEST.get(element, "") if text(request, "resourceType") == "ServiceRequest" else element
    target = Entries(answer.bundle).find(request.get(named), _at(answer))
    if target is None or not target.full_url or target.contained is not None:
        return {}
    known = next(iter(identifiers(target.resource)), None)
    return {"reference": target.full_url} | ({"identifier": known} if known else {})


def _by_identifier(answer: ReviewAnswer) -> Json:
    found: Json = {"type": "Patient"}
    for system, value in answer.patient.identifiers[:1]:
        found["identifier"] = ({"system": system} if system else {}) | {"value": value}
    return found | {"display": answer.patient.name or "the patient of this review"}


def _entry(answer: ReviewAnswer) -> Json:
    """The first Claim, or the first ServiceRequest, of what was sent."""
    written = (answer.bundle or {}).get("entry") or []
    for kind in ("Claim", "ServiceRequest"):
        for entry in written:
            if isinstance(entry, dict) and text(child(entry, "resource"), "resourceType") == kind:
                return dict(entry)
    return {}


def _at(answer: ReviewAnswer) -> Entry:
    entry = _entry(answer)
    return Entry(0, child(entry, "resource"), text(entry, "fullUrl"))
