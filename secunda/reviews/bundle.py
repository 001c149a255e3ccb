"""A FHIR R4 bundle for a payer that sends plain fields, and the question added to a bundle that asks nothing."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from secunda.reviews.asked import Code

Json = dict[str, Any]
LOINC = "http://loinc.org"
SECOND_OPINION = "47040-1"
REFERENCES = "urn:secunda:payer-reference"
ASKS = {"ServiceRequest", "Claim"}
BASE = "urn:uuid:5ec0da00-0000-4000-8000-"


@dataclass(frozen=True)
class Person:
    """The patient as a payer knows them."""

    family_name: str = field(repr=False)
    given_names: tuple[str, ...] = field(repr=False)
    birth_date: date = field(repr=False)
    sex: str = "unknown"
    identifiers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    email: str = field(default="", repr=False)
    phone: str = field(default="", repr=False)
    language: str = ""


@dataclass(frozen=True)
class Question:
    """What the payer wants reviewed."""

    payer_reference: str
    procedure: Code = field(repr=False)
    diagnoses: tuple[Code, ...] = field(repr=False)
    planned_on: date | None = None


def bundle_of(person: Person, question: Question) -> bytes:
    """The patient, their diagnoses and the request, as a collection."""
    patient = _url(1)
    conditions = [(_url(100 + number), _condition(one, patient)) for number, one in enumerate(question.diagnoses)]
    request = (_url(2), _request(question, patient))
    return _bytes([(patient, _patient(person)), *conditions, request])


def with_question(bundle: Json, question: Question) -> bytes:
    """The payer's own bundle; the request is added where it has none and names its patient."""
    entries = bundle.get("entry")
    found = [one for one in entries if isinstance(one, dict)] if isinstance(entries, list) else []
    types = [one["resource"].get("resourceType") for one in found if isinstance(one.get("resource"), dict)]
    patients = [one for one, kind in zip(found, types, strict=False) if kind == "Patient"]
    url = patients[0].get("fullUrl") if len(patients) == 1 and len(types) == len(found) else None
    if ASKS & {kind for kind in types if isinstance(kind, str)} or not isinstance(url, str):
        return json.dumps(bundle, ensure_ascii=False).encode()
    added = [{"fullUrl": _url(2), "resource": _request(question, url)}]
    return json.dumps(bundle | {"entry": [*found, *added]}, ensure_ascii=False).encode()


def _bytes(entries: Iterable[tuple[str, Json]]) -> bytes:
    listed = [{"fullUrl": url, "resource": resource} for url, resource in entries]
    return json.dumps({"resourceType": "Bundle", "type": "collection", "entry": listed}, ensure_ascii=False).encode()


def _url(number: int) -> str:
    return f"{BASE}{number:012d}"


def _patient(person: Person) -> Json:
    telecom = [("email", person.email), ("phone", person.phone)]
    found: Json = {
        "resourceType": "Patient",
        "name": [{"family": person.family_name, "given": list(person.given_names)}],
        "gender": person.sex,
        "birthDate": person.birth_date.isoformat(),
        "identifier": [{"system": system, "value": value} for system, value in person.identifiers],
        "telecom": [{"system": system, "value": value} for system, value in telecom if value],
        "communication": [{"language": {"coding": [{"system": "urn:ietf:bcp:47", "code": person.language}]}}]
        if person.language
        else [],
    }
    return {name: value for name, value in found.items() if value}


def _condition(code: Code, patient: str) -> Json:
    status = "http://terminology.hl7.org/CodeSystem/condition-clinical"
    return {
        "resourceType": "Condition",
        "clinicalStatus": {"coding": [{"system": status, "code": "active"}]},
        "code": _concept(code),
        "subject": {"reference": patient},
    }


def _request(question: Question, patient: str) -> Json:
    found: Json = {
        "resourceType": "ServiceRequest",
        "identifier": [{"system": REFERENCES, "value": question.payer_reference}],
        "status": "active",
        "intent": "order",
        "category": [_concept(Code(LOINC, SECOND_OPINION))],
        "code": _concept(question.procedure),
        "subject": {"reference": patient},
        "reasonCode": [_concept(one) for one in question.diagnoses],
        "occurrenceDateTime": question.planned_on.isoformat() if question.planned_on else "",
    }
    return {name: value for name, value in found.items() if value}


def _concept(code: Code) -> Json:
    coding = {"system": code.system, "code": code.code, "display": code.display}
    return {"coding": [{name: value for name, value in coding.items() if value}]}
