"""Everything that the door builds is FHIR: valid by R4B models, and saying what a payer must know and nothing else."""

from datetime import timedelta
from uuid import uuid4

import pytest
from fhir.resources.R4B import get_fhir_model_class
from hypothesis import given
from hypothesis import strategies as st

from models import Assignment, Document, Event, WebhookEndpoint
from models.door_status import Certification, WebhookKind
from models.status import AssignmentStatus
from secunda.fhir_door.audit import audit_event
from secunda.fhir_door.capability import capability_statement
from secunda.fhir_door.claim_response import REVIEW_ACTIONS, claim_response
from secunda.fhir_door.document_reference import document_reference, report_reference
from secunda.fhir_door.names import Json
from secunda.fhir_door.notifying import notification
from secunda.fhir_door.opinion import KINDS, document, opinion_resource
from secunda.fhir_door.response_bundle import response_bundle, searchset
from secunda.fhir_door.service_request import service_request
from secunda.fhir_door.subscription import subscription
from secunda.fhir_door.task import assignment_task, attachment_task
from tests.unit.fhir_door.samples import NOW, REPORT_ID, a_final_answer, an_answer, elements
from tests.unit.reporting.samples import long

BASE = "https://secunda.example/fhir/R4"
DENIED = "A3"  # X12 306: not certified


def valid(resource: Json) -> Json:
    """Raises where the R4B model of its type refuses it, or anything in it is empty (FHIR R4, ele-1)."""
    get_fhir_model_class(resource["resourceType"]).model_validate(resource)
    assert [one for one in elements(resource) if one in ({}, [], "", None)] == []
    return resource


def actions(response: Json) -> list[str]:
    """The review action of each item."""
    found = []
    for item in response["item"]:
        action = item["adjudication"][0]["extension"][0]["extension"][0]
        found.append(action["valueCodeableConcept"]["coding"][0]["code"])
    return found


def test_a_new_request_is_pended_and_says_what_is_still_asked_for_and_until_when() -> None:
    response = valid(claim_response(an_answer()))
    assert (response["preAuthRef"], response["outcome"], actions(response)) == ("SO-TEST-0001", "queued", ["A4"])
    notes = [note["text"] for note in response["processNote"]]
    assert notes == [
        "Pended: the second opinion is being prepared (awaiting documents).",
        "Determination due 2026-03-05T09:00:00Z under 72 hours (CMS-0057-F): 2 d 22 h 5 min left.",
        "Still asked for: Patient's consent (LOINC 59284-0); MRI of the knee (LOINC 24802-1).",
    ]
    assert response["patient"]["reference"] == "https://payer.example/fhir/Patient/patient"
    assert response["patient"]["identifier"]["value"] == "M-0610504"
    assert response["request"] == {"reference": "https://payer.example/fhir/Claim/request"}


def test_a_certified_answer_carries_the_report_and_the_concordance() -> None:
    answer = a_final_answer(
        certification=Certification.CERTIFIED.value, items=(an_answer().items[0] | {"state": "certified"},)
    )
    response = valid(claim_response(answer))
    assert (response["outcome"], actions(response)) == ("complete", ["A1"])
    assert (
        "diagnosis confirmed, treatment changed, planned procedure uncertain; a member"
        in response["processNote"][1]["text"]
    )
    references = [one["valueReference"]["reference"] for one in response["extension"] if "valueReference" in one]
    assert references == [f"DocumentReference/{answer.report.identity}", f"DiagnosticReport/{answer.report.identity}"]  # type: ignore[union-attr]


def test_without_a_rule_the_answer_stays_pended_to_the_medical_director() -> None:
    answer = a_final_answer(certification="pended_to_medical_director", reason="The treatment is not confirmed.")
    response = valid(claim_response(answer))
    assert (response["outcome"], actions(response)) == ("partial", ["A4"])
    assert response["disposition"].startswith("Pended to your medical director: The treatment is not confirmed.")


def test_nothing_is_ever_denied() -> None:
    """There is no code for it, whatever becomes of a review."""
    assert DENIED not in {code for code, _ in REVIEW_ACTIONS.values()}
    for certification in Certification:
        for answer in (an_answer(certification=certification.value), a_final_answer(certification=certification.value)):
            response = valid(claim_response(answer))
            assert DENIED not in actions(response)
            assert response["outcome"] != "error"


def test_parties_are_echoed_under_the_urls_that_they_were_sent_with() -> None:
    bundle = valid(response_bundle(an_answer(), BASE))
    urls = [entry["fullUrl"] for entry in bundle["entry"]]
    assert urls == [
        f"{BASE}/ClaimResponse/SO-TEST-0001",
        "https://payer.example/fhir/Patient/patient",
        "https://payer.example/fhir/Organization/insurer",
        "https://payer.example/fhir/Organization/hospital",
        f"{BASE}/Task/SO-TEST-0001.attachments",
    ]


def test_whoever_is_referred_to_stands_in_the_answer() -> None:
    bundle = response_bundle(an_answer(), BASE)
    urls = {entry["fullUrl"] for entry in bundle["entry"]}
    response = bundle["entry"][0]["resource"]
    assert {response[name]["reference"] for name in ("patient", "insurer", "requestor")} <= urls


def test_papers_are_asked_for_by_loinc_code_and_line() -> None:
    task = valid(attachment_task(an_answer(), BASE))
    needed = [one["valueCodeableConcept"]["coding"][0]["code"] for one in task["input"][1:]]
    assert (task["status"], needed) == ("requested", ["59284-0", "24802-1"])
    assert task["input"][0]["valueUrl"] == f"{BASE}/$submit-attachment"
    assert valid(attachment_task(an_answer(wanted=()), BASE))["status"] == "completed"


