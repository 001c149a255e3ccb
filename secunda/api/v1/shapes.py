"""What the API says and hears, in the words of docs/glossary.md. Unknown keys are refused; times are UTC."""

import re
from datetime import UTC, date, datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, model_validator
from pydantic_core import PydanticKnownError

from models.door_status import Certification
from models.status import CaseStatus, Outcome, Owner, RequirementStatus
from pathways.vocabulary import Language, Specialty, Urgency
from secunda.api import patterns

_FULL_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


def _day(value: object) -> object:
    """Pydantic takes a number for the seconds since 1970, too: `0` is no date here. Raises ValueError."""
    if (isinstance(value, str) and not _FULL_DATE.fullmatch(value)) or isinstance(value, int | float):
        raise ValueError("write a date as 2026-11-22")
    return value


def _at_most(length: int) -> BeforeValidator:
    """Characters are counted before the blanks around a text are taken off, as the schema says."""

    def check(value: Any) -> Any:
        if isinstance(value, str) and len(value) > length:
            raise PydanticKnownError("string_too_long", {"max_length": length})
        return value

    return BeforeValidator(check)


Line = Annotated[
    str,
    _at_most(200),
    StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=patterns.LINE),
]
Prose = Annotated[str, _at_most(2000), StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]
Reference = Annotated[
    str,
    _at_most(80),
    StringConstraints(strip_whitespace=True, min_length=1, max_length=80, pattern=patterns.PAYER_REFERENCE),
]
System = Annotated[str, StringConstraints(pattern=patterns.SYSTEM)]
CodeWord = Annotated[str, StringConstraints(pattern=patterns.CODE, min_length=1, max_length=60)]
Email = Annotated[str, StringConstraints(pattern=patterns.EMAIL)]
Phone = Annotated[str, StringConstraints(pattern=patterns.PHONE)]
Day = Annotated[date, BeforeValidator(_day)]  # RFC 3339 full-date
Utc = Annotated[datetime, AfterValidator(lambda at: at.astimezone(UTC))]


class Asked(BaseModel):
    """Comes in."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Told(BaseModel):
    """Goes out."""

    model_config = ConfigDict(from_attributes=True, frozen=True)


class CodeIn(Asked):
    """A code and the URL of its system (FHIR Coding)."""

    system: System = Field(examples=["http://www.ama-assn.org/go/cpt"])
    code: CodeWord = Field(examples=["27447"])
    display: Annotated[str, StringConstraints(max_length=200)] = ""


class IdentifierIn(Asked):
    system: System = Field(examples=["urn:example:member"])
    value: Line = Field(examples=["M-445-1192"])


class PatientIn(Asked):
    """Who the review is about. `language`: what the patient is written to in."""

    family_name: Line
    given_names: Annotated[list[Line], Field(min_length=1, max_length=10)]
    birth_date: Day
    sex: Literal["female", "male", "other", "unknown"] = "unknown"
    identifiers: Annotated[list[IdentifierIn], Field(max_length=10)] = []
    email: Email | None = None
    phone: Phone | None = Field(None, description="E.164")
    language: Language | None = None


class ReviewIn(Asked):
    """A review before a procedure. Either `patient`, or `bundle` (FHIR R4) with the patient and the records."""

    payer_reference: Reference = Field(description="Your own name for it, once only.")
    procedure: CodeIn
    planned_on: Day | None = Field(None, description="The day on which the procedure is planned.")
    diagnoses: Annotated[list[CodeIn], Field(max_length=50)] = []
    patient: PatientIn | None = None
    bundle: dict[str, Any] | None = Field(None, description="A FHIR R4 Bundle.")
    pathway: Specialty | None = Field(None, description="Without it, the one that fits the codes best.")
    questions: Annotated[list[Prose], Field(max_length=20)] = []
    patient_questions: Annotated[list[Prose], Field(max_length=20)] = []
    requester: Annotated[str, StringConstraints(max_length=120)] = ""
    requester_email: Email | None = None
    first_institution: Annotated[str, StringConstraints(max_length=200)] = ""
    operating_site: Annotated[str, StringConstraints(max_length=200)] = ""
    jurisdiction: Annotated[str, StringConstraints(max_length=20)] = Field("", examples=["us-cms"])
    language: Language | None = None
    flags: Annotated[list[Annotated[str, StringConstraints(max_length=60)]], Field(max_length=20)] = []

    @model_validator(mode="after")
    def _has_a_patient(self) -> "ReviewIn":
        if (self.patient is None) == (self.bundle is None):
            raise ValueError("give either patient or bundle")
        return self


class ReviewLaunched(Told):
    """The case is opened. `refused_documents` and `warnings` begin with the pointer within the bundle.

    `due_at`, `seconds_left`: of the clock on your answer; null for an emergency, and before the clock begins.
    """

    reference: str
    payer_reference: str
    pathway: Specialty
    expected_urgency: Urgency
    mandated: bool
    due_at: Utc | None
    seconds_left: int | None
    documents: int
    refused_documents: list[str]
    warnings: list[str]


class ReviewLine(Told):
    """One review in a list: nothing about the patient. `due_at`: when the clock on the payer's answer runs out."""

    reference: str
    payer_reference: str
    pathway: Specialty
    stage: CaseStatus
    outcome: Outcome | None
    certification: Certification
    due_at: Utc | None
    seconds_left: int | None
    next_deadline_at: Utc | None
    created_at: Utc
    closed_at: Utc | None


