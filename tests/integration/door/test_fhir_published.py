"""The published Da Vinci PAS bundles through the whole door, as they are and with a procedure that is mandated."""

import json
from typing import Any

import pytest

from secunda.fhir_door.pas_message import Purpose, read_submission
from tests.integration.door.conftest import Insurer
from tests.integration.door.test_fhir_door import actions, fhir, issue, response_in, submit
from tests.unit.fhir_door.samples import CPT, FOLDER, Json, elements, published, requests

pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason=f"no published bundles at {FOLDER}")
UPDATES = "inferno-v2.2.1/claim_update_{}_submit_payload_0.json"


def test_every_published_file_succeeds_or_fails_by_the_name_of_an_element(insurer: Insurer) -> None:
    for path in published():
        for operation in ("$submit", "$inquire"):
            answer = fhir(insurer, "POST", f"Claim/{operation}", path.read_bytes())
            if answer.status_code == 200:
                continue
            assert answer.status_code in (400, 422), (path, answer.text)
            for one in answer.json()["issue"]:
                assert one["expression"], path
                assert one["details"]["text"], path


def mandated(name: str) -> Json:
    """That bundle, asking for a knee prosthesis."""
    bundle: Json = json.loads((FOLDER / name).read_text(encoding="utf-8"))
    knee = {"coding": [{"system": CPT, "code": "27447"}]}
    for one in elements(bundle):
        if isinstance(one, dict) and "productOrService" in one:
            one["productOrService"] = knee
    return bundle


def _names() -> list[str]:
    """Of the requests that are valid."""
    found = []
    for path in requests():
        name = f"{path.parent.name}/{path.name}"
        try:
            is_request = read_submission(path.read_bytes()).purpose is Purpose.REQUEST
        except Exception:  # noqa: BLE001 - what is wrong with it is another test's business
            continue
        found += [name] if is_request else []
    return found


@pytest.mark.parametrize("name", _names() if FOLDER.is_dir() else [])
def test_a_request_of_either_shape_becomes_a_review(insurer: Insurer, name: str) -> None:
    bundle = mandated(name)
    response = response_in(submit(insurer, bundle))
    items: list[Any] = bundle["entry"][0]["resource"]["item"]
    assert [item["itemSequence"] for item in response["item"]] == [item["sequence"] for item in items]
    assert set(actions(response)) == {"A4"}


def test_a_published_chain_of_updates_ends_in_a_cancellation(insurer: Insurer) -> None:
    first = response_in(submit(insurer, mandated(UPDATES.format("initial"))))
    added = response_in(submit(insurer, mandated(UPDATES.format("add_item"))))
    assert (added["preAuthRef"], actions(added)) == (first["preAuthRef"], ["A4", "A4"])
    cancelled = response_in(submit(insurer, mandated(UPDATES.format("cancel_all"))))
    assert (cancelled["preAuthRef"], set(actions(cancelled))) == (first["preAuthRef"], {"C"})


def test_an_update_of_a_claim_that_was_never_sent_is_refused(insurer: Insurer) -> None:
    answer = submit(insurer, mandated(UPDATES.format("add_item")))
    assert (answer.status_code, issue(answer)["code"]) == (422, "not-found")
    assert issue(answer)["expression"] == ["Bundle.entry[0].resource.ofType(Claim).related[0].claim"]
