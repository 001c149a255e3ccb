"""A patient (FHIR Patient). Identity stays in the domain store."""

from datetime import date

from sqlmodel import Field

from models.base import Row, json_list
from models.case_indexes import PATIENT_INDEXES


class Patient(Row, table=True):
    __tablename__ = "patient"
    __table_args__ = PATIENT_INDEXES

    identity_digest: str = Field(unique=True, max_length=64)  # same payer and source identifiers, same row
    identifiers: list[dict[str, str]] = json_list()
    given_name: str = ""
    family_name: str = ""
    birth_date: date | None = None
    sex: str = Field(default="unknown", max_length=10)
    address: str = ""
    email: str = Field(default="", max_length=254)
    phone: str = Field(default="", max_length=30)
    language: str = Field(default="es", max_length=2)
