"""What this server can do: CapabilityStatement (`metadata`)."""

from datetime import datetime

from secunda import __version__
from secunda.fhir_door.names import MEDIA_TYPE, PAS, Json, instant
from secunda.fhir_door.search_parameters import OTHER_NAMES, REVIEW_NAMES

_PAS_OPERATION = "http://hl7.org/fhir/us/davinci-pas/OperationDefinition/Claim-"
_CDEX_OPERATION = "http://hl7.org/fhir/us/davinci-cdex/OperationDefinition/submit-attachment"
_GUIDES = (
    "http://hl7.org/fhir/us/davinci-pas/ImplementationGuide/hl7.fhir.us.davinci-pas",
    "http://hl7.org/fhir/us/davinci-cdex/ImplementationGuide/hl7.fhir.us.davinci-cdex",
    "http://hl7.org/fhir/uv/subscriptions-backport/ImplementationGuide/hl7.fhir.uv.subscriptions-backport",
)
_KINDS_OF_PARAMETER = {
    "_id": "token",
    "identifier": "token",
    "status": "token",
    "type": "token",
    "date": "date",
}
_PROFILES = {"ClaimResponse": (f"{PAS}profile-claimresponse",), "Task": (f"{PAS}profile-task",)}
_SMART = "http://terminology.hl7.org/CodeSystem/restful-security-service"


def capability_statement(base: str, at: datetime, token_url: str) -> Json:
    """`at`: since when it stands so; `token_url`: where a client signs in."""
    resources = [_resource(kind) for kind in REVIEW_NAMES if kind not in ("Subscription",)]
    return {
        "resourceType": "CapabilityStatement",
        "url": f"{base}/metadata",
        "version": __version__,
        "name": "SecundaInsurersDoor",
        "title": "Secunda: second opinions for insurers",
        "status": "active",
        "date": instant(at),
        "kind": "instance",
        "software": {"name": "Secunda", "version": __version__},
        "implementation": {"description": "Pre-surgery second-opinion reviews", "url": base},
        "fhirVersion": "4.0.1",
        "format": [MEDIA_TYPE, "application/json"],
        "implementationGuide": list(_GUIDES),
        "rest": [
            {
                "mode": "server",
                "documentation": "A payer sees its own reviews only; every look at patient data is recorded.",
                "security": _security(token_url),
                "resource": [_claim(), *resources, _binary(), _subscription()],
                "interaction": [
                    {"code": "transaction", "documentation": "One ServiceRequest of category LOINC 47040-1."}
                ],
                "operation": [{"name": "submit-attachment", "definition": _CDEX_OPERATION}],
            }
        ],
    }


def _security(token_url: str) -> Json:
    oauth = {
        "url": "http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris",
        "extension": [{"url": "token", "valueUri": token_url}],
    }
    service = {"coding": [{"system": _SMART, "code": "SMART-on-FHIR"}], "text": "OAuth 2.0 client credentials"}
    return {"cors": False, "service": [service], "extension": [oauth]}


def _claim() -> Json:
    operations = [
        {"name": "submit", "definition": f"{_PAS_OPERATION}submit"},
        {"name": "inquire", "definition": f"{_PAS_OPERATION}inquiry"},
    ]
    return {"type": "Claim", "supportedProfile": [f"{PAS}profile-claim"], "operation": operations}


def _resource(kind: str) -> Json:
    names = [*REVIEW_NAMES[kind], *OTHER_NAMES[kind]]
    found: Json = {
        "type": kind,
        "interaction": [{"code": "read"}, {"code": "search-type"}],
        "versioning": "versioned",
        "searchParam": [{"name": name, "type": _KINDS_OF_PARAMETER.get(name, "reference")} for name in names],
    }
    if kind in _PROFILES:
        found["supportedProfile"] = list(_PROFILES[kind])
    if kind == "Composition":
        definition = "http://hl7.org/fhir/OperationDefinition/Composition-document"
        found["operation"] = [{"name": "document", "definition": definition}]
    return found


def _binary() -> Json:
    return {"type": "Binary", "interaction": [{"code": "read"}]}


def _subscription() -> Json:
    codes = ("create", "read", "update", "delete", "search-type")
    return {
        "type": "Subscription",
        "interaction": [{"code": code} for code in codes],
        "versioning": "versioned-update",
        "documentation": "rest-hook; notifications hold the id of the ClaimResponse only.",
    }
