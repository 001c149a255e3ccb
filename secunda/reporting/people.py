"""Who is named in a report, what they asked, what they read and how they agreed."""

from datetime import date, datetime
from typing import Literal

from pydantic import Field

from pathways.opinion import Confidence, Prose, Stance
from pathways.readings import Need
from pathways.vocabulary import AdjudicationRule, Concordance, Frozen, Language, Text


class PatientIdentity(Frozen):
    """The identity block, as the source named the patient (FHIR Patient)."""

    given_name: str = ""
    family_name: str = ""
    birth_date: date | None = None
    sex: Literal["female", "male", "other", "unknown"] = "unknown"  # FHIR administrative gender
    identifiers: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return f"{self.given_name} {self.family_name}".strip()


class Requester(Frozen):
    """Who asked, who pays, and where the first opinion came from."""

    name: str = ""
    payer: str = ""
    first_institution: str = ""
    operating_site: str = ""
    planned_procedure: str = ""
    procedure_on: date | None = None


class AnsweredQuestion(Frozen):
    """A question with its answer; an empty answer stops the report."""

    number: int = Field(ge=1)
    asked_by: Literal["requester", "patient"]
    text: str
    answer: Prose = ""


class ReviewedDocument(Frozen):
    """One record that the panel read, or the files of one imaging study together; findings refer to `numbers`.

    `sha256` of several files is the hash of their hashes, one a line, in the order of their numbers.
    """

    numbers: tuple[int, ...] = Field(min_length=1)
    title: str = ""
    loinc: str = ""
    loinc_name: Text | None = None
    documented_on: date | None = None
    source: str = ""
    pages: int | None = None
    frames: int | None = None  # DICOM
    modality: str = ""
    sha256: str = ""  # whole; the report prints the first twelve digits

    @property
    def label(self) -> str:
        """`7`, `7–12` where the numbers follow each other, else `7, 9, 12`."""
        first, last = self.numbers[0], self.numbers[-1]
        if first == last:
            return str(first)
        return f"{first}–{last}" if last - first + 1 == len(self.numbers) else ", ".join(map(str, self.numbers))


class MissingDocument(Frozen):
    """A requirement that ended without its document, and why."""

    title: Text
    limited: bool  # cannot be obtained: proceed with limitation; else waived
    reason: str


class Signature(Frozen):
    """What an expert's lock attests."""

    signed_at: datetime
    content_sha256: str = ""


class PanelMember(Frozen):
    """One seat of the panel (FHIR PractitionerRole) and its vote; the chair signs for the panel."""

    role: str
    seat: int = 1
    role_title: Text
    name: str
    institution: str = ""
    chair: bool = False
    blind_first: bool = False
    independence_declared: bool = False
    no_conflict_attested: bool = False
    signature: Signature | None = None
    stance: Stance | None = None
    diagnosis_concordance: Concordance | None = None
    treatment_concordance: Concordance | None = None
    confidence: Confidence | None = None


class Dissent(Frozen):
    """Where an expert departs from the panel's position, in the expert's own words.

    `major`: in the stance, or in whether the first opinion is changed; else in a detail.
    """

    role_title: Text
    name: str
    language: Language | None = None  # that it was written in
    major: bool = True
    stance: Stance | None = None
    diagnosis_concordance: Concordance | None = None
    treatment_concordance: Concordance | None = None
    diagnosis: Prose = ""
    treatment: Prose = ""


class PanelDecision(Frozen):
    """How the opinions became one (`pathways.readings.Adjudication`). `explanation` tells rule, votes and result."""

    rule: AdjudicationRule
    agreeing: int = Field(default=0, ge=0)
    voting: int = Field(default=0, ge=0)
    round: int = Field(default=1, ge=1)
    settled_by: Need | None = None
    decided_at: datetime | None = None
    explanation: Text
    reason: Prose = ""  # the board's own
    dissent: tuple[Dissent, ...] = ()
