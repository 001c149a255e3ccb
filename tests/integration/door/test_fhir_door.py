"""`/fhir/R4` on a real database: requests, updates, inquiries, papers, the final answer; and who may see what."""

import base64
import json
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from typing import Any

import httpx
import pytest
from fhir.resources.R4B import get_fhir_model_class
from sqlmodel import select

from models import Case, Document, Event, Review
from models.door_status import Certification
from pathways.triage import triage
from secunda import clock, db, events
from secunda.case_context import CaseContext
from secunda.db import transaction
from secunda.fhir_door.names import PAS
from tests.conftest import use_settings
from tests.integration.door.conftest import Insurer, Joins
from tests.unit.fhir_door.samples import Json, an_item, claim_bundle, encoded

BASE = "/fhir/R4"
FHIR = "application/fhir+json"


def fhir(insurer: Insurer, method: str, path: str, body: Any = None, **headers: str) -> httpx.Response:
    """A request as a FHIR client makes it; every JSON that comes back is valid."""
    said = {"Content-Type": FHIR, "Accept": FHIR} | {name.replace("_", "-"): value for name, value in headers.items()}
    content = body if isinstance(body, bytes | None) else encoded(body)
    answer = insurer.send(method, f"{BASE}/{path}", headers=said, content=content)
    if answer.content:
        assert answer.headers["content-type"].startswith(FHIR), answer.text
        resource = answer.json()
        get_fhir_model_class(resource["resourceType"]).model_validate(resource)
    return answer


def submit(insurer: Insurer, bundle: Json, **headers: str) -> httpx.Response:
    return fhir(insurer, "POST", "Claim/$submit", bundle, **headers)


def response_in(answer: httpx.Response) -> Json:
    assert answer.status_code == 200, answer.text
    found: Json = answer.json()["entry"][0]["resource"]
    assert found["resourceType"] == "ClaimResponse"
    return found


def actions(response: Json) -> list[str]:
    return [
        item["adjudication"][0]["extension"][0]["extension"][0]["valueCodeableConcept"]["coding"][0]["code"]
        for item in response["item"]
    ]


def issue(answer: httpx.Response) -> Json:
    found: Json = answer.json()
    assert found["resourceType"] == "OperationOutcome", answer.text
    first: Json = found["issue"][0]
    return first


@pytest.fixture
def reference(insurer: Insurer) -> str:
    """A review that was asked for by claim."""
    found: str = response_in(submit(insurer, claim_bundle()))["preAuthRef"]
    return found


def test_a_request_is_pended_under_the_reference_of_its_case(insurer: Insurer) -> None:
    answer = submit(insurer, claim_bundle())
    response = response_in(answer)
    assert (actions(response), response["outcome"]) == (["A4"], "queued")
    tasks = [one["resource"] for one in answer.json()["entry"] if one["resource"]["resourceType"] == "Task"]
    needed = {one["valueCodeableConcept"]["coding"][0]["code"] for one in tasks[0]["input"][1:]}
    assert {"59284-0", "28565-0"} <= needed  # consent, X-ray of the knee: known before anybody has consented
    assert answer.headers["location"].endswith(f"/ClaimResponse/{response['preAuthRef']}")
    with transaction() as session:
        case = session.exec(select(Case)).one()
        assert (case.reference, case.payer, case.specialty) == (response["preAuthRef"], insurer.payer, "orthopedics")
        assert (case.planned_procedure, str(case.procedure_on)) == ("27447", "2026-05-04")
        assert events.verify(session, case) is None


def test_the_same_claim_sent_again_is_one_review(insurer: Insurer, reference: str) -> None:
    again = claim_bundle()
    again["timestamp"] = "2026-03-02T10:00:00Z"
    assert response_in(submit(insurer, again))["preAuthRef"] == reference
    with transaction() as session:
        assert len(session.exec(select(Review)).all()) == 1


def test_a_claim_sent_many_times_at_once_is_one_review(insurer: Insurer) -> None:
    with ThreadPoolExecutor(6) as threads:
        answers = list(threads.map(lambda _: submit(insurer, claim_bundle()), range(12)))
    assert len({response_in(answer)["preAuthRef"] for answer in answers}) == 1
    with transaction() as session:
        assert len(session.exec(select(Case)).all()) == 1


