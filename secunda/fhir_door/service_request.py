"""The plain way to ask: a transaction with one ServiceRequest of category LOINC 47040-1, and that request as kept."""

import hashlib
from dataclasses import dataclass, field

from secunda.adapters.fhir.bundle import open_bundle
from secunda.adapters.fhir.entries import Entries, Entry
from secunda.adapters.fhir.patient import find_patient
from secunda.adapters.fhir.problems import BundleError, Problem, expression
from secunda.adapters.fhir.validation import validate
from secunda.adapters.fhir.values import Json, child, children, codes_of, text
from secunda.fhir_door.answer import ReviewAnswer
from secunda.fhir_door.claim_response import clock_extension
from secunda.fhir_door.names import (
    SECOND_OPINION,
    STAGE,
    case_identifier,
    concept,
    day,
    extension,
    instant,
    loinc,
    meta,
    without_empty,
)
from secunda.fhir_door.parties import patient_reference, request_of
from secunda.fhir_door.pas_checks import check_entries, raise_for
from secunda.fhir_door.pas_message import names_of

_REMEDY = "Send one transaction with the ServiceRequest, its Patient and what they refer to."


@dataclass(frozen=True)
class Transaction:
    """One second opinion that is asked for. `identifier` is ServiceRequest.identifier, or what ifNoneExist asks by."""

    content: bytes = field(repr=False)
    bundle: Json = field(repr=False)
    entries: Entries = field(repr=False)
    request: Entry
    identifier: str

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()

    def expression(self, *steps: str | int) -> str:
        return expression("ServiceRequest", self.request.number, steps)


def read_transaction(content: bytes) -> Transaction:
    """What was posted to the root of the server. Raises BundleError with every place that is wrong."""
    bundle, entries = open_bundle(content)
    _check_type(bundle)
    validate(entries)
    requests = [one for one in entries.of("ServiceRequest") if _is_second_opinion(one)]
    if len(requests) != 1:
        what = "must have one ServiceRequest of category 47040-1" if not requests else "has more than one such request"
        problem = Problem("/entry", "Bundle.entry", what)
        raise BundleError(f"The transaction {what} (LOINC, consultation 2nd opinion).", _REMEDY, (problem,))
    request = requests[0]
    raise_for([*check_entries(bundle), *_problems(bundle, entries, request)], "The transaction is not valid", _REMEDY)
    return Transaction(content, bundle, entries, request, _identifier(bundle, request))


def _check_type(bundle: Json) -> None:
    if text(bundle, "type") != "transaction":
        problem = Problem("/type", "Bundle.type", "must be transaction")
        raise BundleError("The bundle is no transaction.", _REMEDY, (problem,))


def _is_second_opinion(entry: Entry) -> bool:
    return any(SECOND_OPINION in codes_of(one) for one in children(entry.resource, "category"))


def _problems(bundle: Json, entries: Entries, request: Entry) -> list[Problem]:
    patient = find_patient(entries)
    found = []
    for number, entry in enumerate(bundle["entry"]):
        method = text(child(entry, "request"), "method")
        if method not in ("POST", "PUT"):
            where = f"Bundle.entry[{number}].request.method"
            found.append(Problem(f"/entry/{number}/request/method", where, "must be POST or PUT: nothing is deleted"))
    target = entries.find(request.resource.get("subject"), request)
    if target is None or target.number != patient.number:
        where = expression("ServiceRequest", request.number, ("subject",))
        found.append(Problem(f"{request.pointer}/subject", where, "leads to nothing in the bundle"))
    if not _identifier(bundle, request):
        where = expression("ServiceRequest", request.number, ("identifier",))
        what = "is required: by it the same request sent twice is known to be one"
        found.append(Problem(f"{request.pointer}/identifier", where, what))
    return found


def _identifier(bundle: Json, request: Entry) -> str:
    """By its identifier, or by the conditional create (`identifier=system|value`)."""
    own = next(iter(names_of(request.resource)), "")
    asked = text(child(bundle["entry"][request.number], "request"), "ifNoneExist").lstrip("?")
    return own or asked.partition("identifier=")[2].partition("&")[0]


def service_request(answer: ReviewAnswer) -> Json:
    """The case as ServiceRequest, as far as its payer sees it."""
    sent = request_of(answer)
    asked = sent if text(sent, "resourceType") == "ServiceRequest" else {}
    system, code = answer.procedure
    stated = [extension(STAGE, valueString=answer.stage)]
    return without_empty(
        {
            "resourceType": "ServiceRequest",
            "id": answer.reference,
            "meta": meta(answer.version_id, answer.updated_at),
            "extension": stated + ([clock_extension(answer)] if answer.clock else []),
            "identifier": [*children(asked, "identifier")[:5], case_identifier(answer.reference)],
            "status": _status(answer),
            "intent": "order",
            "category": [loinc(SECOND_OPINION, "Consultation 2nd opinion")],
            "priority": {"P0": "stat", "P1": "asap", "P2": "urgent"}.get(answer.urgency, "routine"),
            "code": loinc(SECOND_OPINION, "Consultation 2nd opinion"),
            "orderDetail": [concept(system, code)] if code else [],
            "subject": patient_reference(answer),
            "occurrenceDateTime": day(answer.planned_on) if answer.planned_on else "",
            "authoredOn": instant(answer.created_at),
            "reasonCode": [
                concept(one.get("system", ""), one["code"], one.get("display", "")) for one in answer.diagnoses
            ],
        }
    )


def _status(answer: ReviewAnswer) -> str:
    if answer.certification == "cancelled":
        return "revoked"
    return "active" if answer.is_open else "completed"
