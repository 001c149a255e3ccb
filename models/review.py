"""A review that a payer asked for (FHIR Claim for preauthorization, or ServiceRequest): what it knows a case by."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from models.base import JSON, Row, json_list, json_object, timestamp, word
from models.door_status import Certification, ReviewSource


class Review(Row, table=True):
    """The clinical opinion is the case's; here stands what concerns the payer only: its reference, its clock, and
    whether the answer to it is certified or pended. It is never a denial.
    """

    __tablename__ = "review"
    __table_args__ = (
        UniqueConstraint("payer", "payer_reference"),
        Index("ix_review_page", "payer", "created_at", "id"),
    )

    case_id: UUID = Field(foreign_key="care_case.id", unique=True)
    client_id: UUID | None = Field(default=None, foreign_key="api_client.id", index=True)  # none: from a file
    payer: str = Field(max_length=40)
    payer_reference: str = Field(max_length=80)
    source: ReviewSource = word(ReviewSource)

    procedure_code: str = Field(max_length=64)
    procedure_system: str = Field(max_length=200)  # canonical URL of the code system
    planned_on: date | None = None
    diagnosis_codes: list[dict[str, str]] = json_list()  # system, code, display
    mandate: dict[str, Any] = json_object()  # the rule of the payer's file that asks for the review
    payer_hash: str | None = Field(default=None, foreign_key="payer_version.hash", max_length=64)  # none: no file

    claim_identifier: str = Field(default="", max_length=200, index=True)  # Claim.identifier, `system|value`
    request_bundle: dict[str, Any] | None = Field(default=None, sa_type=JSON, nullable=True)  # as it came (PAS)
    items: list[dict[str, Any]] = json_list()  # of the claim, each with its state
    clock: dict[str, Any] = json_object()  # determination: rule, started_at, due_at, shares escalated
    certification: Certification = word(Certification, Certification.PENDED)
    certification_reason: str = ""

    version: int = 1  # the ETag: counts every change that the payer can see
    created_at: datetime = timestamp()
    updated_at: datetime = timestamp()