def test_claims_of_one_new_patient_at_once_are_reviews_of_their_own(insurer: Insurer) -> None:
    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(lambda n: submit(insurer, claim_bundle(identifier=f"n-{n}")), range(4)))
    assert len({response_in(answer)["preAuthRef"] for answer in answers}) == 4


def test_a_claim_identifier_stands_for_one_request(insurer: Insurer, reference: str) -> None:
    answer = submit(insurer, claim_bundle(code="27130"))
    assert (answer.status_code, issue(answer)["code"]) == (409, "duplicate")
    assert issue(answer)["expression"] == ["Bundle.entry[0].resource.ofType(Claim).identifier[0]"]


def test_one_item_more_of_the_same_service_is_another_request(insurer: Insurer, reference: str) -> None:
    """Nobody may take an answer about one item for an answer about two."""
    answer = submit(insurer, claim_bundle(item=[an_item(1, "27447"), an_item(2, "27447")]))
    assert (answer.status_code, issue(answer)["code"]) == (409, "duplicate")
    assert submit(insurer, claim_bundle()).status_code == 200


def test_a_service_dated_in_the_past_hastens_nothing(insurer: Insurer) -> None:
    """The note says so, and so does the class: else a mistyped year would bind us to 72 hours."""
    for on, urgency in (("2020-05-04", "P2"), (clock.now().date().isoformat(), "P1")):
        bundle = claim_bundle(identifier=on, item=[an_item(1, "27447", servicedDate=on)])
        number = response_in(submit(insurer, bundle))["preAuthRef"]
        with transaction() as session:
            case = session.exec(select(Case).where(Case.reference == number)).one()
            context = CaseContext(session, case, clock.now())
            assert triage(context.pathway, context.facts).urgency == urgency


def test_what_the_payer_does_not_mandate_is_refused_with_the_reason(insurer: Insurer) -> None:
    answer = submit(insurer, claim_bundle(code="99213"))
    assert (answer.status_code, issue(answer)["code"]) == (422, "business-rule")
    assert issue(answer)["expression"] == ["Bundle.entry[0].resource.ofType(Claim).item[0].productOrService"]
    assert "99213 is on none of the lists" in issue(answer)["diagnostics"]


def test_two_payers_may_use_the_same_claim_identifier(insurer: Insurer, other: Insurer, reference: str) -> None:
    assert response_in(submit(other, claim_bundle()))["preAuthRef"] != reference


def an_update(**claim: Any) -> Json:
    bundle = claim_bundle(**claim)
    earlier = deepcopy(claim_bundle()["entry"][0])
    earlier["fullUrl"], earlier["resource"]["id"] = "https://payer.example/fhir/Claim/earlier", "earlier"
    bundle["entry"].append(earlier)
    bundle["entry"][0]["resource"]["related"] = [{"claim": {"reference": "Claim/earlier"}}]
    return bundle


CANCELLED = {"modifierExtension": [{"url": f"{PAS}modifierextension-infoCancelled", "valueBoolean": True}]}


def test_an_update_adds_and_moves_and_cancels_items(insurer: Insurer, reference: str) -> None:
    first = an_update(item=[an_item(1, "27447", servicedDate="2026-06-01"), an_item(2, "29881")])
    response = response_in(submit(insurer, first))
    assert (response["preAuthRef"], actions(response)) == (reference, ["A4", "A4"])
    second = an_update(item=[an_item(1, "27447", servicedDate="2026-06-01"), an_item(2, "29881", **CANCELLED)])
    assert actions(response_in(submit(insurer, second))) == ["A4", "C"]
    with transaction() as session:
        case = session.exec(select(Case)).one()
        assert str(case.procedure_on) == "2026-06-01"
        kinds = [event.kind for event in session.exec(select(Event).where(Event.kind == "review_updated"))]
        assert len(kinds) == 2
        assert events.verify(session, case) is None


