import json
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest

from secunda.adapters.fhir.bundle import read_bundle
from secunda.adapters.fhir.problems import BundleError
from secunda.errors import BadInputError
from tests.unit.adapters.samples import PATIENT, bundle, resource, write

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def refusal(content: bytes) -> BadInputError:
    with pytest.raises(BadInputError) as caught:
        read_bundle(content, NOW)
    assert caught.value.remedy
    return caught.value


@pytest.mark.parametrize("kind", ["transaction", "batch", "collection", "document", "message", "searchset"])
def test_every_kind_of_bundle_that_carries_records_is_read(kind: str) -> None:
    assert read_bundle(bundle(kind=kind), NOW).record.patient.family_name == "García Pérez"


def test_a_bundle_is_read_from_bytes_a_file_or_a_stream(tmp_path: Path) -> None:
    content = bundle()
    read = read_bundle(content, NOW)
    assert read_bundle(write(tmp_path, content), NOW) == read
    assert read_bundle(BytesIO(content), NOW) == read


def test_a_byte_order_mark_is_passed_over() -> None:
    assert read_bundle(b"\xef\xbb\xbf" + bundle(), NOW).record.patient.given_name == "Juan"


@pytest.mark.parametrize(
    ("content", "message", "place"),
    [
        (b"", "empty", ""),
        (b"  \n", "empty", ""),
        (b"{", "not well-formed", "line 1, column 2"),
        (b'{"a": 1,\n "b": }', "not well-formed", "line 2, column 7"),
        (bundle() + b"x", "not well-formed", ""),
        (bundle()[:-40], "not well-formed", ""),
        (bundle().replace(b"1967", b"\xff967"), "UTF-8", "byte "),
        (bundle().decode().encode("utf-16"), "UTF-8", ""),
        (bundle().decode().encode("utf-16-le"), "UTF-8", ""),
        (b'<Bundle xmlns="http://hl7.org/fhir"/>', "XML", ""),
        (b'{"resourceType": "Bundle", "x": NaN}', "NaN", ""),
        (b'{"resourceType": "Bundle", "x": -Infinity}', "Infinity", ""),
        (b'{"resourceType": "Bundle", "x": 1e999}', "out of range", ""),
        (b'{"x": ' + b"9" * 5000 + b"}", "too long", ""),
        (b"[" * 100_000 + b"]" * 100_000, "nested", ""),
        (b'{"a":' * 200 + b"1" + b"}" * 200, "nested", ""),
        (b'{"entry": [{"resource": {"id": "1", "id": "2"}}]}', "same key twice", "/entry/0/resource"),
        (b'{"entry": [{"x": "a\\u0000b"}]}', "NUL", "/entry/0/x"),
        (b'{"entry": [{"x": "\\ud800"}]}', "half a character", "/entry/0/x"),
        (b'{"resourceType": "Patient"}\n{"resourceType": "Condition"}\n', "NDJSON", "line 2, column 1"),
        (b'{"resourceType": "Bundle", "type": "batch", "entry": [{"fullUrl": 7}]}', "a string", "/entry/0/fullUrl"),
        (b"[]", "no object", "/"),
        (b'"Bundle"', "no object", "/"),
        (b"{}", "no FHIR resource", "/"),
        (b'{"resourceType": 5}', "no FHIR resource", "/"),
        (json.dumps(PATIENT).encode(), "single Patient", "/resourceType"),
        (b'{"resourceType": "Bundle"}', "type", "/type"),
        (b'{"resourceType": "Bundle", "type": "history", "entry": []}', "type history", "/type"),
        (b'{"resourceType": "Bundle", "type": "transaction-response"}', "of this type", "/type"),
        (b'{"resourceType": "Bundle", "type": "batch"}', "no entries", "/entry"),
        (b'{"resourceType": "Bundle", "type": "batch", "entry": {}}', "no entries", "/entry"),
        (b'{"resourceType": "Bundle", "type": "batch", "entry": [5]}', "must be an object", "/entry/0"),
        (b'{"resourceType": "Bundle", "type": "batch", "entry": [{"resource": []}]}', "object", "/entry/0/resource"),
        (b'{"resourceType": "Bundle", "type": "batch", "entry": [{"resource": {}}]}', "its resourceType", "/entry/0"),
    ],
)  # fmt: skip
def test_what_is_no_bundle_is_refused_with_its_place(content: bytes, message: str, place: str) -> None:
    error = refusal(content)
    assert message in error.message
    assert error.place.startswith(place)


def test_escaped_text_that_only_looks_like_a_nul_is_kept() -> None:
    patient = PATIENT | {"name": [{"family": "C:\\u0000"}]}
    assert read_bundle(bundle(patient=patient), NOW).record.patient.family_name == "C:\\u0000"


