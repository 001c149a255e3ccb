"""A case: one request for a second opinion (FHIR ServiceRequest, category LOINC 47040-1)."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlmodel import Field

from models.base import Row, json_list, json_object, optional_timestamp, timestamp, word
from models.case_indexes import CASE_INDEXES
from models.status import CaseStatus, HoldCause, Outcome, Step


class Case(Row, table=True):
    """The row is the only truth about a case; the Prefect flow run is its life.

    `lease_*`: who is executing it now; `lease_token` fences a worker that comes back late. `wake_requested_at` is
    set in the transaction of an event that lets the case move, and cleared by the execution that takes it up.
    """

    __tablename__ = "care_case"
    __table_args__ = CASE_INDEXES

    reference: str = Field(unique=True, max_length=12)  # SO-XXXX-XXXX, the only name that leaves the domain store
    request_digest: str = Field(unique=True, max_length=64)  # the same request launched twice is one case
    specialty: str = Field(max_length=20, index=True)
    pathway_hash: str = Field(foreign_key="pathway_version.hash", max_length=64)
    jurisdiction: str = Field(default="", max_length=20)
    language: str = Field(default="es", max_length=2)
    payer: str = Field(default="", max_length=40, index=True)
    requester: str = Field(default="", max_length=120)
    requester_email: str = Field(default="", max_length=254)
    first_institution: str = Field(default="", max_length=200)
    operating_site: str = Field(default="", max_length=200)
    treating_practitioners: list[str] = json_list()
    planned_procedure: str = Field(default="", max_length=64)
    procedure_on: date | None = None
    treatment_starts_on: date | None = None
    first_symptoms_on: date | None = None
    flags: list[str] = json_list()
    patient_id: UUID = Field(foreign_key="patient.id", index=True)

    status: CaseStatus = word(CaseStatus, CaseStatus.REQUESTED, index=True)
    finished_steps: list[str] = json_list()
    urgency: str | None = Field(default=None, max_length=2)
    triage: dict[str, Any] = json_object()
    extra_roles: list[str] = json_list()
    extended_clocks: list[str] = json_list()  # keys of legal clocks that were given the extension that the law allows
    outcome: Outcome | None = word(Outcome, None, nullable=True)
    hold_reason: str = ""
    hold_cause: HoldCause | None = word(HoldCause, None, nullable=True)
    held_from: CaseStatus | None = word(CaseStatus, None, nullable=True)

    launched_at: datetime = timestamp()
    documents_asked_at: datetime | None = optional_timestamp()
    file_complete_at: datetime | None = optional_timestamp()
    waiting_since: datetime | None = optional_timestamp()
    next_deadline_at: datetime | None = optional_timestamp(index=True)
    report_due_at: datetime | None = optional_timestamp()
    closed_at: datetime | None = optional_timestamp()

    flow_run_id: UUID | None = Field(default=None, index=True)
    run_attempt: int = 1  # how many runs were made for this case; more than one only when Prefect lost one
    seen_run_state_id: UUID | None = None  # the ended state of the run that was already acted upon
    failures: int = 0  # unexpected errors in a row
    wake_requested_at: datetime | None = optional_timestamp()
    lease_holder: str = Field(default="", max_length=80)
    lease_token: int = 0
    lease_until: datetime | None = optional_timestamp()

    event_count: int = 0
    event_head: str = Field(default="", max_length=64)
    change_head: str = Field(default="", max_length=64)  # hash of the newest event that is more than a read

    def has_finished(self, step: Step) -> bool:
        """Whether `step` has been done once and for all."""
        return step.value in self.finished_steps
