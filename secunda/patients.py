"""Patients as rows: the same source identifiers from the same payer are the same person.

Each payer has patients of its own, and so have cases without one: what one of them sends changes no other's.
"""

import hashlib

from sqlmodel import Session, col, select

from models import Patient
from pathways.facts import ContactPoint, PatientDemographics
from secunda.events import canonical

DEFAULT_LANGUAGE = "es"


def identity_digest(patient: PatientDemographics, payer: str) -> str:
    """SHA-256 over the payer and the identifiers, or name and birth date where the source gives none."""
    known = sorted((identifier.system, identifier.value) for identifier in patient.identifiers)
    said: object = known or [patient.family_name.casefold(), patient.given_name.casefold(), str(patient.birth_date)]
    return hashlib.sha256(canonical([payer, said])).hexdigest()


def patient_row(session: Session, patient: PatientDemographics, payer: str) -> Patient:
    """The row of this person with that payer (empty: none), brought up to date with what the source says now."""
    digest = identity_digest(patient, payer)
    row = session.exec(select(Patient).where(col(Patient.identity_digest) == digest)).first()
    row = row or Patient(identity_digest=digest)
    row.identifiers = [identifier.model_dump() for identifier in patient.identifiers]
    row.given_name, row.family_name = patient.given_name, patient.family_name
    row.birth_date, row.sex, row.address = patient.birth_date, patient.sex, patient.address
    row.email = _first(patient, "email") or row.email
    row.phone = _first(patient, "sms") or _first(patient, "phone") or row.phone
    row.language = patient.language or DEFAULT_LANGUAGE
    session.add(row)
    session.flush()
    return row


def _first(patient: PatientDemographics, system: str) -> str:
    points: tuple[ContactPoint, ...] = patient.telecom
    return next((point.value for point in points if point.system == system), "")
