"""Da Vinci PAS bundles of both shapes: told apart, and refused by name of the element where they break a rule."""

import json
import re
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from fhir.resources.R4B.operationoutcome import OperationOutcome
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from secunda.adapters.fhir.bundle import understand
from secunda.errors import SecundaError
from secunda.fhir_door.names import PAS
from secunda.fhir_door.outcome import DoorError, as_door_error, operation_outcome
from secunda.fhir_door.pas_items import ItemChange, ItemState, after_update, all_cancelled
from secunda.fhir_door.pas_message import PasMessage, Purpose, read_inquiry, read_submission
from tests.unit.fhir_door.mutating import mutated
from tests.unit.fhir_door.samples import FOLDER, NOW, Json, an_item, claim_bundle, encoded, published, requests

Reader = Callable[[bytes], PasMessage]
READERS = (read_submission, read_inquiry)
_STEP = re.compile(r"\.?(\w+)(?:\((\w+)\))?|\[(\d+)\]")

needs_samples = pytest.mark.skipif(not FOLDER.is_dir(), reason=f"no published bundles at {FOLDER}")


def refusal(content: bytes, reader: Reader = read_submission) -> DoorError:
    """What reading it fails with, as it goes out."""
    with pytest.raises(SecundaError) as caught:
        reader(content)
    error = as_door_error(caught.value)
    OperationOutcome.model_validate(operation_outcome(error.issues))
    return error


def expressions(error: DoorError) -> list[str]:
    return [one for issue in error.issues for one in issue.expressions]


def evaluate(expression: str, resource: Any) -> Any:
    """A FHIRPath of steps, indexes and `ofType()`; the parent's where the last element is missing."""
    steps = list(_STEP.finditer(expression))
    assert "".join(one[0] for one in steps) == expression
    assert resource["resourceType"] == steps[0][1]
    for number, one in enumerate(steps[1:], start=1):
        name, argument, index = one.groups()
        if name == "ofType":
            assert resource["resourceType"] == argument
            continue
        try:
            resource = resource[int(index)] if index else resource[name]
        except (KeyError, IndexError):
            assert number == len(steps) - 1 or steps[number + 1][3] == "0"
            return None
    return resource


@needs_samples
@pytest.mark.parametrize("path", published(), ids=lambda path: f"{path.parent.name}/{path.name}")
@pytest.mark.parametrize("reader", READERS)
def test_every_published_file_is_read_or_refused_by_the_name_of_an_element(path: Path, reader: Reader) -> None:
    content = path.read_bytes()
    try:
        message = reader(content)
    except SecundaError as error:
        refused = as_door_error(error)
        assert refused.status in (400, 422)
        for issue in refused.issues:
            assert issue.expressions, issue
            assert issue.remedy
            for expression in issue.expressions:
                evaluate(expression, json.loads(content))
        OperationOutcome.model_validate(operation_outcome(refused.issues))
    else:
        assert message.claim.type == "Claim"


@needs_samples
@pytest.mark.parametrize(
    ("name", "purpose"),
    [
        ("inferno-v1.1/conformant_pas_bundle_v110.json", Purpose.REQUEST),
        ("inferno-v1.1/conformant_pas_bundle_v110_multiple_items.json", Purpose.REQUEST),
        ("inferno-v2.2.1/approval_pa_submit_request_payload_0.json", Purpose.REQUEST),
        ("inferno-v2.2.1/claim_update_initial_submit_payload_0.json", Purpose.REQUEST),
        ("inferno-v2.2.1/claim_update_add_item_submit_payload_0.json", Purpose.UPDATE),
        ("inferno-v2.2.1/must_support_pa_submit_request_payload_0.json", Purpose.UPDATE),
        ("inferno-v2.2.1/claim_update_cancel_all_submit_payload_0.json", Purpose.CANCELLATION),
    ],
)
def test_both_shapes_are_told_apart(name: str, purpose: Purpose) -> None:
    message = read_submission((FOLDER / name).read_bytes())
    assert message.purpose is purpose
    assert message.identifier.endswith("|111099")
    assert message.items


