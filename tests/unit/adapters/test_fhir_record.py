from datetime import UTC, date, datetime
from typing import Any

import pytest

from pathways.vocabulary import CodeSystem
from secunda.adapters.code_systems import coding, system_of
from secunda.adapters.fhir.bundle import read_bundle
from tests.unit.adapters.samples import SUBJECT, bundle, coded, resource

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
SNOMED, LOINC = "http://snomed.info/sct", "http://loinc.org"
UCUM = {"system": "http://unitsofmeasure.org", "code": "g/dL"}
CANCER = coded(SNOMED, "254837009", "Breast cancer")


def record(*resources: dict[str, Any]):
    return read_bundle(bundle(*resources), NOW).record


def status(kind: str, code: str) -> dict[str, Any]:
    return coded(f"http://terminology.hl7.org/CodeSystem/{kind}", code)


@pytest.mark.parametrize(
    ("elements", "active"),
    [
        ({}, True),
        ({"clinicalStatus": status("condition-clinical", "active")}, True),
        ({"clinicalStatus": status("condition-clinical", "relapse")}, True),
        ({"clinicalStatus": status("condition-clinical", "resolved")}, False),
        ({"clinicalStatus": status("condition-clinical", "remission")}, False),
        ({"abatementDateTime": "2020"}, False),
        ({"abatementString": "last year"}, False),
    ],
)
def test_a_condition_is_active_or_not(elements: dict[str, Any], active: bool) -> None:
    (condition,) = record(resource("Condition", code=CANCER, **elements)).conditions
    assert condition.active is active


@pytest.mark.parametrize("word", ["refuted", "entered-in-error"])
def test_what_was_refuted_or_entered_in_error_is_left_out(word: str) -> None:
    read = record(
        resource("Condition", code=CANCER, verificationStatus=status("condition-ver-status", word)),
        resource("AllergyIntolerance", code=CANCER, verificationStatus=status("allergyintolerance-verification", word)),
    )
    assert (read.conditions, read.allergies) == ((), ())


@pytest.mark.parametrize("word", ["differential", "provisional", "unconfirmed"])
def test_what_is_not_yet_confirmed_is_kept(word: str) -> None:
    verification = status("condition-ver-status", word)
    assert record(resource("Condition", code=CANCER, verificationStatus=verification)).conditions


@pytest.mark.parametrize(
    ("elements", "started"),
    [
        ({"onsetDateTime": "1967"}, date(1967, 1, 1)),
        ({"onsetDateTime": "1967-05"}, date(1967, 5, 1)),
        ({"onsetDateTime": "1967-05-03T23:30:00-05:00"}, date(1967, 5, 3)),
        ({"onsetPeriod": {"start": "1967-05-03"}}, date(1967, 5, 3)),
        ({"recordedDate": "1967-05-03"}, date(1967, 5, 3)),
        ({"onsetAge": {"value": 5}}, None),
    ],
)
def test_when_a_condition_began(elements: dict[str, Any], started: date | None) -> None:
    assert record(resource("Condition", code=CANCER, **elements)).conditions[0].started == started


def test_a_condition_without_any_code_keeps_its_text_and_one_without_both_is_nothing() -> None:
    read = record(resource("Condition", code={"text": "dolor"}), resource("Condition"), resource("Condition", code={}))
    assert [(item.codings, item.text) for item in read.conditions] == [((), "dolor")]


def test_the_same_item_twice_is_one() -> None:
    assert len(record(resource("Condition", code=CANCER), resource("Condition", code=CANCER, id="2")).conditions) == 1


@pytest.mark.parametrize("word", ["entered-in-error", "not-done", "preparation"])
def test_procedures_that_were_not_done_are_left_out(word: str) -> None:
    assert record(resource("Procedure", status=word, code=CANCER)).procedures == ()


def test_when_a_procedure_was_done() -> None:
    performed = {"performedPeriod": {"start": "2020-02-01T10:00:00Z", "end": "2020-02-02T10:00:00Z"}}
    (procedure,) = record(resource("Procedure", status="completed", code=CANCER, **performed)).procedures
    assert (procedure.started, procedure.ended) == (date(2020, 2, 1), date(2020, 2, 2))


def medication(kind: str = "MedicationRequest", **elements: Any) -> dict[str, Any]:
    intent = {"intent": "order"} if kind == "MedicationRequest" else {}
    what = {"medicationCodeableConcept": CANCER} if "medicationReference" not in elements else {}
    return resource(kind, status=elements.pop("status", "active"), **intent, **what, **elements)


def test_requests_and_statements_are_medications() -> None:
    read = record(medication(), medication("MedicationStatement", status="completed", effectiveDateTime="2020"))
    assert [item.active for item in read.medications] == [True, False]


@pytest.mark.parametrize(
    "one",
    [
        medication(status="cancelled"),
        medication(status="draft"),
        medication(doNotPerform=True),
        medication() | {"intent": "proposal"},
        medication("MedicationStatement", status="not-taken"),
        medication("MedicationStatement", status="entered-in-error"),
    ],
)
def test_what_is_not_taken_is_no_medication(one: dict[str, Any]) -> None:
    assert record(one).medications == ()


def test_a_medication_may_be_contained_referred_to_or_only_named() -> None:
    contained = medication(
        medicationReference={"reference": "#m"}, contained=[{"resourceType": "Medication", "id": "m", "code": CANCER}]
    )
    entry = {"resourceType": "Medication", "id": "m2", "code": coded(SNOMED, "2", "Two")}
    referred = medication(medicationReference={"reference": "Medication/m2"})
    named = medication(medicationReference={"display": "Tamoxifeno"})
    assert [item.text for item in record(entry, contained, referred, named).medications] == [
        "Breast cancer",
        "Two",
        "Tamoxifeno",
    ]