def test_a_bundle_beyond_the_limit_is_refused_after_one_byte_more(tmp_path: Path) -> None:
    stream = BytesIO(bundle() + b" " * 10**6)
    with pytest.raises(BadInputError, match="larger than"):
        read_bundle(stream, NOW, limit_bytes=1000)
    assert stream.tell() == 1001
    with pytest.raises(BadInputError, match="larger than"):
        read_bundle(write(tmp_path, bundle()), NOW, limit_bytes=100)


def test_a_missing_file_says_so_without_its_name() -> None:
    with pytest.raises(BadInputError) as caught:
        read_bundle(Path("/nowhere/Garcia.json"), NOW)
    assert "Garcia" not in str(caught.value)


def test_every_invalid_place_is_named_by_pointer_and_expression() -> None:
    wrong = resource("Condition", onsetDateTime="1967-13", verificatonStatus={}, note={"text": "x"})
    error = refusal(bundle(resource("Observation", code={"text": "x"}), wrong))
    assert isinstance(error, BundleError)
    assert {(problem.pointer, problem.expression) for problem in error.problems} == {
        ("/entry/1/resource/status", "Bundle.entry[1].resource.ofType(Observation).status"),
        ("/entry/2/resource/onsetDateTime", "Bundle.entry[2].resource.ofType(Condition).onsetDateTime"),
        ("/entry/2/resource/verificatonStatus", "Bundle.entry[2].resource.ofType(Condition).verificatonStatus"),
        ("/entry/2/resource/note", "Bundle.entry[2].resource.ofType(Condition).note"),
    }
    assert error.place in {problem.pointer for problem in error.problems}
    assert "and 3 more" in error.message


@pytest.mark.parametrize(
    ("elements", "what"),
    [
        ({"code": "C50"}, "must be an object"),
        ({"code": [1234567]}, "must be an object"),
        ({"onsetDateTime": "12/04/1967"}, "date as FHIR writes it"),
        ({"onsetDateTime": "2024-02-30"}, "date as FHIR writes it"),
        ({"onsetDateTime": "2024", "onsetString": "x"}, "one of a choice"),
        ({"id": "has space"}, "is not written"),
    ],
)
def test_what_is_wrong_is_said_without_quoting_the_value(elements: dict[str, object], what: str) -> None:
    error = refusal(bundle(resource("Condition", **elements)))
    assert what in error.message
    assert not any(str(value) in str(error) for value in elements.values())


@pytest.mark.parametrize(
    ("one", "version"),
    [
        (resource("Condition", clinicalStatus="active"), "STU3"),
        (resource("Observation", status="final", code={"text": "x"}, context={"reference": "Encounter/1"}), "STU3"),
        ({"resourceType": "ProcedureRequest"}, "STU3"),
        ({"resourceType": "MedicationOrder"}, "STU3"),
        (resource("MedicationRequest", status="active", intent="order", medication={"concept": {}}), "R5"),
        (resource("Procedure", status="completed", occurrenceDateTime="2020"), "R5"),
        ({"resourceType": "Encounter", "class": [{}]}, "R5"),
    ],
)
def test_another_version_of_fhir_is_named(one: dict[str, object], version: str) -> None:
    error = refusal(bundle(one))
    assert f"FHIR {version}" in error.message
    assert "R4" in error.remedy


VALID_R4 = [
    resource("Condition", extension=[{"url": "x", "valueUuid": "urn:uuid:c757873d-ec9a-1326-a141-556f43239520"}]),
    resource("Condition", contained=[{"resourceType": "MedicinalProduct", "id": "m"}]),
    resource("Condition", contained=[{"resourceType": "EffectEvidenceSynthesis", "id": "e"}]),
    resource("Condition", text={"status": "generated", "div": "<div/>"}, meta={"versionId": "1"}),
    resource("Condition", onsetDateTime="1967"),
    resource("Condition", onsetDateTime="2016-12-31T23:59:60Z"),
    resource("Condition", _onsetDateTime={"extension": [{"url": "x", "valueCode": "unknown"}]}),
    resource("Observation", code={"text": "x"}, _status={"extension": [{"url": "x", "valueCode": "unknown"}]}),
    resource("Observation", status="final", code={"text": "x"}, valueQuantity={"value": 1e-7}),
    resource("Observation", status="final", code={"text": "x"}, valueQuantity={"value": 10**400}),
    {"resourceType": "Claim", "use": "claim", "nonsense": True},
    {"resourceType": "NutritionOrder", "nonsense": True},
    {"resourceType": "VendorSpecific"},
]


@pytest.mark.parametrize("one", VALID_R4)
def test_valid_r4_and_what_is_not_read_pass(one: dict[str, object]) -> None:
    assert read_bundle(bundle(one), NOW).record.patient.given_name == "Juan"
