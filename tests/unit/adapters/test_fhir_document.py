"""A report as a FHIR document: valid, whole, telling what the printed report tells, and the same every time."""

import json
import re
from collections.abc import Iterator
from html import unescape
from typing import Any

import pytest
from fhir.resources.R4B.bundle import Bundle

from secunda.adapters.fhir.document.build import document_bundle, document_bytes
from secunda.reporting.content import Amendment, ReportContent
from tests.unit.reporting.samples import NAMES, minimal, sample

Json = dict[str, Any]


@pytest.fixture(scope="module", params=[*NAMES, "minimal"])
def content(request: pytest.FixtureRequest) -> ReportContent:
    return minimal() if request.param == "minimal" else sample(request.param)


def of_type(bundle: Json, kind: str) -> list[Json]:
    return [entry["resource"] for entry in bundle["entry"] if entry["resource"]["resourceType"] == kind]


def references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("reference"), str):
            yield value["reference"]
        value = list(value.values())
    for one in value if isinstance(value, list) else ():
        yield from references(one)


def narrated(bundle: Json) -> str:
    divs = [section["text"]["div"] for section in of_type(bundle, "Composition")[0]["section"] if "text" in section]
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", " ".join(divs))))


@pytest.mark.parametrize("language", ["es", "en", "de"])
def test_the_document_is_valid(content: ReportContent, language: str) -> None:
    Bundle.model_validate(document_bundle(content, language))


def test_it_begins_with_the_composition_and_every_reference_leads_to_an_entry(content: ReportContent) -> None:
    bundle = document_bundle(content, "en")
    first = bundle["entry"][0]["resource"]
    assert (bundle["type"], first["resourceType"]) == ("document", "Composition")
    assert first["type"]["coding"][0]["code"] == "47040-1"
    here = [entry["fullUrl"] for entry in bundle["entry"]]
    assert len(set(here)) == len(here)
    assert set(references(bundle)) <= set(here)


def test_the_report_and_the_composition_have_a_provenance_with_every_author_and_every_document(
    content: ReportContent,
) -> None:
    bundle = document_bundle(content, "en")
    (provenance,) = of_type(bundle, "Provenance")
    kinds = {entry["fullUrl"]: entry["resource"]["resourceType"] for entry in bundle["entry"]}
    assert [kinds[one] for one in references(provenance["target"])] == ["Composition", "DiagnosticReport"]
    assert [kinds[one] for one in references(provenance["agent"])] == [
        *["PractitionerRole"] * len(content.panel),
        "Organization",
    ]
    assert [kinds[one] for one in references(provenance["entity"])] == ["DocumentReference"] * len(content.documents)
    assert content.pathway.hash in provenance["policy"][0]


def test_what_the_experts_wrote_is_told_whole(content: ReportContent) -> None:
    told = narrated(document_bundle(content, "en"))
    written = [
        content.limits,
        *(one.answer for one in content.questions),
        *(one.text for one in content.recommendations),
        *(citation.reference for one in content.recommendations for citation in one.citations),
        *(one.text for one in content.findings),
        *(one.reason for one in content.missing_documents),
    ]
    assert [text for text in written if re.sub(r"\s+", " ", text).strip() not in told] == []


def test_the_panels_position_is_coded(content: ReportContent) -> None:
    coded = {
        one["code"]["coding"][0]["code"]: one["valueCodeableConcept"]["coding"][0]["code"]
        for one in of_type(document_bundle(content, "en"), "Observation")
    }
    assert content.diagnosis_concordance and content.treatment_concordance
    assert coded["diagnosis-concordance"] == content.diagnosis_concordance.value
    assert coded["treatment-concordance"] == content.treatment_concordance.value


def test_equal_content_gives_equal_bytes_and_another_version_another_document() -> None:
    content = sample("oncology")
    assert document_bytes(content, "es") == document_bytes(sample("oncology"), "es")
    later = content.model_copy(update={"version": content.version + 1})
    assert document_bundle(later, "es")["id"] != document_bundle(content, "es")["id"]


def test_an_amended_report_names_the_version_that_it_replaces() -> None:
    amendment = Amendment(replaces_version=1, reason="The dose was wrong.")
    bundle = document_bundle(minimal().model_copy(update={"version": 2, "amendment": amendment}), "en")
    (composition,) = of_type(bundle, "Composition")
    assert (composition["status"], of_type(bundle, "DiagnosticReport")[0]["status"]) == ("amended", "amended")
    assert composition["relatesTo"][0]["targetIdentifier"]["value"] == f"{minimal().reference}/1"
    assert "The dose was wrong." in narrated(bundle)


def test_a_hostile_text_stays_text() -> None:
    content = minimal().model_copy(update={"diagnosis": "<script>alert(1)</script>\x00\x07 & more"})
    bundle = document_bundle(content, "en")
    Bundle.model_validate(bundle)
    divs = [section["text"]["div"] for section in of_type(bundle, "Composition")[0]["section"] if "text" in section]
    assert not any("<script" in div for div in divs)
    assert "\\u0000" not in json.dumps(bundle)
    assert "<script>alert(1)</script>" in narrated(bundle)
