"""What a payer's own systems have looked at and done, as AuditEvent (FHIR R4)."""

from models import Event
from secunda.fhir_door.names import Json, case_identifier, instant, reference

_TYPE = {"system": "http://terminology.hl7.org/CodeSystem/audit-event-type", "code": "rest", "display": "RESTful"}
_INTERACTIONS = "http://hl7.org/fhir/restful-interaction"
READ = "read"  # the kind of event that a look at patient data leaves


def audit_event(event: Event, case_reference: str) -> Json:
    """One event of a case that a client of the payer caused."""
    is_read = event.kind == READ
    what = str(event.data.get("what", "")) if is_read else event.kind
    return {
        "resourceType": "AuditEvent",
        "id": str(event.id),
        "meta": {"versionId": "1", "lastUpdated": instant(event.at)},
        "type": _TYPE,
        "subtype": [{"system": _INTERACTIONS, "code": "read" if is_read else "operation"}],
        "action": "R" if is_read else "E",
        "recorded": instant(event.at),
        "outcome": "0",
        "agent": [{"who": {"display": event.actor}, "requestor": True}],
        "source": {"observer": {"display": "Secunda"}},
        "entity": [
            {
                "what": reference(f"ServiceRequest/{case_reference}") | {"identifier": case_identifier(case_reference)},
                "description": what.replace("_", " "),
            }
        ],
    }
