from datetime import UTC, date, datetime
from typing import Any

import pytest

from pathways.vocabulary import CodeSystem
from secunda.adapters.fhir.bundle import read_bundle
from secunda.adapters.fhir.incoming import BundleWarning, IncomingRequest
from secunda.adapters.fhir.problems import BundleError
from tests.unit.adapters.samples import bundle, coded, resource

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
CPT, SNOMED, LOINC = "http://www.ama-assn.org/go/cpt", "http://snomed.info/sct", "http://loinc.org"
PEOPLE = [
    {
        "resourceType": "Organization",
        "id": "h",
        "name": "Hospital",
        "telecom": [{"system": "email", "value": "h@x.org"}],
    },
    {"resourceType": "Organization", "id": "s", "name": "Clínica quirúrgica"},
    {"resourceType": "Organization", "id": "i", "name": "Aseguradora"},
    {"resourceType": "Practitioner", "id": "d", "name": [{"family": "Soler", "given": ["Ana"]}]},
    {
        "resourceType": "PractitionerRole",
        "id": "r",
        "practitioner": {"reference": "Practitioner/d"},
        "organization": {"reference": "Organization/h"},
    },
    {
        "resourceType": "Location",
        "id": "l",
        "name": "Quirófano",
        "managingOrganization": {"reference": "Organization/s"},
    },
    {
        "resourceType": "Coverage",
        "status": "active",
        "beneficiary": {"reference": "Patient/p1"},
        "payor": [{"reference": "Organization/i"}],
    },
]


def service(**elements: Any) -> dict[str, Any]:
    return resource("ServiceRequest", **({"status": "active", "intent": "order"} | elements))


def claim(**elements: Any) -> dict[str, Any]:
    base = {
        "status": "active",
        "type": {"text": "professional"},
        "use": "preauthorization",
        "created": "2026-11-01",
        "provider": {"reference": "PractitionerRole/r"},
        "insurer": {"reference": "Organization/i"},
        "priority": {"coding": [{"code": "stat"}]},
        "insurance": [{"sequence": 1, "focal": True, "coverage": {"display": "x"}}],
    }
    return resource("Claim", **(base | elements))


def request(*resources: dict[str, Any]) -> IncomingRequest:
    found = read_bundle(bundle(*PEOPLE, *resources), NOW).request
    assert found is not None
    return found


def test_a_service_request_says_what_is_asked() -> None:
    found = request(
        service(
            code=coded(CPT, "27447", "Total knee arthroplasty"),
            priority="urgent",
            occurrenceDateTime="2026-12-10",
            reasonCode=[coded(SNOMED, "239873007", "Osteoarthritis of knee")],
            note=[
                {"text": "Is surgery needed?\nWhich implant?"},
                {"text": "Can I wait?", "authorReference": {"reference": "Patient/p1"}},
            ],
            identifier=[{"system": "urn:x", "value": "R-1"}],
            requester={"reference": "PractitionerRole/r"},
            performer=[{"reference": "Organization/s"}],
        )
    )
    assert found.planned_procedure is not None
    assert (found.planned_procedure.system, found.planned_procedure.code) == (CodeSystem.CPT, "27447")
    assert (found.procedure_on, found.priority, found.reason) == (
        date(2026, 12, 10),
        "urgent",
        "Osteoarthritis of knee",
    )
    assert [(one.asked_by, one.text) for one in found.questions] == [
        ("requester", "Is surgery needed?"),
        ("requester", "Which implant?"),
        ("patient", "Can I wait?"),
    ]
    assert found.identifiers == ("urn:x|R-1",)
    assert found.requester is not None
    assert (found.requester.name, found.requester.email) == ("Hospital", "h@x.org")
    assert found.performer is not None
    assert found.performer.name == "Clínica quirúrgica"
    assert found.payer is not None
    assert found.payer.name == "Aseguradora"
    assert found.practitioners == ("Ana Soler",)


def test_a_reason_may_be_a_condition_of_the_bundle() -> None:
    condition = resource("Condition", id="c", code=coded(SNOMED, "254837009", "Cancer"))
    found = request(condition, service(reasonReference=[{"reference": "Condition/c"}]))
    assert (found.reason, [one.code for one in found.reason_codings]) == ("Cancer", ["254837009"])


def test_a_consultation_is_not_the_procedure_that_is_planned() -> None:
    planned = resource("Procedure", status="preparation", code=coded(CPT, "22612"), performedDateTime="2026-12-01")
    found = request(planned, service(code=coded(SNOMED, "11429006", "Consultation")))
    assert found.planned_procedure is not None
    assert (found.planned_procedure.code, found.procedure_on) == ("22612", date(2026, 12, 1))


