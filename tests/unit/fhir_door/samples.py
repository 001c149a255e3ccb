"""The published Da Vinci PAS bundles, and a request of our own for where they are absent."""

import json
from collections.abc import Iterator
from copy import deepcopy
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from pathways.vocabulary import Concordance
from secunda.fhir_door.answer import (
    ClockShown,
    ConcordanceShown,
    PatientShown,
    ReportShown,
    ReviewAnswer,
    Wanted,
)
from secunda.fhir_door.names import PAS
from tests.conftest import TEST_DATA

Json = dict[str, Any]
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
FOLDER = TEST_DATA / "davinci-pas"
CPT = "http://www.ama-assn.org/go/cpt"
REPORT_ID = "0b321e9e-571b-4f83-8cea-fa23424383bb"


def published() -> list[Path]:
    return sorted(FOLDER.glob("*/*.json"))


def requests() -> list[Path]:
    """Those whose first entry is a Claim."""
    return [path for path in published() if _is_request(json.loads(path.read_text(encoding="utf-8")))]


def _is_request(bundle: Json) -> bool:
    entries = bundle.get("entry") or []
    return bool(entries) and entries[0]["resource"]["resourceType"] == "Claim"


def claim_bundle(identifier: str = "111099", code: str = "27447", **claim: Any) -> Json:
    """A knee prosthesis that is asked for; `claim` replaces elements of the Claim, or adds to them."""
    resources: list[Json] = [
        {
            "resourceType": "Claim",
            "id": "request",
            "meta": {"profile": [f"{PAS}profile-claim"]},
            "identifier": [{"system": "https://payer.example/claims", "value": identifier}],
            "status": "active",
            "type": {
                "coding": [{"system": "http://terminology.hl7.org/CodeSystem/claim-type", "code": "professional"}]
            },
            "use": "preauthorization",
            "patient": {"reference": "Patient/patient"},
            "created": "2026-03-01",
            "insurer": {"reference": "Organization/insurer"},
            "provider": {"reference": "Organization/hospital"},
            "priority": {"coding": [{"code": "normal"}]},
            "diagnosis": [
                {
                    "sequence": 1,
                    "diagnosisCodeableConcept": {
                        "coding": [{"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "M17.11"}]
                    },
                }
            ],
            "insurance": [{"sequence": 1, "focal": True, "coverage": {"reference": "Coverage/coverage"}}],
            "item": [an_item(1, code)],
            **claim,
        },
        {
            "resourceType": "Patient",
            "id": "patient",
            "identifier": [{"system": "https://payer.example/members", "value": "M-0610504"}],
            "name": [{"family": "Marcador Prova", "given": ["Núria"]}],
            "gender": "female",
            "birthDate": "1961-05-04",
        },
        {"resourceType": "Organization", "id": "insurer", "name": "Mutua de Ejemplo"},
        {"resourceType": "Organization", "id": "hospital", "name": "Hospital Solicitante"},
        {
            "resourceType": "Coverage",
            "id": "coverage",
            "status": "active",
            "beneficiary": {"reference": "Patient/patient"},
            "payor": [{"reference": "Organization/insurer"}],
        },
    ]
    return {
        "resourceType": "Bundle",
        "meta": {"profile": [f"{PAS}profile-pas-request-bundle"]},
        "type": "collection",
        "entry": [
            {"fullUrl": f"https://payer.example/fhir/{one['resourceType']}/{one['id']}", "resource": one}
            for one in resources
        ],
    }


def an_item(sequence: int, code: str, **more: Any) -> Json:
    return {
        "sequence": sequence,
        "productOrService": {"coding": [{"system": CPT, "code": code}]},
        "servicedDate": "2026-05-04",
        **more,
    }


def encoded(bundle: Json) -> bytes:
    return json.dumps(bundle).encode()


def an_answer(**values: Any) -> ReviewAnswer:
    """A pended knee prosthesis that still waits for two papers."""
    usual: Json = {
        "reference": "SO-TEST-0001",
        "payer": "mutua",
        "payer_reference": "https://payer.example/claims|111099",
        "version": 2,
        "created_at": NOW,
        "updated_at": NOW,
        "certification": "pended",
        "reason": "",
        "stage": "Awaiting documents",
        "is_open": True,
        "procedure": (CPT, "27447"),
        "planned_on": date(2026, 5, 4),
        "diagnoses": ({"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "M17.11", "display": ""},),
        "patient": PatientShown((("https://payer.example/members", "M-0610504"),), "Núria Marcador"),
        "items": (
            {"sequence": 1, "trace": None, "service": an_item(1, "27447")["productOrService"], "state": "pended"},
        ),
        "clock": ClockShown("72 hours (CMS-0057-F)", NOW + timedelta(hours=72), timedelta(hours=70, minutes=5)),
        "wanted": (
            Wanted("consent", "Patient's consent", ("59284-0",)),
            Wanted("knee_mri", "MRI of the knee", ("24802-1",), owed=False),
        ),
        "bundle": deepcopy(claim_bundle()),
    }
    return ReviewAnswer(**(usual | values))


def a_final_answer(**values: Any) -> ReviewAnswer:
    return an_answer(
        **{
            "is_open": False,
            "stage": "Closed",
            "wanted": (),
            "concordance": ConcordanceShown(Concordance.CONFIRMED, Concordance.CHANGED, "uncertain", dissent=True),
            "report": ReportShown(REPORT_ID, 1, "en", "ab" * 32, 30_000, 4, NOW),
            **values,
        }
    )


def elements(resource: Any) -> Iterator[Any]:
    """Everything inside."""
    yield resource
    inner = resource.values() if isinstance(resource, dict) else resource if isinstance(resource, list) else ()
    for one in inner:
        yield from elements(one)
