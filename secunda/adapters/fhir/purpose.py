"""Bundles that are valid and still no request for care: answers of payers, inquiries, cancellations.

Source: HL7 Da Vinci Prior Authorization Support 2.2.
"""

from secunda.adapters.fhir.entries import Entries, Entry
from secunda.adapters.fhir.problems import BundleError, Problem, expression
from secunda.adapters.fhir.values import Json, child, children, codes_of, text, texts

_CERTIFICATION_TYPE = "extension-certificationType"
CANCEL = "3"  # X12 1322
_SAYS_SOMETHING = ("Condition", "Observation", "Procedure", "DiagnosticReport", "DocumentReference", "ServiceRequest")


def refuse_other_purposes(bundle: Json, entries: Entries) -> None:
    """Raise BundleError for a payer's answer, an inquiry about an earlier request, or the cancellation of one."""
    answers = entries.of("ClaimResponse")
    if answers and not entries.of("Claim", *_SAYS_SOMETHING):
        raise _refusal(answers[0], "is a payer's answer, not a request", "Send the request bundle (with the Claim).")
    replaced = _replaced(entries)
    for claim in entries.of("Claim"):
        if _inquires(bundle, claim):
            raise _refusal(
                claim, "asks about an earlier request", "Look the case up by its reference instead of launching one."
            )
        if claim.number not in replaced and CANCEL in _certification(claim.resource):
            raise _refusal(claim, "cancels an earlier request", "Withdraw the case by its reference instead.")


def _inquires(bundle: Json, claim: Entry) -> bool:
    profiles = texts(child(bundle, "meta"), "profile") + texts(child(claim.resource, "meta"), "profile")
    return any("inquiry" in profile for profile in profiles)


def _replaced(entries: Entries) -> set[int]:
    """The numbers of the claims that another one replaces."""
    claims = entries.of("Claim")
    related = ((claim, one) for claim in claims for one in children(claim.resource, "related"))
    targets = (entries.find(one.get("claim"), claim) for claim, one in related)
    return {target.number for target in targets if target is not None}


def _certification(resource: Json) -> set[str]:
    found = [one for one in children(resource, "extension") if text(one, "url").endswith(_CERTIFICATION_TYPE)]
    return {code for one in found for code in codes_of(child(one, "valueCodeableConcept"))}


def _refusal(entry: Entry, what: str, remedy: str) -> BundleError:
    problem = Problem(entry.pointer, expression(entry.type, entry.number, ()), what)
    return BundleError(f"The bundle is no request for care: its {entry.type} {what}.", remedy, (problem,))