def observation(**elements: Any) -> dict[str, Any]:
    return resource("Observation", **({"status": "final", "code": coded(LOINC, "718-7")} | elements))


@pytest.mark.parametrize(
    ("elements", "value", "unit", "text"),
    [
        ({"valueQuantity": {"value": 13.2, "unit": "g/dl"} | UCUM}, 13.2, "g/dL", ""),
        ({"valueQuantity": {"value": 0.01, "unit": "ng/mL", "comparator": "<"}}, 0.01, "ng/mL", "< 0.01 ng/mL"),
        ({"valueInteger": 3}, 3.0, "", ""),
        ({"valueBoolean": True}, None, "", "true"),
        ({"valueCodeableConcept": {"text": "positive"}}, None, "", "positive"),
        ({"valueString": "turbid"}, None, "", "turbid"),
        ({"valueRange": {"low": {"value": 1}, "high": {"value": 2, "unit": "mm"}}}, None, "", "1–2 mm"),
    ],
)  # fmt: skip
def test_values_of_every_kind_are_read(elements: dict[str, Any], value: float | None, unit: str, text: str) -> None:
    (item,) = record(observation(**elements)).observations
    assert (item.value, item.unit, item.text) == (value, unit, text)


def test_components_are_results_of_their_own() -> None:
    pressure = observation(
        code=coded(LOINC, "85354-9"),
        effectiveDateTime="2020-01-02T03:04:05+01:00",
        component=[
            {"code": coded(LOINC, "8480-6"), "valueQuantity": {"value": 120}},
            {"code": coded(LOINC, "8462-4"), "valueQuantity": {"value": 80}},
        ],
    )
    found = record(pressure).observations
    assert {item.codings[0].code: item.value for item in found} == {"8480-6": 120.0, "8462-4": 80.0}
    assert {item.observed_at for item in found} == {datetime.fromisoformat("2020-01-02T03:04:05+01:00")}


@pytest.mark.parametrize(
    "one",
    [
        observation(status="entered-in-error", valueInteger=1),
        observation(status="cancelled", valueInteger=1),
        observation(dataAbsentReason={"text": "unknown"}),
        observation(code={"text": "no code"}, valueInteger=1),
    ],
)
def test_results_that_say_nothing_are_left_out(one: dict[str, Any]) -> None:
    assert record(one).observations == ()


def test_a_record_without_a_subject_is_the_patients() -> None:
    one = observation(valueInteger=1)
    del one["subject"]
    assert len(record(one).observations) == 1
    assert SUBJECT == {"reference": "Patient/p1"}


@pytest.mark.parametrize(
    ("name", "system"),
    [
        ("http://loinc.org", CodeSystem.LOINC),
        ("urn:oid:2.16.840.1.113883.6.1", CodeSystem.LOINC),
        ("2.16.840.1.113883.6.96", CodeSystem.SNOMED_CT),
        ("http://snomed.info/sct|http://snomed.info/sct/900000000000207008", CodeSystem.SNOMED_CT),
        ("http://snomed.info/sct/449081005/version/20260430", CodeSystem.SNOMED_CT),
        ("https://snomed.info/sct/", CodeSystem.SNOMED_CT),
        ("http://hl7.org/fhir/sid/icd-10-cm", CodeSystem.ICD_10),
        ("http://fhir.de/CodeSystem/bfarm/icd-10-gm", CodeSystem.ICD_10),
        ("urn:oid:2.16.840.1.113883.6.90", CodeSystem.ICD_10),
        ("http://www.ama-assn.org/go/cpt", CodeSystem.CPT),
        ("http://fhir.de/CodeSystem/bfarm/ops", CodeSystem.OPS),
        ("http://www.orpha.net", CodeSystem.ORPHA),
        ("http://human-phenotype-ontology.org", CodeSystem.HPO),
        ("http://www.nlm.nih.gov/research/umls/rxnorm", CodeSystem.RXNORM),
        ("http://hl7.org/fhir/sid/icd-9-cm", CodeSystem.OTHER),
        ("http://www.cms.gov/Medicare/Coding/ICD10", CodeSystem.OTHER),
        ("http://hospital.example/local", CodeSystem.OTHER),
        ("", CodeSystem.OTHER),
    ],
)
def test_code_systems_are_known_by_url_and_oid(name: str, system: CodeSystem) -> None:
    assert system_of(name) is system


@pytest.mark.parametrize(
    ("system", "written", "code"),
    [
        ("http://hl7.org/fhir/sid/icd-10-cm", "C509", "C50.9"),
        ("http://hl7.org/fhir/sid/icd-10", "c50.9", "C50.9"),
        ("http://hl7.org/fhir/sid/icd-10", "I10", "I10"),
        ("http://hl7.org/fhir/sid/icd-10-cm", "S72001A", "S72.001A"),
        ("http://human-phenotype-ontology.org", "0001250", "HP:0001250"),
        ("http://human-phenotype-ontology.org", "HP_0001250", "HP:0001250"),
        ("http://www.orpha.net", "ORPHA:558", "558"),
        ("http://snomed.info/sct", " 254837009 ", "254837009"),
    ],
)
def test_codes_are_written_as_pathways_compare_them(system: str, written: str, code: str) -> None:
    made = coding(system, written)
    assert made is not None
    assert made.code == code


def test_a_hcpcs_code_of_level_one_is_a_cpt_code() -> None:
    url = "https://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets"
    systems = [made.system for code in ("27447", "G0154") if (made := coding(url, code))]
    assert systems == [CodeSystem.CPT, CodeSystem.OTHER]


def test_absent_and_absurd_codes_are_no_codings() -> None:
    assert coding("http://loinc.org", "") is None
    assert coding("http://loinc.org", "x" * 61) is None
