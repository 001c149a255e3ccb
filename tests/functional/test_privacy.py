"""Nothing of a patient leaves the domain store: markers are planted in a bundle and looked for everywhere else."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.engine import make_url

from pathways.vocabulary import Specialty
from secunda import postgres as postgres_module
from secunda.actions.launch import Request, launch
from secunda.postgres import EmbeddedPostgres
from tests.functional import carrying
from tests.functional.conftest import System

pytestmark = [pytest.mark.system, pytest.mark.xdist_group("test_privacy")]

MARKERS = {
    "given": "Zenobiamarker",
    "family": "Quetzalmarker",
    "identifier": "MARKID778899",
    "birth_date": "1957-03-19",
    "street": "Carrer del Marcador 41",
    "email": "zenobia.marker@example.org",
    "phone": "+34699887766",
    "question": "Markerquestion about the hip?",
}


def marked_bundle(specialty: Specialty) -> bytes:
    bundle: dict[str, Any] = json.loads((carrying.BUNDLES / f"{specialty}.json").read_text(encoding="utf-8"))
    patient = next(entry["resource"] for entry in bundle["entry"] if entry["resource"]["resourceType"] == "Patient")
    patient["name"] = [{"given": [MARKERS["given"]], "family": MARKERS["family"]}]
    patient["identifier"] = [{"system": "urn:oid:1.2.3", "value": MARKERS["identifier"]}]
    patient["birthDate"] = MARKERS["birth_date"]
    patient["address"] = [{"line": [MARKERS["street"]], "city": "Girona"}]
    patient["telecom"] = [
        {"system": "email", "value": MARKERS["email"]},
        {"system": "phone", "value": MARKERS["phone"]},
    ]
    return json.dumps(bundle, ensure_ascii=False).encode()


def dump(server: EmbeddedPostgres, url: str) -> str:
    """The whole database as SQL text."""
    database = make_url(url).database or ""
    program = postgres_module._programs() / "pg_dump"
    command = [str(program), "-h", str(server.socket_folder), "-U", "postgres", "--inserts", database]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def leaks(text: str, *, allowed: frozenset[str] = frozenset()) -> list[str]:
    return [name for name, marker in MARKERS.items() if marker in text and name not in allowed]


def test_no_patient_datum_is_outside_the_domain_store(
    fast_clock: None, system: System, postgres: EmbeddedPostgres, home: Path
) -> None:
    carrying.import_example_experts()
    system.start_worker()
    specialty = Specialty.ORTHOPEDICS
    request = Request(
        specialty=specialty,
        requester="Requester",
        requester_email="requester@example.org",
        questions=(MARKERS["question"],),
        language="en",
    )
    reference = launch(marked_bundle(specialty), request, "test").reference
    carrying.carry({reference: carrying.script(specialty)}, lambda: carrying.all_closed([reference]))

    domain = dump(postgres, system.environment["SECUNDA_DATABASE_URL"])
    assert set(leaks(domain)) == set(MARKERS)  # the search itself works

    assert leaks(dump(postgres, system.environment["PREFECT_API_DATABASE_CONNECTION_URL"])) == []

    addressees = frozenset({"email", "phone"})  # who a message is sent to stands on it
    for path, content in carrying.files_under(home).items():
        if path.is_relative_to(home / "documents"):
            continue  # the domain store's own files
        allowed = addressees if path.is_relative_to(home / "outbox") else frozenset()
        assert leaks(content.decode(errors="replace"), allowed=allowed) == [], path.relative_to(home)