@pytest.mark.parametrize("status", AssignmentStatus)
def test_a_place_on_the_panel_is_a_task_that_names_nobody(status: AssignmentStatus) -> None:
    assignment = Assignment(
        case_id=uuid4(), role="surgeon", expert_id=uuid4(), status=status, offered_at=NOW, accept_by=NOW
    )
    task = valid(assignment_task(assignment, an_answer(), "Knee surgeon"))
    assert task["status"] == status.value
    assert str(assignment.expert_id) not in str(task)


def test_a_document_is_linked_to_its_bytes_only_where_the_payer_sent_it() -> None:
    row = Document(
        case_id=uuid4(), number=1, sha256="ab" * 32, size=7, media_type="application/pdf", loinc="24802-1",
        title="MRI of the knee", received_at=NOW,
    )  # fmt: skip
    theirs = valid(document_reference(row, an_answer(), readable=True))
    assert theirs["content"][0]["attachment"]["url"] == f"Binary/{row.id}"
    assert "url" not in valid(document_reference(row, an_answer(), readable=False))["content"][0]["attachment"]
    valid(document_reference(Document(case_id=uuid4(), number=2, received_at=NOW), an_answer(), readable=False))


def test_the_report_is_a_document_a_composition_and_a_diagnostic_report() -> None:
    answer, content = a_final_answer(), long()
    assert valid(report_reference(answer))["content"][0]["attachment"]["url"].startswith("Binary/")
    for kind in KINDS:
        resource = valid(opinion_resource(kind, answer, content))
        assert resource["id"] == REPORT_ID
        assert [one for one in elements(resource) if isinstance(one, str) and one.startswith("urn:uuid:")] == []
    valid(document(content))


def test_an_access_is_an_audit_event() -> None:
    event = Event(
        case_id=uuid4(), sequence=7, kind="read", actor="client:mutua-1", at=NOW, data={"what": "ClaimResponse"},
        previous_hash="", hash="",
    )  # fmt: skip
    resource = valid(audit_event(event, "SO-TEST-0001"))
    assert (resource["action"], resource["entity"][0]["description"]) == ("R", "ClaimResponse")


def test_the_request_is_readable_as_service_request() -> None:
    resource = valid(service_request(an_answer(bundle=None, patient=an_answer().patient)))
    assert resource["subject"]["identifier"]["value"] == "M-0610504"
    assert (resource["status"], resource["category"][0]["coding"][0]["code"]) == ("active", "47040-1")
    assert valid(service_request(an_answer(certification="cancelled")))["status"] == "revoked"


def test_a_subscription_never_shows_the_secrets_of_its_headers() -> None:
    endpoint = WebhookEndpoint(
        payer="mutua", client_id=uuid4(), kind=WebhookKind.FHIR_REST_HOOK, url="https://payer.example/hook",
        criteria="ClaimResponse", headers={"Authorization": "sealed"}, created_at=NOW,
    )  # fmt: skip
    resource = valid(subscription(endpoint))
    assert resource["channel"]["header"] == ["Authorization: (kept secret)"]


def test_a_notification_holds_an_id_and_nothing_of_the_patient() -> None:
    bundle = valid(notification("s1", "SO-TEST-0001", 3, NOW, BASE))
    assert f"{BASE}/ClaimResponse/SO-TEST-0001" in str(bundle)
    assert len(bundle["entry"]) == 1
    assert "handshake" in str(valid(notification("s1", "", 0, NOW, BASE)))


def test_what_the_server_can_do_is_told() -> None:
    statement = valid(capability_statement(BASE, NOW, "https://secunda.example/oauth/token"))
    types = {one["type"]: one for one in statement["rest"][0]["resource"]}
    assert {"submit", "inquire"} == {one["name"] for one in types["Claim"]["operation"]}
    assert {"Task", "DocumentReference", "Composition", "DiagnosticReport", "AuditEvent", "Subscription"} <= set(types)


def test_pages_are_linked() -> None:
    page = valid(searchset([claim_response(an_answer())], 3, BASE, "ClaimResponse", [("_count", "1")], "abc"))
    assert page["link"][1] == {"relation": "next", "url": f"{BASE}/ClaimResponse?_count=1&_cursor=abc"}
    valid(searchset([], 0, BASE, "Task", [], None))


def test_the_version_changes_with_what_can_be_seen_and_not_with_the_time_that_passes() -> None:
    answer = an_answer()
    clock = answer.clock
    assert clock is not None
    later = an_answer(clock=type(clock)(clock.rule, clock.due_at, clock.left - timedelta(hours=1)))
    assert answer.version_id == later.version_id
    assert answer.version_id != an_answer(stage="Awaiting opinions").version_id
    assert answer.version_id != an_answer(wanted=answer.wanted[:1]).version_id


@given(late=st.timedeltas(timedelta(days=-400), timedelta(days=400)))
def test_time_left_is_told_whatever_it_is(late: timedelta) -> None:
    clock = an_answer().clock
    assert clock is not None
    response = claim_response(
        an_answer(clock=type(clock)(clock.rule, NOW, late, late if late > timedelta() else timedelta()))
    )
    assert ("left" in response["processNote"][1]["text"]) == (late >= timedelta())


def test_every_section_read_alone_says_something_although_no_document_has_a_title() -> None:
    """FHIR R4, cmp-1: what only held references into the document would be an empty section outside of it."""
    content = long()
    untitled = tuple(one.model_copy(update={"title": "", "loinc_name": None}) for one in content.documents)
    read = opinion_resource("Composition", a_final_answer(), content.model_copy(update={"documents": untitled}))
    assert [one["title"] for one in read["section"] if not {"text", "entry", "section"} & one.keys()] == []