def test_an_update_sent_twice_is_done_once(insurer: Insurer, reference: str) -> None:
    bundle = an_update(item=[an_item(1, "27447"), an_item(2, "29881")])
    tags = {submit(insurer, bundle).headers["etag"] for _ in range(2)}
    assert len(tags) == 1


def test_a_claim_that_comes_again_after_its_update_changes_nothing(insurer: Insurer, reference: str) -> None:
    submit(insurer, an_update(item=[an_item(1, "27447"), an_item(2, "29881")]))
    response = response_in(submit(insurer, claim_bundle()))
    assert (response["preAuthRef"], actions(response)) == (reference, ["A4", "A4"])


def test_an_update_of_a_state_that_is_no_more_is_refused(insurer: Insurer, reference: str) -> None:
    old = submit(insurer, claim_bundle()).headers["etag"]
    bundle = an_update(item=[an_item(1, "27447"), an_item(2, "29881")])
    assert submit(insurer, bundle, If_Match=old).status_code == 200
    again = an_update(item=[an_item(1, "27447"), an_item(3, "29881")])
    assert submit(insurer, again, If_Match=old).status_code == 412


def test_cancelling_every_item_withdraws_the_review(insurer: Insurer, reference: str) -> None:
    for _ in range(2):
        response = response_in(submit(insurer, an_update(item=[an_item(1, "27447", **CANCELLED)])))
        assert (actions(response), response["outcome"]) == (["C"], "complete")
    with transaction() as session:
        assert session.exec(select(Review)).one().certification is Certification.CANCELLED
    late = submit(insurer, an_update(item=[an_item(1, "27447"), an_item(2, "29881")]))
    assert (late.status_code, issue(late)["code"]) == (409, "conflict")


def test_an_update_of_a_claim_that_is_somebody_elses_is_answered_like_an_unknown_one(
    insurer: Insurer, other: Insurer, reference: str
) -> None:
    theirs = submit(other, an_update())
    unknown = submit(other, an_update(related=[{"claim": {"identifier": {"value": "nothing"}}}]))
    assert theirs.status_code == unknown.status_code == 422
    assert issue(theirs)["code"] == "not-found"
    assert theirs.json() == submit(other, an_update()).json()


def test_an_inquiry_finds_by_number_and_by_example(insurer: Insurer, other: Insurer, reference: str) -> None:
    by_identifier = fhir(insurer, "POST", "Claim/$inquire", claim_bundle())
    assert response_in(by_identifier)["preAuthRef"] == reference
    by_patient = fhir(insurer, "POST", "Claim/$inquire", claim_bundle(identifier="another"))
    assert response_in(by_patient)["preAuthRef"] == reference
    theirs = fhir(other, "POST", "Claim/$inquire", claim_bundle()).json()
    assert [entry["resource"]["resourceType"] for entry in theirs["entry"]] == ["OperationOutcome"]


def test_an_inquiry_tells_nothing_of_another_patient(insurer: Insurer, reference: str) -> None:
    bundle = claim_bundle()
    bundle["entry"][1]["resource"] |= {"identifier": [{"value": "X"}], "name": [{"family": "Altra"}]}
    found = fhir(insurer, "POST", "Claim/$inquire", bundle).json()
    assert [entry["resource"]["resourceType"] for entry in found["entry"]] == ["OperationOutcome"]


def parameters(tracking: str, *attachments: tuple[str, bytes]) -> Json:
    named: list[Json] = [
        {"name": "TrackingId", "valueIdentifier": {"value": tracking}},
        {"name": "AttachTo", "valueCode": "preauthorization"},
    ]
    for code, content in attachments:
        resource = {
            "resourceType": "Binary",
            "contentType": "text/plain",
            "data": base64.b64encode(content).decode(),
        }
        parts = [
            {"name": "LineItem", "valueString": "1"},
            {"name": "Code", "valueCodeableConcept": {"coding": [{"system": "http://loinc.org", "code": code}]}},
            {"name": "Content", "resource": resource},
        ]
        named.append({"name": "Attachment", "part": parts})
    return {"resourceType": "Parameters", "parameter": named}


