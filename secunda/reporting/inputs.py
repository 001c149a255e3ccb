"""What a report is built from: the case's rows as plain frozen values, so that building stays pure."""

from datetime import date, datetime

from pydantic import ConfigDict, Field

from pathways.opinion import OpinionContent
from pathways.triage import HeldRule
from pathways.vocabulary import Frozen, Language, Urgency
from secunda.reporting.content import Amendment, ClockStopped
from secunda.reporting.people import PatientIdentity, Requester


class Row(Frozen):
    """Takes a row of `models` as it is (`model_validate(row)`) and ignores what a report does not print."""

    model_config = ConfigDict(frozen=True, extra="ignore", from_attributes=True)


class ChosenInput(Row):
    """Another class than the rules', chosen by a person."""

    reason: str


class TriageInput(Row):
    """What triage recorded: the rules' class, those that held, and what a person chose instead (`secunda.triaging`)."""

    urgency: Urgency
    held: tuple[HeldRule, ...] = ()
    override: ChosenInput | None = None


class CaseInput(Row):
    """The case, and what of it a report prints (`models.Case`)."""

    reference: str
    language: Language
    urgency: Urgency
    triage: TriageInput
    flags: tuple[str, ...] = ()
    launched_at: datetime
    file_complete_at: datetime | None = None
    report_due_at: datetime | None = None


class QuestionInput(Row):
    """`models.Question`."""

    number: int
    asked_by: str
    text: str


class DocumentInput(Row):
    """`models.Document`."""

    number: int
    title: str = ""
    loinc: str = ""
    documented_on: date | None = None
    source: str = ""
    pages: int | None = None
    frames: int | None = None
    modality: str = ""
    study_uid: str = ""
    sha256: str | None = None


class RequirementInput(Row):
    """`models.Requirement`."""

    key: str
    status: str
    reason: str = ""


class SeatInput(Frozen):
    """One seat that gave its opinion: its assignment, its expert and the opinion's final version."""

    role: str
    seat: int = 1
    code: str = ""  # of the expert in the directory
    expert: str
    institution: str = ""
    no_conflict_attested: bool = False
    blind_first: bool = False
    accepted_at: datetime | None = None
    signed_at: datetime | None = None
    content_sha256: str = ""
    opinion: OpinionContent


class ChainLink(Frozen):
    """The event of the case's chain that a report follows (`models.Event`)."""

    sequence: int
    sha256: str


class ReportInput(Frozen):
    """Everything that one version of a report is built from, beside the pathway, the facts and the adjudication.

    `synthesis` is the opinion that the chair wrote for the whole panel, where there is one.
    """

    case: CaseInput
    organisation: str = "Secunda"
    time_zone: str = "Europe/Madrid"
    version: int = Field(default=1, ge=1)
    amendment: Amendment | None = None
    check_address: str = ""
    events: ChainLink | None = None
    reported_at: datetime
    pathway_hash: str
    patient: PatientIdentity
    requester: Requester = Requester()
    questions: tuple[QuestionInput, ...]
    documents: tuple[DocumentInput, ...] = ()
    requirements: tuple[RequirementInput, ...] = ()
    seats: tuple[SeatInput, ...]
    synthesis: OpinionContent | None = None
    triaged_at: datetime | None = None
    adjudicated_at: datetime | None = None
    adjudication_round: int = 1
    board_reason: str = ""
    stops: tuple[ClockStopped, ...] = ()
