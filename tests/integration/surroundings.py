"""What a case needs around it: a directory of experts for its pathway, and the smallest bundle that enters it."""

import json
from collections.abc import Iterable
from typing import Any

from models import Expert
from pathways import loader
from pathways.vocabulary import Specialty
from secunda.actions.launch import Request, launch
from secunda.db import transaction
from secunda.demo.writing import example_questions

ICD_10 = "http://hl7.org/fhir/sid/icd-10-cm"

# A condition that enters each pathway; with it the panel is a small one.
CONDITIONS: dict[Specialty, str] = {
    Specialty.ONCOLOGY: "C18.7",
    Specialty.CARDIOLOGY: "I25.1",
    Specialty.ORTHOPEDICS: "M17.1",
    Specialty.RARE_DISEASE: "E75.2",
    Specialty.NEUROLOGY: "G35",
    Specialty.RADIOLOGY: "R91.1",
    Specialty.CHRONIC_DISEASE: "E11.9",
}
MANNERS = ("first", "second", "third")


def bundle(condition: str, **patient: Any) -> bytes:
    """A FHIR R4 bundle with one patient and one condition (ICD-10)."""
    person = {
        "resourceType": "Patient",
        "id": "p",
        "identifier": [{"system": "https://example.org/cip", "value": "MARC-0610504"}],
        "name": [{"family": "Marcador Prova", "given": ["Núria"]}],
        "gender": "female",
        "birthDate": "1961-05-04",
        "telecom": [
            {"system": "email", "value": "nuria@example.org"},
            {"system": "phone", "value": "+34600000001", "use": "mobile"},
        ],
        **patient,
    }
    found = {
        "resourceType": "Condition",
        "id": "c",
        "clinicalStatus": {"coding": [{"code": "active"}]},
        "code": {"coding": [{"system": ICD_10, "code": condition}]},
        "subject": {"reference": "Patient/p"},
    }
    entries = [
        {"fullUrl": f"https://example.org/{one['resourceType']}/{one['id']}", "resource": one}
        for one in (person, found)
    ]
    return json.dumps({"resourceType": "Bundle", "type": "collection", "entry": entries}).encode()


def launch_case(specialty: Specialty = Specialty.CARDIOLOGY, condition: str = "", **values: Any) -> str:
    """Launch the smallest case of a pathway; returns its reference."""
    asked: dict[str, Any] = {
        "specialty": specialty,
        "requester": "Hospital Remitente",
        "requester_email": "requester@example.org",
        "language": "en",
        "questions": example_questions(specialty, values.get("language", "en")),
    }
    request = Request(**{**asked, **values})
    return launch(bundle(condition or CONDITIONS[specialty]), request, "coordinator:ana").reference


def an_expert_of(specialty: Specialty, role: str, manner: str = "first", **values: Any) -> Expert:
    """Somebody who may take that role of the shipped pathway; `first` fits better than `second`."""
    panel = loader.load(specialty).pathway.panel
    roles = (*panel.roles, *([panel.extra_reader] if panel.extra_reader else []))
    found = next(one for one in roles if one.key == role)
    code = f"{role}:{manner}"
    place = MANNERS.index(manner) if manner in MANNERS else len(MANNERS)
    given: dict[str, Any] = {
        "code": code.replace(":", "-")[:40],
        "name": f"{manner.title()} {role.title()}",
        "email": f"{manner}.{role}@example.org",
        "phone": "+34600000002",
        "subspecialties": [found.subspecialties[0]],
        "languages": ["en", "es"],
        "institution": f"{manner}{role}",
        "licences": [{"country": country, "valid_until": "2090-12-31"} for country in ("ES", "US", "DE")],
        "practising_since": "2000-01-01",
        "quality": 0.9 - 0.2 * place,
        "capacity": 5,
    }
    return Expert.model_validate({**given, **values})


def employ(specialty: Specialty, manners: Iterable[str] = MANNERS[:2], roles: Iterable[str] = ()) -> None:
    """Fill the directory: for every role of the pathway (or only these) an expert of each manner."""
    panel = loader.load(specialty).pathway.panel
    known = [role.key for role in (*panel.roles, *([panel.extra_reader] if panel.extra_reader else []))]
    with transaction() as session:
        session.add_all(an_expert_of(specialty, role, manner) for role in (list(roles) or known) for manner in manners)
