"""Consents of the patient. Source: FHIR R4 Consent."""

from secunda.adapters.fhir.entries import Entry
from secunda.adapters.fhir.incoming import IncomingConsent
from secunda.adapters.fhir.values import child, children, codes_of, text, to_datetime


def read_consents(entries: list[Entry]) -> tuple[IncomingConsent, ...]:
    """The consents in force, among `entries`; a provision of type `deny` at the top means that it does not permit."""
    return tuple(
        _consent(entry) for entry in entries if entry.type == "Consent" and text(entry.resource, "status") == "active"
    )


def _consent(entry: Entry) -> IncomingConsent:
    resource = entry.resource
    provision = child(resource, "provision")
    opted_out = any("optout" in code.lower() for code in codes_of(child(resource, "policyRule")))
    return IncomingConsent(
        pointer=entry.pointer,
        permits=text(provision, "type") != "deny" and not opted_out,
        scope=next(iter(sorted(codes_of(child(resource, "scope")))), ""),
        categories=tuple(sorted(code for one in children(resource, "category") for code in codes_of(one))),
        given_at=to_datetime(resource.get("dateTime")),
        expires_at=to_datetime(child(provision, "period").get("end")),
    )
