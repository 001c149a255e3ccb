"""Small rows for tests; each maker fills what a test does not care about."""

import itertools
from datetime import UTC, date, datetime
from typing import Any

from sqlmodel import Session

from models import Case, Expert, PathwayVersion, Patient

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)  # a Monday
_count = itertools.count(1)


def a_patient(session: Session, **values: Any) -> Patient:
    number = next(_count)
    patient = Patient(
        **{
            "identity_digest": f"digest-{number}",
            "given_name": "Núria",
            "family_name": "Marcador",
            "birth_date": date(1961, 5, 4),
            "sex": "female",
            "email": "nuria.marcador@example.org",
            "phone": "+34600000000",
            **values,
        }
    )
    session.add(patient)
    session.flush()
    return patient


def a_pathway_version(session: Session, **values: Any) -> PathwayVersion:
    content = {"hash": f"{next(_count):064x}", "specialty": "oncology", "version": "1.0.0", "first_used_at": NOW}
    version = PathwayVersion(**{**content, **values})
    session.add(version)
    session.flush()
    return version


def a_case(session: Session, **values: Any) -> Case:
    number = next(_count)
    defaults: dict[str, Any] = {
        "reference": f"SO-TEST-{number:04d}",
        "request_digest": f"request-{number}",
        "specialty": "oncology",
        "launched_at": NOW,
    }
    if "patient_id" not in values:
        defaults["patient_id"] = a_patient(session).id
    if "pathway_hash" not in values:
        defaults["pathway_hash"] = a_pathway_version(session).hash
    case = Case(**{**defaults, **values})
    session.add(case)
    session.flush()
    return case


def an_expert(session: Session, **values: Any) -> Expert:
    number = next(_count)
    expert = Expert(
        **{
            "code": f"expert-{number}",
            "name": f"Dra. Experta {number}",
            "email": f"expert{number}@example.org",
            "languages": ["es", "en"],
            "licences": [{"country": "ES", "valid_until": "2030-12-31"}],
            "institution": f"Hospital {number}",
            **values,
        }
    )
    session.add(expert)
    session.flush()
    return expert
