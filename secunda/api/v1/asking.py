"""From what a payer writes to what is launched."""

from models.door_status import ReviewSource
from secunda.api.v1.shapes import CodeIn, PatientIn, ReviewIn
from secunda.clients.caller import Caller
from secunda.launch_request import Request
from secunda.reviews.asked import Code, ReviewRequest
from secunda.reviews.bundle import Person, Question, bundle_of, with_question


def asked(body: ReviewIn, who: Caller) -> ReviewRequest:
    """The request in the shape that every door shares."""
    question = Question(
        payer_reference=body.payer_reference,
        procedure=_code(body.procedure),
        diagnoses=tuple(_code(one) for one in body.diagnoses),
        planned_on=body.planned_on,
    )
    bundle = bundle_of(_person(body.patient), question) if body.patient else with_question(body.bundle or {}, question)
    return ReviewRequest(
        payer=who.payer,
        payer_reference=body.payer_reference,
        source=ReviewSource.REST,
        bundle=bundle,
        procedure=question.procedure,
        planned_on=body.planned_on,
        diagnoses=question.diagnoses,
        launch=_launch(body),
        client_id=who.client_key,
    )


def _launch(body: ReviewIn) -> Request:
    return Request(
        specialty=body.pathway,
        requester=body.requester,
        requester_email=body.requester_email or "",
        language=body.language or "",
        jurisdiction=body.jurisdiction,
        first_institution=body.first_institution,
        operating_site=body.operating_site,
        questions=tuple(body.questions),
        patient_questions=tuple(body.patient_questions),
        flags=tuple(body.flags),
        procedure_on=body.planned_on,
    )


def _person(patient: PatientIn) -> Person:
    return Person(
        family_name=patient.family_name,
        given_names=tuple(patient.given_names),
        birth_date=patient.birth_date,
        sex=patient.sex,
        identifiers=tuple((one.system, one.value) for one in patient.identifiers),
        email=patient.email or "",
        phone=patient.phone or "",
        language=patient.language or "",
    )


def _code(code: CodeIn) -> Code:
    return Code(code.system, code.code, code.display)