@needs_samples
@pytest.mark.parametrize(
    "name",
    [
        "inferno-v1.1/conformant_pas_inquire_bundle_v110.json",
        "inferno-v2.2.1/must_support_pa_inquire_request_payload_0.json",
        "inferno-v2.2.1/pended_pa_inquire_request_payload_0.json",
    ],
)
def test_inquiries_of_both_shapes_are_read(name: str) -> None:
    assert read_inquiry((FOLDER / name).read_bytes()).purpose is Purpose.INQUIRY


def test_an_inquiry_is_not_taken_for_a_request() -> None:
    bundle = claim_bundle(meta={"profile": [f"{PAS}profile-claim-inquiry"]})
    error = refusal(encoded(bundle))
    assert (error.status, expressions(error)) == (422, ["Bundle.entry[0].resource.ofType(Claim)"])
    assert "$inquire" in error.remedy


CLAIM = "Bundle.entry[0].resource.ofType(Claim)"
TURNED = {"modifierExtension": [{"url": "https://payer.example/not", "valueBoolean": True}]}


@pytest.mark.parametrize(
    ("changes", "expression", "code"),
    [
        ({"identifier": None}, f"{CLAIM}.identifier", "required"),
        ({"use": "claim"}, f"{CLAIM}.use", "structure"),
        ({"status": "draft"}, f"{CLAIM}.status", "structure"),
        ({"item": None}, f"{CLAIM}.item", "required"),
        ({"diagnosis": None}, f"{CLAIM}.diagnosis", "required"),
        ({"insurer": None}, f"{CLAIM}.insurer", "required"),
        ({"patient": {"reference": "Patient/nobody"}}, f"{CLAIM}.patient", "not-found"),
        ({"patient": {"reference": "Organization/insurer"}}, f"{CLAIM}.patient", "structure"),
        ({"facility": {"reference": "Location/nowhere"}}, f"{CLAIM}.facility", "not-found"),
        ({"item": [an_item(1, "27447", diagnosisSequence=[7])]}, f"{CLAIM}.item[0].diagnosisSequence[0]", "not-found"),
        (TURNED, f"{CLAIM}.modifierExtension[0]", "extension"),
        ({"item": [an_item(1, "27447") | TURNED]}, f"{CLAIM}.item[0].modifierExtension[0]", "extension"),
        ({"item": [an_item(1, "27447"), an_item(1, "27130")]}, f"{CLAIM}.item[1].sequence", "duplicate"),
    ],
)
def test_a_broken_rule_is_named_by_its_element(changes: Json, expression: str, code: str) -> None:
    bundle = claim_bundle()
    claim = bundle["entry"][0]["resource"] | changes
    bundle["entry"][0]["resource"] = {name: value for name, value in claim.items() if value is not None}
    error = refusal(encoded(bundle))
    assert (expression, code) in [(issue.expressions[0], issue.code) for issue in error.issues]


def test_a_resource_that_stands_twice_is_refused() -> None:
    bundle = claim_bundle()
    bundle["entry"].append(deepcopy(bundle["entry"][2]))
    error = refusal(encoded(bundle))
    assert (error.issues[0].code, expressions(error)) == ("duplicate", ["Bundle.entry[5].fullUrl"])


def test_a_full_url_says_the_id_of_its_resource() -> None:
    bundle = claim_bundle()
    bundle["entry"][3]["fullUrl"] = "https://payer.example/fhir/Organization/another"
    assert "Bundle.entry[3].fullUrl" in expressions(refusal(encoded(bundle)))


def test_the_claim_stands_first() -> None:
    bundle = claim_bundle()
    bundle["entry"].reverse()
    assert expressions(refusal(encoded(bundle))) == ["Bundle.entry[0].resource"]


@pytest.mark.parametrize(
    "content",
    [
        *(b"", b"{", b"[]", b"null", b'"x"', b"<Bundle/>", b'{"a":1,"a":2}', b"\xff\xfe", b"NaN", b"1" * 5000),
        *(b"[" * 5000, b'{"x":' * 200, b'{"resourceType":"Patient"}', b'{"resourceType":"Bundle","type":"collection"}'),
    ],
)
def test_what_is_no_bundle_is_refused_in_words(content: bytes) -> None:
    for reader in READERS:
        error = refusal(content, reader)
        assert error.status == 400
        assert error.issues[0].remedy


