"""A document that names another patient is not used before a person has looked at it."""

from datetime import date
from io import BytesIO

import pydicom
from sqlmodel import select

from models import Assignment, Case, Document
from pathways.vocabulary import Specialty
from secunda import clock
from secunda.actions.attach import attach
from secunda.actions.consent import give_consent
from secunda.actions.identity import confirm_patient
from secunda.case_context import CaseContext
from secunda.db import transaction
from secunda.demo.papers import study
from secunda.documents import Said
from secunda.readable import readable_documents
from tests.functional.carrying import launch_example

CINE = "18745-0"


def a_study_of(name: str) -> BytesIO:
    """Cine images whose header names a patient."""
    image = pydicom.dcmread(BytesIO(study("XA", date(2026, 2, 1), 3)))
    image.PatientName, image.PatientBirthDate = name, "19010101"
    file = BytesIO()
    image.save_as(file)
    file.seek(0)
    return file


def usable(reference: str) -> list[int]:
    with transaction() as session:
        case = session.exec(select(Case).where(Case.reference == reference)).one()
        context = CaseContext(session, case, clock.now())
        by_rules = [document.number for document in context.documents if document.is_usable]
        assert len(context.received()) == len(by_rules)
        anybody = Assignment(
            case_id=case.id, role="none", expert_id=case.id, offered_at=context.now, accept_by=context.now
        )
        assert [document.number for document in readable_documents(context, anybody)] == by_rules
        return by_rules


def test_a_study_of_somebody_else_counts_only_when_confirmed(database: str) -> None:
    reference = launch_example(Specialty.CARDIOLOGY)
    give_consent(reference, "patient")
    attached = attach(reference, a_study_of("DOE^OTHER"), "requester", Said(loinc=CINE))
    number = attached.documents[0].number
    assert "patient_name_differs" in attached.warnings
    assert number not in usable(reference)

    confirm_patient(reference, number, "coordinator", "maiden name; checked by phone")
    assert number in usable(reference)
    with transaction() as session:
        document = session.exec(select(Document).where(Document.number == number)).one()
        assert document.names_somebody_else is False
