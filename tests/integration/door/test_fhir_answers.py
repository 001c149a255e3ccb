"""A claim that was sent in FHIR, carried to its end: what the payer is told, what it may read, and who hears of it."""

import json

import pytest
from sqlmodel import select

from models import Report, WebhookDelivery
from pathways.vocabulary import Specialty
from secunda.adapters.fhir.document.build import document_bundle
from secunda.case_context import CaseContext
from secunda.db import transaction
from secunda.report_input import report_content
from tests.integration.door.conftest import Insurer, Joins
from tests.integration.door.test_fhir_door import (
    BASE,
    SUBSCRIPTION,
    actions,
    an_update,
    fhir,
    issue,
    parameters,
    response_in,
    submit,
)
from tests.integration.surroundings import employ
from tests.integration.walk import DISSENTS, Walk
from tests.integration.walking import Walker
from tests.unit.fhir_door.samples import Json, an_item, claim_bundle

CERTIFYING = "example-health"  # its file says that agreement certifies


@pytest.fixture
def payer(walker: Walker, joins: Joins) -> Insurer:
    employ(Specialty.ORTHOPEDICS)
    return joins(CERTIFYING)


@pytest.fixture
def walk(walker: Walker, payer: Insurer) -> Walk:
    """Asked for by claim, as far as it goes by itself."""
    found = Walk(walker, response_in(submit(payer, claim_bundle()))["preAuthRef"])
    walker.settle(found.reference)
    return found


def inquire(insurer: Insurer) -> list[Json]:
    """The resources of the answer, the ClaimResponse first."""
    return [entry["resource"] for entry in fhir(insurer, "POST", "Claim/$inquire", claim_bundle()).json()["entry"]]


def test_papers_that_come_take_themselves_off_the_list(walk: Walk, payer: Insurer) -> None:
    walk.consents()

    def asked_for() -> set[str]:
        task = fhir(payer, "GET", f"Task/{walk.reference}.attachments").json()
        return {one["valueCodeableConcept"]["coding"][0]["code"] for one in task["input"][1:]}

    before = asked_for()
    assert before
    wanted = sorted(before)[0]
    fhir(payer, "POST", "$submit-attachment", parameters(walk.reference, (wanted, b"What the hospital wrote.")))
    assert asked_for() < before


def test_agreement_certifies_where_the_payers_file_says_so(walk: Walk, payer: Insurer) -> None:
    walk.goes_to_its_end()
    response, *others = inquire(payer)
    assert (actions(response), response["outcome"]) == (["A1"], "complete")
    concordance = next(one for one in response["extension"] if one["url"].endswith("concordance"))
    assert {part["url"] for part in concordance["extension"]} >= {"diagnosis", "treatment", "dissent"}
    assert {"DocumentReference", "DiagnosticReport", "Composition"} <= {one["resourceType"] for one in others}


def test_dissent_stays_pended_to_the_medical_director_with_the_reason(walk: Walk, payer: Insurer) -> None:
    walk.goes_to_the_readers()
    role, *rest = sorted(walk.panel)
    walk.signs(role, **DISSENTS)
    walk.signs(*rest)
    walk.goes_to_its_end()
    response = inquire(payer)[0]
    assert (actions(response), response["outcome"]) == (["A4"], "partial")
    assert response["disposition"].startswith("Pended to your medical director:")


def test_the_opinion_is_read_as_structure_and_as_pdf_by_its_payer_alone(
    walk: Walk, payer: Insurer, other: Insurer
) -> None:
    assert fhir(payer, "GET", "Composition").json()["total"] == 0
    walk.goes_to_its_end()
    composition = fhir(payer, "GET", f"Composition?related=ServiceRequest/{walk.reference}").json()["entry"][0]
    identity = composition["resource"]["id"]
    document = fhir(payer, "GET", f"Composition/{identity}/$document").json()
    assert (document["type"], document["entry"][0]["resource"]["resourceType"]) == ("document", "Composition")
    assert document["entry"][0]["resource"]["identifier"]["value"] == f"{walk.reference}/1"
    with transaction() as session:
        row = session.exec(select(Report)).one()
        told = report_content(CaseContext(session, walk.case, walk.walker.time.at), row.version)
        assert told.sha256 == row.content_sha256  # what is told is what was printed
    assert document == document_bundle(told, told.language) == payer.get(f"reviews/{walk.reference}/opinion").json()
    report = fhir(payer, "GET", f"DiagnosticReport/{identity}").json()
    binary = report["presentedForm"][0]["url"]
    got = payer.send("GET", f"{BASE}/{binary}", headers={"Accept": "application/pdf"})
    assert (got.status_code, len(got.content)) == (200, report["presentedForm"][0]["size"])
    assert fhir(payer, "GET", binary).json()["resourceType"] == "Binary"
    for path in (f"Composition/{identity}", f"Composition/{identity}/$document", binary):
        assert other.send("GET", f"{BASE}/{path}").status_code == 404


def test_an_answered_review_takes_no_update_and_no_papers(walk: Walk, payer: Insurer) -> None:
    walk.goes_to_its_end()
    late = submit(payer, an_update(item=[an_item(1, "27447"), an_item(2, "29881")]))
    assert (late.status_code, issue(late)["code"]) == (409, "conflict")
    papers = fhir(payer, "POST", "$submit-attachment", parameters(walk.reference, ("24802-1", b"x")))
    assert (papers.status_code, issue(papers)["code"]) == (409, "conflict")


def test_a_subscriber_hears_of_the_answer_and_of_nothing_about_the_patient(walk: Walk, payer: Insurer) -> None:
    fhir(payer, "POST", "Subscription", SUBSCRIPTION)
    walk.goes_to_its_end()
    with transaction() as session:
        bodies = [json.loads(row.body) for row in session.exec(select(WebhookDelivery))]
    kinds = [
        parameter["valueCode"]
        for body in bodies
        for parameter in body["entry"][0]["resource"]["parameter"]
        if parameter["name"] == "type"
    ]
    assert sorted(kinds) == ["event-notification", "handshake"]
    told = json.dumps(bodies)
    assert f"ClaimResponse/{walk.reference}" in told
    assert not any(word in told for word in ("Marcador", "Núria", "27447", "M17"))
