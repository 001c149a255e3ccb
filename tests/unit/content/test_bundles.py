"""The invented bundles are valid FHIR R4, small, and fit the pathway of their name."""

import base64
import json
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from fhir.resources.R4B.bundle import Bundle
from pypdf import PdfReader

from pathways.eligibility import fits_any
from pathways.loader import load
from pathways.terminology import document_types
from pathways.terminology.check_digits import is_loinc, is_snomed_ct
from pathways.vocabulary import CodeSystem, Coding

FILES = sorted((Path(__file__).parents[3] / "examples" / "bundles").glob("*.json"))
SYSTEMS = {
    "http://snomed.info/sct": CodeSystem.SNOMED_CT,
    "http://hl7.org/fhir/sid/icd-10": CodeSystem.ICD_10,
    "http://www.orpha.net": CodeSystem.ORPHA,
}
every_bundle = pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)


def _resources(file: Path) -> list[dict[str, Any]]:
    return [entry["resource"] for entry in json.loads(file.read_text(encoding="utf-8"))["entry"]]


def _codings(resources: list[dict[str, Any]]) -> list[dict[str, str]]:
    return [coding for one in resources for key in ("code", "type") for coding in one.get(key, {}).get("coding", ())]


def test_the_demonstration_has_its_four_bundles() -> None:
    assert [file.stem for file in FILES] == ["cardiology", "oncology", "orthopedics", "rare_disease"]


@every_bundle
def test_a_bundle_is_a_small_valid_transaction(file: Path) -> None:
    bundle = Bundle.model_validate_json(file.read_text(encoding="utf-8"))
    assert bundle.type == "transaction" and 10 <= len(bundle.entry or []) <= 25
    assert [one["resourceType"] for one in _resources(file)].count("Patient") == 1


@every_bundle
def test_a_bundle_fits_its_pathway(file: Path) -> None:
    pathway = load(file.stem).pathway
    conditions = [one for one in _resources(file) if one["resourceType"] == "Condition"]
    codes = [
        Coding(system=SYSTEMS[c["system"]], code=c["code"]) for c in _codings(conditions) if c["system"] in SYSTEMS
    ]
    assert fits_any(pathway.eligibility.codes, codes[0])
    born = next(one["birthDate"] for one in _resources(file) if one["resourceType"] == "Patient")
    ages = pathway.eligibility.ages
    assert ages.from_ <= 2026 - date.fromisoformat(born).year <= ages.to


@every_bundle
def test_the_codes_of_a_bundle_have_right_check_digits(file: Path) -> None:
    codings = _codings(_resources(file))
    assert [c for c in codings if c["system"] == "http://loinc.org" and not is_loinc(c["code"])] == []
    assert [c for c in codings if c["system"] == "http://snomed.info/sct" and not is_snomed_ct(c["code"])] == []


@every_bundle
def test_the_documents_of_a_bundle_are_known_and_can_be_opened(file: Path) -> None:
    documents = [one for one in _resources(file) if one["resourceType"] == "DocumentReference"]
    kinds = set()
    for one in documents:
        attachment = one["content"][0]["attachment"]
        content = base64.b64decode(attachment["data"])
        assert len(content) == attachment["size"] < 10_000
        assert one["type"]["coding"][0]["code"] in document_types()
        kinds.add(attachment["contentType"])
        if attachment["contentType"] == "application/pdf":
            assert len(PdfReader(BytesIO(content)).pages[0].extract_text()) > 50
        else:
            assert content.decode().strip()
    assert kinds == {"application/pdf", "text/plain"}


@every_bundle
def test_addresses_in_a_bundle_are_invented(file: Path) -> None:
    points = [point for one in _resources(file) for point in one.get("telecom", ())]
    assert points
    assert all(p["value"].startswith("+34555") or p["value"].endswith("example.org") for p in points)
