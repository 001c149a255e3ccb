"""Whatever is done to a bundle, it is read or refused; nothing else escapes."""

import json
from datetime import UTC, datetime
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from secunda.adapters.fhir.bundle import read_bundle
from secunda.errors import BadInputError
from tests.unit.adapters.samples import PATIENT, coded, resource

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
CODE = coded("http://snomed.info/sct", "254837009", "Breast cancer")
LOINC = coded("http://loinc.org", "718-7", "Haemoglobin")
REQUEST = {
    "intent": "order",
    "occurrencePeriod": {"start": "2026-12-01"},
    "note": [{"text": "Why?", "authorReference": {"reference": "Patient/p1"}}],
    "requester": {"reference": "PractitionerRole/r"},
    "reasonReference": [{"reference": "Condition/c"}],
    "insurance": [{"reference": "Coverage/v"}],
}
RESOURCES: list[dict[str, Any]] = [
    PATIENT | {"telecom": [{"system": "email", "value": "x"}], "communication": [{"language": CODE}]},
    resource("Condition", id="c", code=CODE, onsetDateTime="2020", recorder={"reference": "#x"}),
    resource("Procedure", status="completed", code=CODE, performedPeriod={"start": "2020-01-01"}),
    resource("Observation", id="o", status="final", code=LOINC, valueQuantity={"value": 1.5, "unit": "g"}),
    resource("MedicationRequest", status="active", intent="order", medicationReference={"reference": "#m"})
    | {"contained": [{"resourceType": "Medication", "id": "m", "code": CODE}]},
    resource("AllergyIntolerance", code=CODE, reaction=[{"substance": CODE, "manifestation": [CODE]}]),
    resource("DiagnosticReport", status="final", code=LOINC, result=[{"reference": "Observation/o"}]),
    resource(
        "DocumentReference", status="current", content=[{"attachment": {"data": "YQ==", "hash": "aGk=", "size": 1}}]
    ),
    resource("ImagingStudy", status="available", series=[{"uid": "1.2", "modality": {"code": "CT"}}]),
    resource("Composition", status="final", type=LOINC, date="2020", author=[{"display": "x"}], title="t")
    | {"section": [{"text": {"status": "generated", "div": "<div>x</div>"}}]},
    resource("Consent", status="active", scope=CODE, category=[CODE], provision={"period": {"end": "2027"}}),
    resource("ServiceRequest", status="active", code=CODE, **REQUEST),
    {"resourceType": "Organization", "id": "h", "name": "H"},
    {"resourceType": "Practitioner", "id": "d", "name": [{"family": "S"}]},
    {"resourceType": "PractitionerRole", "id": "r", "practitioner": {"reference": "Practitioner/d"}},
    {"resourceType": "Coverage", "id": "v", "status": "active", "beneficiary": {"reference": "Patient/p1"}}
    | {"payor": [{"reference": "Organization/h"}]},
]
CLAIM = resource("Claim", use="preauthorization", status="active", type=CODE, created="2026", priority=CODE) | {
    "provider": {"reference": "Organization/h"},
    "insurance": [{"sequence": 1, "focal": True, "coverage": {"reference": "Coverage/v"}}],
    "item": [{"sequence": 1, "productOrService": CODE, "servicedDate": "2026-12-01"}],
    "diagnosis": [{"sequence": 1, "diagnosisCodeableConcept": CODE}],
}
BUNDLES = [RESOURCES, [one for one in RESOURCES if one["resourceType"] != "ServiceRequest"] + [CLAIM]]

Path = tuple[str | int, ...]


def paths(value: Any, here: Path = ()) -> list[Path]:
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [here, *(path for key, one in inside for path in paths(one, (*here, key)))]


def put(value: Any, path: Path, new: Any) -> Any:
    if not path:
        return new
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[path[0]] = put(copy[path[0]], path[1:], new)
    return copy


def drop(value: Any, path: Path) -> Any:
    parent = value
    for step in path[:-1]:
        parent = parent[step]
    kept = dict(parent) if isinstance(parent, dict) else list(parent)
    del kept[path[-1]]
    return put(value, path[:-1], kept)


SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=8),
    st.sampled_from(
        ["#", "#m", "?", "Patient?identifier=|", "urn:uuid:", "a/b", "/", "1967", "1967-13", "0000", "T", "|"]
    ),
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(["reference", "code", "coding", "value", "text", "div", "resourceType"]), inner, max_size=3
        ),
    ),
    max_leaves=6,
)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(data=st.data())
def test_a_mutated_bundle_is_read_or_refused(data: st.DataObject) -> None:
    resources = data.draw(st.sampled_from(BUNDLES))
    bundle: Any = {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": one} for one in resources]}
    for _ in range(data.draw(st.integers(1, 3))):
        path = data.draw(st.sampled_from(paths(bundle)))
        bundle = drop(bundle, path) if path and data.draw(st.booleans()) else put(bundle, path, data.draw(VALUES))
        if not isinstance(bundle, dict | list):
            break
    try:
        incoming = read_bundle(json.dumps(bundle).encode(), NOW)
    except BadInputError as refusal:
        assert refusal.remedy
        return
    assert incoming.record.model_dump_json()


@settings(max_examples=100, deadline=None)
@given(edits=st.lists(st.tuples(st.floats(0, 1), st.binary(max_size=5)), min_size=1, max_size=5))
def test_a_bundle_with_damaged_bytes_is_read_or_refused(edits: list[tuple[float, bytes]]) -> None:
    content = bytearray(
        json.dumps({"resourceType": "Bundle", "type": "batch", "entry": [{"resource": PATIENT}]}).encode()
    )
    for share, written in edits:
        at = int(share * len(content))
        content[at : at + len(written)] = written
    try:
        read_bundle(bytes(content), NOW)
    except BadInputError as refusal:
        assert refusal.remedy
