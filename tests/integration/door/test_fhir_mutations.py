"""Requests that are nearly right, through the whole door: whatever is sent, the answer is a response or a refusal."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.integration.door.conftest import Insurer
from tests.integration.door.test_fhir_door import SUBSCRIPTION, a_transaction, an_update, fhir, parameters
from tests.unit.fhir_door.mutating import mutated
from tests.unit.fhir_door.samples import Json, claim_bundle

MESSAGES: dict[str, tuple[str, Json]] = {
    "request": ("Claim/$submit", claim_bundle()),
    "update": ("Claim/$submit", an_update()),
    "inquiry": ("Claim/$inquire", claim_bundle()),
    "transaction": ("", a_transaction()),
    "attachment": ("$submit-attachment", parameters("https://payer.example/claims|111099", ("24802-1", b"MRI"))),
    "subscription": ("Subscription", SUBSCRIPTION),
}


@pytest.mark.parametrize("name", MESSAGES)
def test_no_mutation_breaks_the_door(insurer: Insurer, name: str) -> None:
    path, message = MESSAGES[name]
    assert fhir(insurer, "POST", "Claim/$submit", claim_bundle()).status_code == 200

    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(data=st.data())
    def tried(data: st.DataObject) -> None:
        answer = fhir(insurer, "POST", path, mutated(message, data))
        assert answer.status_code in (200, 201, 400, 404, 409, 422), answer.text
        if answer.status_code >= 400:
            found = answer.json()
            assert found["resourceType"] == "OperationOutcome"
            assert all(issue["diagnostics"] for issue in found["issue"])

    tried()
