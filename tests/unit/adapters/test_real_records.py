"""Records that nobody here wrote: each attaches, launches, or is refused for the reason that is listed."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from secunda.adapters.fhir.bundle import read_bundle
from secunda.adapters.intake import take_in
from secunda.errors import BadInputError
from tests.conftest import TEST_DATA

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)

#: Files that are refused, by what the message says.
REFUSED = {
    "FRAGMENT_not_namespace_wellformed_Active_Problem.xml": "fragment",
    "emri_small_jpeg_2k_lossless_too_short.dcm": "truncated",
    "meta_missing_tsyntax.dcm": "truncated",
    "bundle-dtr.json": "STU3",
    "bundle-prior-auth.json": "STU3",
    "PAS_notification_example_full_resource.json": "history",
    "nonconformant_pas_bundle_v110.json": "no entries",
    "pas_claim.json": "single Claim",
    "conformant_pas_inquire_bundle_v110.json": "earlier request",
    "must_support_pa_inquire_request_payload_0.json": "earlier request",
    "claim_update_cancel_all_submit_payload_0.json": "cancels",
    "diagnosticreport-example.json": "no Patient",
}


def found(*patterns: str) -> list[Path]:
    return sorted(path for pattern in patterns for path in TEST_DATA.glob(pattern))


def by_name(paths: list[Path]) -> list[object]:
    if not paths:
        return [pytest.param(None, marks=pytest.mark.skip(f"no test data at {TEST_DATA}: set SECUNDA_TEST_DATA"))]
    return [pytest.param(path, id=path.name) for path in paths]


def expected_refusal(path: Path) -> str | None:
    if path.parent.parent.name == "davinci-pas" and "response" in path.name:
        return "payer's answer"
    if path.parent.name == "fhir-r4-examples" and path.name not in REFUSED:
        return "not a Bundle"
    return REFUSED.get(path.name)


@pytest.mark.parametrize("path", by_name(found("ccda/*/*", "dicom/*/*", "spanish-clinical-meddocan/*.txt")))
def test_a_file_attaches_or_says_why_not(path: Path, home: Path) -> None:
    reason = expected_refusal(path)
    if reason is None:
        taken = take_in(path)
        assert taken.file.path.stat().st_size == path.stat().st_size
        return
    with pytest.raises(BadInputError, match=reason) as caught:
        take_in(path)
    assert caught.value.remedy
    assert [one for one in home.rglob("*") if one.is_file()] == []


@pytest.mark.parametrize("path", by_name(found("synthea-r4/*.json", "davinci-pas/*/*.json", "fhir-r4-examples/*.json")))
def test_a_bundle_is_read_or_says_why_not(path: Path) -> None:
    reason = expected_refusal(path)
    if reason is not None:
        with pytest.raises(BadInputError, match=reason) as caught:
            read_bundle(path, NOW)
        assert caught.value.remedy
        return
    incoming = read_bundle(path, NOW)
    assert incoming.record.patient.family_name
    assert read_bundle(path, NOW) == incoming


@pytest.mark.parametrize("path", by_name(found("synthea-r4/*.json")))
def test_a_synthea_history_is_read_whole(path: Path, home: Path) -> None:
    incoming = read_bundle(path, NOW)
    record = incoming.record
    assert record.patient.birth_date is not None
    assert record.conditions
    assert record.observations
    assert all(document.content or document.study_uid for document in incoming.documents)
    assert all(document.loinc for document in incoming.documents)


def test_the_kinds_of_the_dicom_files_are_told(test_data: Path, home: Path) -> None:
    facts = {path.stem: take_in(path).facts for path in found("dicom/valid/*.dcm")}
    assert facts["examples_ybr_color"].frames == 30
    assert facts["waveform_ecg"].loinc == "11524-6"
    assert facts["rtplan"].loinc == "68602-2"
    assert facts["reportsi"].frames is None
    assert facts["CT_small"].slice_thickness == 5.0


def test_the_documents_inside_unstructured_cda_files_come_out(test_data: Path, home: Path) -> None:
    folder = test_data / "ccda" / "hl7-examples"
    (pdf,) = take_in(folder / "Unstructured_Document_embed.xml").parts
    (text,) = take_in(folder / "CDA_Embedded_Text_Plain_Surgical_Consult.xml").parts
    assert (pdf.facts.media_type, pdf.facts.pages, text.facts.media_type) == ("application/pdf", 3, "text/plain")
    assert pdf.file.sha256 == take_in(folder / "UD_sample.pdf").file.sha256


def test_the_problems_of_a_cda_file_are_conditions(test_data: Path, home: Path) -> None:
    record = take_in(test_data / "ccda" / "ehr-vendor-samples" / "Patient-0.xml").facts.record
    assert record is not None
    assert {"59621000", "I10", "126838000", "C18.9"} <= {one.code for item in record.conditions for one in item.codings}
    assert len(record.allergies) == 3
    assert len(record.observations) == 11