def test_papers_are_attached_by_loinc_code_and_told_once(insurer: Insurer, reference: str) -> None:
    sent = parameters(reference, ("24802-1", b"MRI of the knee: cartilage loss."))
    for expected in ("was received", "was here already"):
        answer = fhir(insurer, "POST", "$submit-attachment", sent)
        assert answer.status_code == 200, answer.text
        assert expected in answer.json()["issue"][0]["diagnostics"]
    found = fhir(insurer, "GET", f"DocumentReference?related=ServiceRequest/{reference}&type=24802-1").json()
    attachment = found["entry"][0]["resource"]["content"][0]["attachment"]
    got = insurer.send("GET", f"{BASE}/{attachment['url']}")
    assert got.content == b"MRI of the knee: cartilage loss."


def test_a_paper_of_a_claim_that_was_not_taken_in_is_told_and_kept_in_mind(insurer: Insurer) -> None:
    bundle, program = claim_bundle("with-a-program"), base64.b64encode(b"MZ\x90\0" + bytes(200)).decode()
    paper = {
        "resourceType": "DocumentReference",
        "id": "mri",
        "status": "current",
        "subject": {"reference": "Patient/patient"},
        "type": {"coding": [{"system": "http://loinc.org", "code": "24802-1"}]},
        "content": [{"attachment": {"contentType": "application/pdf", "data": program}}],
    }
    bundle["entry"].append({"fullUrl": "https://payer.example/fhir/DocumentReference/mri", "resource": paper})
    for _ in range(2):  # sent again, it is answered alike
        found = response_in(submit(insurer, bundle))
        (told,) = [one["text"] for one in found["processNote"] if one["text"].startswith("Not taken in: ")]
        assert "document 1 (LOINC 24802-1): " in told and "Windows program" in told
    with transaction() as session:
        (row,) = session.exec(select(Document))
        assert row.sha256 is None and "Windows program" in row.refusal
    history = [one["kind"] for one in insurer.get(f"reviews/{found['preAuthRef']}").json()["history"]]
    assert history.count("document_refused") == 1


@pytest.mark.parametrize(
    ("change", "expression"),
    [
        ({"parameter": []}, "Parameters.parameter.where(name='TrackingId')"),
        ({"resourceType": "Patient"}, "Parameters"),
        ({"parameter": [{"name": "TrackingId", "valueString": "x"}]}, "Parameters.parameter.where(name='Attachment')"),
    ],
)
def test_wrong_parameters_are_named(insurer: Insurer, change: Json, expression: str) -> None:
    answer = fhir(insurer, "POST", "$submit-attachment", parameters("x", ("24802-1", b"x")) | change)
    assert (answer.status_code, issue(answer)["expression"]) == (400, [expression])


def test_papers_for_somebody_elses_review_are_answered_like_those_for_none(
    insurer: Insurer, other: Insurer, reference: str
) -> None:
    theirs = fhir(other, "POST", "$submit-attachment", parameters(reference, ("24802-1", b"x")))
    unknown = fhir(other, "POST", "$submit-attachment", parameters("SO-2222-2222", ("24802-1", b"x")))
    assert (theirs.status_code, theirs.json()) == (404, unknown.json())


KINDS = (
    "ClaimResponse",
    "ServiceRequest",
    "Task",
    "DocumentReference",
    "Composition",
    "DiagnosticReport",
    "AuditEvent",
)


def test_everything_is_read_by_its_payer_alone(insurer: Insurer, other: Insurer, reference: str) -> None:
    fhir(insurer, "POST", "$submit-attachment", parameters(reference, ("24802-1", b"MRI of the knee.")))
    seen = 0
    for kind in KINDS:
        page = fhir(insurer, "GET", kind).json()
        assert page["total"] == len(page.get("entry", []))
        assert fhir(other, "GET", kind).json()["total"] == 0
        for entry in page.get("entry", []):
            one = entry["resource"]
            seen += 1
            assert fhir(insurer, "GET", f"{kind}/{one['id']}").json()["id"] == one["id"]
            foreign, unknown = fhir(other, "GET", f"{kind}/{one['id']}"), fhir(other, "GET", f"{kind}/SO-2222-2222")
            assert (foreign.status_code, foreign.json()) == (404, unknown.json())
            if kind == "DocumentReference":
                assert other.send("GET", f"{BASE}/Binary/{one['id']}").status_code == 404
    assert seen > 4


