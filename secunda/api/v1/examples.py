"""Examples for the OpenAPI file: made-up people, real codes."""

from typing import Any

REVIEW_IN: dict[str, Any] = {
    "payer_reference": "PA-2026-000117",
    "procedure": {"system": "http://www.ama-assn.org/go/cpt", "code": "27447", "display": "Total knee arthroplasty"},
    "planned_on": "2027-02-15",
    "diagnoses": [{"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "M17.11"}],
    "patient": {
        "family_name": "Example",
        "given_names": ["Maria"],
        "birth_date": "1958-03-14",
        "sex": "female",
        "identifiers": [{"system": "urn:example:member", "value": "M-445-1192"}],
        "email": "maria@example.org",
        "phone": "+34600000001",
        "language": "es",
    },
    "questions": ["Is a total knee replacement the best option now?"],
    "operating_site": "Hospital of Example",
}
WITHDRAW_IN: dict[str, Any] = {"reason": "The surgery was cancelled."}
UPLOAD_IN: dict[str, Any] = {
    "filename": "knee.dcm",
    "media_type": "application/dicom",
    "loinc": "24802-1",
    "length": 52428800,
}
CREDENTIAL_IN: dict[str, Any] = {"kind": "api_key"}
WEBHOOK_IN: dict[str, Any] = {"url": "https://hooks.example.org/secunda", "event_types": ["review.stage_changed"]}
