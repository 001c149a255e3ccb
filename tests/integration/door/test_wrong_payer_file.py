"""A mistake in the payer's own file: nobody who asks could mend it, and what was asked is to be sent again later."""

from pathlib import Path

import pytest

from tests.integration.door.conftest import PAYER, Insurer, a_request, set_to
from tests.integration.door.test_fhir_door import issue, submit
from tests.unit.fhir_door.samples import claim_bundle


@pytest.fixture
def mistaken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "payers").mkdir()
    (tmp_path / "payers" / f"{PAYER}.yaml").write_text(f"payer: {PAYER}\nversion: 1.0.0\ntitle: {{en: One}}\n")
    set_to(monkeypatch, payer_folder=tmp_path / "payers")


def test_the_rest_door_says_that_it_is_not_the_senders_fault(insurer: Insurer, mistaken: None) -> None:
    for answer in (insurer.post("reviews", a_request()), insurer.get("mandates")):
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "300"), answer.text
        assert answer.json()["type"] == "urn:secunda:problem:unavailable"
        assert "yaml" not in answer.text


def test_the_fhir_door_says_the_same(insurer: Insurer, mistaken: None) -> None:
    answer = submit(insurer, claim_bundle())
    assert (answer.status_code, answer.headers["retry-after"], issue(answer)["code"]) == (503, "300", "transient")