def test_every_look_is_an_event_and_an_audit_event(insurer: Insurer, reference: str) -> None:
    fhir(insurer, "GET", f"Task/{reference}.attachments")
    found = fhir(insurer, "GET", f"AuditEvent?entity=ServiceRequest/{reference}&_count=100").json()
    told = [entry["resource"]["entity"][0]["description"] for entry in found["entry"]]
    assert "Task" in told
    assert {entry["resource"]["agent"][0]["who"]["display"] for entry in found["entry"]} == {
        f"client:{insurer.client_id}"
    }


def test_pages_follow_each_other_without_a_gap(insurer: Insurer) -> None:
    references = {response_in(submit(insurer, claim_bundle(identifier=f"n-{n}")))["preAuthRef"] for n in range(5)}
    found: list[str] = []
    path = "ClaimResponse?_count=2"
    while path:
        page = fhir(insurer, "GET", path).json()
        assert page["total"] == 5
        found += [entry["resource"]["id"] for entry in page["entry"]]
        following = [link["url"] for link in page["link"] if link["relation"] == "next"]
        path = following[0].rpartition("/")[2] if following else ""
    assert sorted(found) == sorted(references)


def test_a_search_may_be_posted_as_a_form(insurer: Insurer, reference: str) -> None:
    answer = fhir(
        insurer,
        "POST",
        "ClaimResponse/_search",
        f"identifier={reference}".encode(),
        Content_Type="application/x-www-form-urlencoded",
    )
    assert answer.json()["total"] == 1


def test_an_unknown_parameter_is_left_out_or_refused_as_the_client_prefers(insurer: Insurer, reference: str) -> None:
    lenient = fhir(insurer, "GET", "Task?colour=blue").json()
    assert "colour" not in lenient["link"][0]["url"]
    *found, told = lenient["entry"]
    assert [one["search"]["mode"] for one in (*found, told)] == ["match"] * lenient["total"] + ["outcome"]
    assert told["resource"]["issue"][0]["code"] == "not-supported"
    assert fhir(insurer, "GET", "Task?colour=blue", Prefer="handling=strict").status_code == 400
    assert fhir(insurer, "GET", "AuditEvent?date=ge-soon").status_code == 400


@pytest.mark.parametrize("name", ["_sort", "_include", "_revinclude:iterate", "_summary", "_has:Task:focus:_id"])
def test_what_would_change_a_result_is_refused_and_not_left_out(insurer: Insurer, name: str) -> None:
    answer = fhir(insurer, "GET", f"ServiceRequest?{name}=x")
    assert (answer.status_code, issue(answer)["code"]) == (400, "not-supported")


def test_the_metadata_names_what_is_searched_by_and_all_of_it_works(insurer: Insurer, reference: str) -> None:
    values = {"token": reference, "reference": f"ServiceRequest/{reference}", "date": "ge2020-01-01"}
    for resource in fhir(insurer, "GET", "metadata").json()["rest"][0]["resource"]:
        for one in resource.get("searchParam", ()):
            path = f"{resource['type']}?{one['name']}={values[one['type']]}"
            assert fhir(insurer, "GET", path, Prefer="handling=strict").status_code == 200, path


def test_an_update_to_another_procedure_is_another_review(insurer: Insurer, reference: str) -> None:
    """The pathway was chosen for the procedure, and stays: the update is refused whole."""
    before = submit(insurer, claim_bundle()).headers["etag"]
    answer = submit(insurer, an_update(item=[an_item(1, "99213")]))
    assert (answer.status_code, issue(answer)["code"]) == (422, "business-rule")
    assert issue(answer)["expression"] == ["Bundle.entry[0].resource.ofType(Claim).item"]
    assert submit(insurer, claim_bundle()).headers["etag"] == before


def test_a_service_in_the_past_is_reviewed_and_told_of(insurer: Insurer) -> None:
    said = response_in(submit(insurer, claim_bundle(item=[an_item(1, "27447", servicedDate="2019-05-02")])))
    assert any("dated 2019-05-02" in note["text"] for note in said["processNote"])