def test_a_bundle_may_come_wrapped_in_parameters() -> None:
    bundle = claim_bundle()
    wrapped = {"resourceType": "Parameters", "parameter": [{"name": "resource", "resource": bundle}]}
    assert read_submission(encoded(wrapped)).bundle == bundle
    assert refusal(encoded({"resourceType": "Parameters"})).status == 400


def test_names_are_only_text() -> None:
    """Markup and template syntax in a name is nothing but a name."""
    bundle = claim_bundle()
    bundle["entry"][1]["resource"]["name"] = [{"family": "{{ 7*7 }}<script>alert(1)</script>${x}"}]
    assert read_submission(encoded(bundle)).purpose is Purpose.REQUEST


def test_an_update_adds_changes_and_cancels_items() -> None:
    kept = [item.as_row() for item in read_submission(encoded(claim_bundle())).items]
    changed = {"url": f"{PAS}extension-infoChanged", "valueCode": "changed"}
    added = {"url": f"{PAS}extension-infoChanged", "valueCode": "added"}
    items = [
        an_item(1, "27447", extension=[changed], servicedDate="2026-06-01"),
        an_item(2, "27130", extension=[added]),
    ]
    sent = read_submission(encoded(claim_bundle(item=items, related=[{"claim": {"reference": "urn:uuid:x"}}])))
    assert sent.purpose is Purpose.UPDATE
    assert [item.change for item in sent.items] == [ItemChange.CHANGED, ItemChange.ADDED]
    rows = after_update(kept, sent.items)
    assert [(row["sequence"], row["serviced_on"], row["state"]) for row in rows] == [
        (1, "2026-06-01", ItemState.PENDED),
        (2, "2026-05-04", ItemState.PENDED),
    ]


@pytest.mark.parametrize(
    "marked",
    [
        {"modifierExtension": [{"url": f"{PAS}modifierextension-infoCancelled", "valueBoolean": True}]},
        {"modifierExtension": [{"url": f"{PAS}extension-itemCancelled", "valueBoolean": True}]},
        {
            "extension": [
                {"url": f"{PAS}extension-certificationType", "valueCodeableConcept": {"coding": [{"code": "3"}]}}
            ]
        },
    ],
)
def test_an_item_is_cancelled_in_the_words_of_either_version(marked: Json) -> None:
    items = [an_item(1, "27447"), an_item(2, "27130", **marked)]
    message = read_submission(encoded(claim_bundle(item=items, related=[{"claim": {"reference": "urn:uuid:x"}}])))
    rows = after_update([], message.items)
    assert [row["state"] for row in rows] == [ItemState.PENDED, ItemState.CANCELLED]
    assert not all_cancelled(rows)


def test_a_claim_of_which_every_item_is_cancelled_is_a_cancellation() -> None:
    marked = {"modifierExtension": [{"url": f"{PAS}modifierextension-infoCancelled", "valueBoolean": True}]}
    message = read_submission(encoded(claim_bundle(item=[an_item(1, "27447", **marked)])))
    assert message.purpose is Purpose.CANCELLATION


def test_an_update_names_the_claim_that_it_replaces() -> None:
    related = [{"claim": {"identifier": {"system": "https://payer.example/claims", "value": "7"}}}]
    assert read_submission(encoded(claim_bundle(related=related))).earlier == ("https://payer.example/claims|7",)


@needs_samples
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_no_mutation_of_a_published_request_is_more_than_a_refusal(data: st.DataObject) -> None:
    path = data.draw(st.sampled_from([*requests(), None]))
    bundle = json.loads(path.read_text(encoding="utf-8")) if path else claim_bundle()
    bundle = mutated(bundle, data)
    reader = data.draw(st.sampled_from(READERS))
    try:
        understand(reader(encoded(bundle)).entries, "", NOW)
    except SecundaError as error:
        refused = as_door_error(error)
        assert refused.status in (400, 422)
        OperationOutcome.model_validate(operation_outcome(refused.issues))
