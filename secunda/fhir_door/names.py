"""Canonical names that the door reads and writes, and the small FHIR data types that are built all the time."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

Json = dict[str, Any]

MEDIA_TYPE = "application/fhir+json"
PAS = "http://hl7.org/fhir/us/davinci-pas/StructureDefinition/"
CDEX = "http://hl7.org/fhir/us/davinci-cdex/StructureDefinition/"
BACKPORT = "http://hl7.org/fhir/uv/subscriptions-backport/StructureDefinition/"
PAS_TOPIC = "http://hl7.org/fhir/us/davinci-pas/SubscriptionTopic/PASSubscriptionTopic"
TERMINOLOGY = "http://terminology.hl7.org/CodeSystem/"
PAS_CODES = "http://hl7.org/fhir/us/davinci-pas/CodeSystem/PASTempCodes"
LOINC = "http://loinc.org"
X12_REVIEW_ACTION = "https://codesystem.x12.org/005010/306"
SECOND_OPINION = "47040-1"  # LOINC "Consultation 2nd opinion"

# Secunda's own. URNs, so that they stay the same wherever an installation is reached.
CASE_REFERENCE = "urn:secunda:case"
PAYER = "urn:secunda:payer"
CLOCK = "urn:secunda:fhir:determination-clock"
CONCORDANCE = "urn:secunda:fhir:concordance"
STAGE = "urn:secunda:fhir:stage"
SUPPORTING = "urn:secunda:fhir:supporting-document"


def concept(system: str, code: str, display: str = "", text: str = "") -> Json:
    """A CodeableConcept with one coding."""
    coding = {"system": system, "code": code} | ({"display": display} if display else {})
    return {"coding": [coding]} | ({"text": text} if text else {})


def loinc(code: str, display: str = "") -> Json:
    return concept(LOINC, code, display)


def extension(url: str, **value: Any) -> Json:
    """`extension(url, valueString="…")`, or `extension(url, extension=[…])`."""
    return {"url": url, **value}


def reference(to: str, display: str = "") -> Json:
    return {"reference": to} | ({"display": display} if display else {})


def case_identifier(case_reference: str) -> Json:
    return {"system": CASE_REFERENCE, "value": case_reference}


def instant(at: datetime) -> str:
    """FHIR instant and dateTime: UTC, to the second."""
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def day(on: date) -> str:
    return on.isoformat()


def hours(length: timedelta) -> Json:
    """FHIR Duration (UCUM), rounded to a hundredth of an hour."""
    value = round(length.total_seconds() / 3600, 2)
    return {"value": value, "unit": "h", "system": "http://unitsofmeasure.org", "code": "h"}


def meta(version: int | str, updated_at: datetime, *profiles: str) -> Json:
    """Version and time of change, which the headers ETag and Last-Modified repeat."""
    said: Json = {"versionId": str(version), "lastUpdated": instant(updated_at)}
    return said | ({"profile": list(profiles)} if profiles else {})


def without_empty(resource: Json) -> Json:
    """The resource without elements that are empty: FHIR has no empty elements."""
    return {name: value for name, value in resource.items() if value not in (None, "", [], {})}