def test_what_has_not_changed_is_not_sent_again(insurer: Insurer, reference: str) -> None:
    tag = fhir(insurer, "GET", f"ClaimResponse/{reference}").headers["etag"]
    assert fhir(insurer, "GET", f"ClaimResponse/{reference}", If_None_Match=tag).status_code == 304


SUBSCRIPTION = {
    "resourceType": "Subscription",
    "status": "requested",
    "reason": "Results of pended reviews",
    "criteria": "http://hl7.org/fhir/us/davinci-pas/SubscriptionTopic/PASSubscriptionTopic",
    "channel": {
        "type": "rest-hook",
        "endpoint": "https://payer.example/hook",
        "payload": FHIR,
        "header": ["Authorization: Bearer very-secret"],
    },
}


def test_a_subscription_is_made_changed_and_taken_away_by_its_payer_alone(insurer: Insurer, other: Insurer) -> None:
    made = fhir(insurer, "POST", "Subscription", SUBSCRIPTION)
    assert (made.status_code, "very-secret" in made.text) == (201, False)
    assert fhir(insurer, "POST", "Subscription", SUBSCRIPTION).status_code == 200
    path = f"Subscription/{made.json()['id']}"
    assert fhir(other, "GET", path).status_code == 404
    assert fhir(other, "DELETE", path).status_code == 404
    changed = fhir(insurer, "PUT", path, SUBSCRIPTION | {"status": "off"}, If_Match=made.headers["etag"])
    assert changed.json()["status"] == "off"
    assert fhir(insurer, "PUT", path, SUBSCRIPTION, If_Match=made.headers["etag"]).status_code == 412
    assert fhir(insurer, "DELETE", path).status_code == 204
    assert fhir(insurer, "GET", path).status_code == 404


@pytest.mark.parametrize(
    ("element", "value", "expression"),
    [
        ("criteria", "Patient?name=x", "Subscription.criteria"),
        ("channel", SUBSCRIPTION["channel"] | {"type": "email"}, "Subscription.channel.type"),  # type: ignore[operator]
        ("channel", SUBSCRIPTION["channel"] | {"endpoint": "ftp://x"}, "Subscription.channel.endpoint"),  # type: ignore[operator]
        ("channel", SUBSCRIPTION["channel"] | {"endpoint": "https://10.0.0.1/x"}, "Subscription.channel.endpoint"),  # type: ignore[operator]
        ("channel", SUBSCRIPTION["channel"] | {"header": ["Host: x"]}, "Subscription.channel.header[0]"),  # type: ignore[operator]
        ("channel", SUBSCRIPTION["channel"] | {"header": ["X: a\r\nY: b"]}, "Subscription.channel.header[0]"),  # type: ignore[operator]
        ("end", "2001-01-01T00:00:00Z", "Subscription.end"),
    ],
)
def test_a_wrong_subscription_is_named_by_its_element(
    insurer: Insurer, element: str, value: Any, expression: str
) -> None:
    answer = fhir(insurer, "POST", "Subscription", SUBSCRIPTION | {element: value})
    assert (answer.status_code, issue(answer)["expression"]) == (422, [expression])


def a_transaction(**request: Any) -> Json:
    bundle = claim_bundle()
    patient = bundle["entry"][1]
    service = {
        "resourceType": "ServiceRequest",
        "id": "request",
        "identifier": [{"system": "https://payer.example/requests", "value": "R-1"}],
        "status": "active",
        "intent": "order",
        "category": [{"coding": [{"system": "http://loinc.org", "code": "47040-1"}]}],
        "code": {"coding": [{"system": "http://loinc.org", "code": "47040-1"}]},
        "orderDetail": [{"coding": [{"system": "http://www.ama-assn.org/go/cpt", "code": "27447"}]}],
        "subject": {"reference": patient["fullUrl"]},
        "occurrenceDateTime": "2026-05-04",
        "reasonCode": [{"coding": [{"system": "http://hl7.org/fhir/sid/icd-10", "code": "M17.1"}]}],
        **request,
    }
    entries = [
        patient | {"request": {"method": "POST", "url": "Patient"}},
        {"fullUrl": "urn:uuid:1", "resource": service, "request": {"method": "POST", "url": "ServiceRequest"}},
    ]
    return {"resourceType": "Bundle", "type": "transaction", "entry": entries}