class ReviewPage(Told):
    items: list[ReviewLine]
    next_cursor: str | None


class CodeOut(Told):
    system: str
    code: str
    display: str = ""


class ChecklistLine(Told):
    """One document that the pathway asks for."""

    key: str
    title: str
    loinc: list[str]
    obligation: str
    status: RequirementStatus
    reason: str


class ClockOut(Told):
    """The clock on the payer's answer. `due_at` is null while it stands still (`stopped_since`); spans in seconds.

    `seconds_left` is less than nothing once the clock has run out. `verified`: checked against the official text.
    """

    rule: str
    title: str
    source: str
    verified: bool
    started_at: Utc
    due_at: Utc | None
    seconds_left: int
    stopped_seconds: int
    stopped_since: Utc | None
    is_breached: bool
    answered_at: Utc | None


class HistoryLine(Told):
    """`by`: secunda, client, patient, requester, expert or programme; nobody is named."""

    sequence: int
    at: Utc
    kind: str
    by: str
    text: str


class Moving(Told):
    """What is told of a review and may change without anything happening to it (`secunda.reviews.standing.MOVING`)."""

    clock: ClockOut | None
    next_deadline_at: Utc | None
    report_due_at: Utc | None


class ReviewOut(Told):
    """Where a review stands. `clock` is null for an emergency only. It is never a denial: that is the payer's alone."""

    reference: str
    payer_reference: str
    pathway: Specialty
    procedure: CodeOut
    planned_on: date | None
    diagnoses: list[CodeOut]
    stage: CaseStatus
    stage_title: str
    must_act: Owner
    outcome: Outcome | None
    urgency: Urgency | None
    certification: Certification
    certification_reason: str | None
    clock: ClockOut | None
    next_deadline_at: Utc | None
    report_due_at: Utc | None
    created_at: Utc
    closed_at: Utc | None
    reports: int = Field(description="How many versions of the report there are.")
    checklist: list[ChecklistLine]
    history: list[HistoryLine]


class WithdrawIn(Asked):
    reason: Prose = Field(examples=["The surgery was cancelled."])


class DocumentOut(Told):
    """A document of a review. `number` counts from 1; opinions and reports refer to it."""

    number: int
    title: str
    loinc: str
    media_type: str
    size: int
    sha256: str
    pages: int | None
    documented_on: date | None
    received_at: Utc
    needs_confirmation: bool = Field(description="It names somebody else: kept apart until a person has looked at it.")


class DocumentsIn(Told):
    documents: list[DocumentOut] = Field(
        description="The file, and what was inside it; empty where it was there before."
    )
    already_there: bool
    warnings: list[str]


class DocumentList(Told):
    items: list[DocumentOut]