def test_the_request_for_a_second_opinion_is_picked_out_of_many() -> None:
    asked = service(category=[coded(LOINC, "47040-1")], id="asked", note=[{"text": "This one?"}])
    found = request(service(id="lab"), asked, service(id="xray"))
    assert [one.text for one in found.questions] == ["This one?"]


def test_several_requests_of_which_none_is_marked_are_none() -> None:
    incoming = read_bundle(bundle(*PEOPLE, service(id="1"), service(id="2")), NOW)
    assert incoming.request is None
    assert [one.warning for one in incoming.noticed] == [BundleWarning.SEVERAL_REQUESTS] * 2


def test_requests_that_are_over_are_no_requests() -> None:
    assert read_bundle(bundle(*PEOPLE, service(status="completed"), service(status="revoked")), NOW).request is None


def test_a_request_about_somebody_else_is_left_out() -> None:
    incoming = read_bundle(bundle(*PEOPLE, service() | {"subject": {"reference": "Patient/x"}}), NOW)
    assert incoming.request is None
    assert BundleWarning.SUBJECT_NOT_IN_BUNDLE in {one.warning for one in incoming.noticed}


def test_a_preauthorization_says_what_is_asked() -> None:
    diagnosis = {"sequence": 1, "diagnosisCodeableConcept": coded("http://hl7.org/fhir/sid/icd-10-cm", "M171")}
    item = {"sequence": 1, "productOrService": coded(CPT, "27447"), "servicedDate": "2026-12-10"}
    incoming = read_bundle(
        bundle(*PEOPLE, claim(diagnosis=[diagnosis], item=[item], facility={"reference": "Location/l"})), NOW
    )
    found = incoming.request
    assert found is not None
    assert found.planned_procedure is not None
    assert (found.planned_procedure.code, found.procedure_on, found.priority) == ("27447", date(2026, 12, 10), "stat")
    assert found.reason == "M17.1"
    assert [one.name for one in (found.requester, found.performer, found.payer) if one] == [
        "Hospital",
        "Clínica quirúrgica",
        "Aseguradora",
    ]
    assert [one.code for item in incoming.record.conditions for one in item.codings] == ["M17.1"]


def test_a_preauthorization_may_name_the_order_by_an_extension() -> None:
    order = service(id="o", code=coded(CPT, "33533"), occurrencePeriod={"start": "2026-12-24"})
    url = "http://hl7.org/fhir/us/davinci-pas/StructureDefinition/extension-requestedService"
    item = {
        "sequence": 1,
        "extension": [{"url": url, "valueReference": {"reference": "ServiceRequest/o"}}],
        "productOrService": coded("https://codesystem.x12.org/005010/1365", "2"),
    }
    found = request(order, claim(item=[item]))
    assert found.planned_procedure is not None
    assert (found.planned_procedure.code, found.procedure_on) == ("33533", date(2026, 12, 24))


def test_a_bill_is_no_request() -> None:
    assert read_bundle(bundle(*PEOPLE, claim(use="claim")), NOW).request is None


def test_the_claim_that_replaces_another_is_the_request() -> None:
    old = claim(id="old", identifier=[{"value": "1"}])
    new = claim(id="new", identifier=[{"value": "2"}], related=[{"claim": {"reference": "Claim/old"}}])
    assert request(old, new).identifiers == ("|2",)


CANCELLED = {
    "url": "http://hl7.org/fhir/us/davinci-pas/StructureDefinition/extension-certificationType",
    "valueCodeableConcept": coded("https://codesystem.x12.org/005010/1322", "3"),
}


@pytest.mark.parametrize(
    ("resources", "reason"),
    [
        ([{"resourceType": "ClaimResponse"}], "payer's answer"),
        ([claim(meta={"profile": ["http://x/profile-claim-inquiry"]})], "earlier request"),
        ([claim(extension=[CANCELLED])], "cancels"),
    ],
)
def test_what_is_no_request_for_care_is_refused_with_a_remedy(resources: list[dict[str, Any]], reason: str) -> None:
    with pytest.raises(BundleError, match=reason) as caught:
        read_bundle(bundle(*PEOPLE, *resources), NOW)
    assert caught.value.remedy


def test_organisations_that_manage_each_other_in_circles_end() -> None:
    circle = {
        "resourceType": "Location",
        "id": "c",
        "name": "Sala",
        "managingOrganization": {"reference": "Location/c"},
    }
    found = request(circle, service(locationReference=[{"reference": "Location/c"}]))
    assert found.performer is not None
    assert found.performer.name == "Sala"