def test_a_plain_service_request_opens_one_review_however_often_it_is_sent(insurer: Insurer) -> None:
    first = fhir(insurer, "POST", "", a_transaction(), Prefer="return=representation")
    assert first.status_code == 200, first.text
    entry = first.json()["entry"][1]
    assert (entry["response"]["status"], entry["resource"]["status"]) == ("201 Created", "active")
    again = fhir(insurer, "POST", "", a_transaction()).json()["entry"][1]["response"]
    assert (again["status"], again["location"]) == ("200 OK", entry["response"]["location"])
    assert fhir(insurer, "GET", entry["response"]["location"]).json()["orderDetail"][0]["coding"][0]["code"] == "27447"


def test_a_transaction_without_such_a_request_is_refused(insurer: Insurer) -> None:
    answer = fhir(insurer, "POST", "", a_transaction(category=[]))
    assert (answer.status_code, issue(answer)["expression"]) == (400, ["Bundle.entry"])


def test_strangers_are_told_nothing(insurer: Insurer, joins: Joins) -> None:
    for kind in KINDS:
        answer = insurer.http.get(f"{BASE}/{kind}")
        assert (answer.status_code, issue(answer)["code"]) == (401, "login")
        assert "www-authenticate" in answer.headers
    poor = joins(scopes=["mandates:read"])
    assert issue(fhir(poor, "GET", "Task"))["code"] == "forbidden"
    assert insurer.http.get(f"{BASE}/metadata").status_code == 200
    smart = insurer.http.get(f"{BASE}/.well-known/smart-configuration").json()
    assert smart["token_endpoint"].endswith("/oauth/token")


@pytest.mark.parametrize(
    ("method", "path", "headers", "body", "status"),
    [
        ("POST", "Claim/$submit", {"Content-Type": "text/xml"}, b"<x/>", 415),
        ("POST", "Claim/$submit", {"Content-Type": f"{FHIR}; fhirVersion=5.0"}, b"{}", 415),
        ("POST", "Claim/$submit", {}, b"{", 400),
        ("POST", "Claim/$submit", {}, b'{"x":' * 500, 400),
        ("POST", "Claim/$submit", {}, b"", 400),
        ("GET", "Claim/$submit", {}, None, 405),
        ("DELETE", "ClaimResponse/SO-2222-2222", {}, None, 405),
        ("PATCH", "Task", {}, b"{}", 405),
        ("GET", "Nothing/at/all", {}, None, 404),
        ("GET", "Patient/1", {}, None, 404),
        ("GET", "Task/..%2f..%2fetc", {}, None, 404),
        ("GET", "Task", {"Accept": "application/fhir+xml"}, None, 406),
        ("GET", "Task?_format=xml", {}, None, 406),
        ("GET", "Task?_cursor=xyz", {}, None, 400),
        ("GET", "Task?_count=many", {}, None, 400),
        ("GET", "Task?identifier=%00", {}, None, 400),
    ],
)
def test_every_error_is_an_operation_outcome(
    insurer: Insurer, method: str, path: str, headers: dict[str, str], body: bytes | None, status: int
) -> None:
    answer = fhir(insurer, method, path, body, **headers)
    assert (answer.status_code, answer.json()["resourceType"]) == (status, "OperationOutcome")
    assert issue(answer)["diagnostics"]
    if status == 405:
        assert answer.headers["allow"]


def test_a_body_without_end_is_cut_off(insurer: Insurer, monkeypatch: pytest.MonkeyPatch) -> None:
    db.engine().dispose()  # other settings come with another engine
    use_settings(monkeypatch, max_bundle_bytes=1000)
    answer = fhir(insurer, "POST", "Claim/$submit", json.dumps({"x": "y" * 5000}).encode())
    assert (answer.status_code, issue(answer)["code"]) == (413, "too-long")
