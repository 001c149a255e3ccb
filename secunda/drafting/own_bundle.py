"""The FHIR bundle of a case whose papers came without one: the patient as typed, and the diagnoses."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from pathways.vocabulary import CodeSystem, Coding

SYSTEMS = {
    CodeSystem.ICD_10: "http://hl7.org/fhir/sid/icd-10-cm",
    CodeSystem.SNOMED_CT: "http://snomed.info/sct",
    CodeSystem.ORPHA: "http://www.orpha.net",
}
BASE = "urn:uuid:5ec0da00-0000-4000-9000-"


@dataclass(frozen=True)
class TypedPatient:
    """The patient as a coordinator types them."""

    family_name: str
    given_name: str
    birth_date: date | None
    sex: str
    identifier: str = ""
    email: str = ""
    phone: str = ""


def bundle_of(patient: TypedPatient, diagnoses: Iterable[Coding]) -> bytes:
    """FHIR R4 JSON; the same words give the same bytes."""
    person: dict[str, Any] = {
        "resourceType": "Patient",
        "name": [{"family": patient.family_name, "given": patient.given_name.split()}],
        "gender": patient.sex or "unknown",
        "telecom": [
            {"system": system, "value": value}
            for system, value in (("email", patient.email), ("phone", patient.phone))
            if value
        ],
    }
    if patient.birth_date:
        person["birthDate"] = patient.birth_date.isoformat()
    if patient.identifier:
        person["identifier"] = [{"system": "urn:secunda:patient", "value": patient.identifier}]
    found = [person, *(_condition(one) for one in diagnoses)]
    entries = [{"fullUrl": f"{BASE}{number:012d}", "resource": one} for number, one in enumerate(found, 1)]
    bundle = {"resourceType": "Bundle", "type": "collection", "entry": entries}
    return json.dumps(bundle, ensure_ascii=False, sort_keys=True).encode()


def _condition(coding: Coding) -> dict[str, Any]:
    return {
        "resourceType": "Condition",
        "clinicalStatus": {"coding": [{"code": "active"}]},
        "code": {"coding": [{"system": SYSTEMS[coding.system], "code": coding.code}]},
        "subject": {"reference": f"{BASE}{1:012d}"},
    }
