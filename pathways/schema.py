"""The frozen vocabulary of a pathway file (FHIR: PlanDefinition). An unknown key is an error.

Every `when:` is a CEL expression over the fields of `pathways.facts.CaseFacts`.
"""

from datetime import date
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from pathways.spans import Span
from pathways.vocabulary import AdjudicationRule, CodeSystem, Expression, Frozen, Slug, Specialty, Text, Urgency

Version = Annotated[str, StringConstraints(pattern=r"^\d+\.\d+\.\d+$")]
Loinc = Annotated[str, StringConstraints(pattern=r"^\d{1,7}-\d$")]


class ClinicalReview(Frozen):
    """Who approved the clinical content; until someone did, every use says "draft pathway"."""

    clinician: str | None = None
    approved_on: date | None = None

    @property
    def is_draft(self) -> bool:
        return self.clinician is None or self.approved_on is None


class CodeRange(Frozen):
    """Codes of one system: one code, a prefix (`C50`), or a range (`C00-C97`, `33510-33536`)."""

    system: CodeSystem
    code: str = Field(min_length=1, max_length=64)
    display: str = ""


class AgeRange(Frozen):
    """Ages in completed years, both ends included."""

    from_: int = Field(default=0, ge=0, le=130, alias="from")
    to: int = Field(default=130, ge=0, le=130)


class Eligibility(Frozen):
    """Who may enter: any one of the codes among conditions or planned procedure, and the age."""

    ages: AgeRange = AgeRange()
    codes: tuple[CodeRange, ...] = Field(min_length=1)


class Obligation(StrEnum):
    """`mandatory` cannot be waived, `required` can with a reason, `recommended` never holds a case up."""

    MANDATORY = "mandatory"
    REQUIRED = "required"
    RECOMMENDED = "recommended"


class DocumentFormat(StrEnum):
    ANY = "any"
    DICOM = "dicom"
    CINE_DICOM = "cine_dicom"


class HeldBy(StrEnum):
    """Who is asked for the document."""

    PATIENT = "patient"
    REQUESTER = "requester"


class DocumentRequirement(Frozen):
    """A document the pathway asks for (FHIR DataRequirement): any one of the LOINC codes meets it."""

    key: Slug
    title: Text
    loinc: tuple[Loinc, ...] = Field(min_length=1)
    obligation: Obligation = Obligation.REQUIRED
    when: Expression = "true"
    format: DocumentFormat = DocumentFormat.ANY
    maximum_age: Span | None = None
    held_by: HeldBy = HeldBy.REQUESTER


class Flag(Frozen):
    """A clinical situation that the requester or the coordinator ticks; a red flag is an emergency sign."""

    key: Slug
    title: Text
    red_flag: bool = False


class TriageRule(Frozen):
    key: Slug
    when: Expression
    urgency: Urgency
    reason: Text


class Triage(Frozen):
    """The most urgent class of all rules that hold; `default` when none holds."""

    default: Urgency = Urgency.P3
    rules: tuple[TriageRule, ...] = ()


class Role(Frozen):
    """One expert's place on the panel; any one of the subspecialties qualifies, the first fits best.

    `hidden_while_blind`: LOINC codes that hold the first opinion for this role, beyond the notes that are hidden
    from every blind reader (`pathways.blinding`), such as the report of the study that is read again.
    """

    key: Slug
    title: Text
    subspecialties: tuple[Slug, ...] = Field(min_length=1)
    when: Expression = "true"
    blind_first: bool = False
    hidden_while_blind: tuple[Loinc, ...] = ()
    seats: int = Field(default=1, ge=1, le=3)


class Panel(Frozen):
    """Who reads the case and how their opinions become one.

    `chair` signs for the panel and records the board's decision. `extra_reader` names the role that is called
    when the readers disagree (third_reader). `board_when` is a CEL expression over the variables of
    `pathways.adjudication.BOARD_VARIABLES` that sends a panel to the board although its rule found a position; with
    the rule `board`, which always meets, it says when the board is needed at all.
    """

    roles: tuple[Role, ...] = Field(min_length=1)
    adjudication: AdjudicationRule
    chair: Slug
    extra_reader: Role | None = None
    board_when: Expression | None = None


class Deadlines(Frozen):
    """How long each wait may last. Consent and documents count from their request; acceptance from the offer;
    opinion from acceptance; adjudication from the last opinion; report from the complete file."""

    consent: Span
    documents: Span
    acceptance: dict[Urgency, Span]
    opinion: dict[Urgency, Span]
    adjudication: dict[Urgency, Span]
    report: dict[Urgency, Span]


class ChaseAction(StrEnum):
    REMIND = "remind"
    CHANGE_CHANNEL = "change_channel"
    REPLACE_EXPERT = "replace_expert"
    ESCALATE = "escalate"


class EscalateTo(StrEnum):
    COORDINATOR = "coordinator"
    MEDICAL_DIRECTOR = "medical_director"


class ChaseStep(Frozen):
    """One rung of a ladder: at this share of the wait (or this long after its start), do this."""

    at: Span
    do: ChaseAction
    to: EscalateTo | None = None


class Chase(Frozen):
    """The ladder of each wait, in order of time."""

    consent: tuple[ChaseStep, ...]
    documents: tuple[ChaseStep, ...]
    acceptance: tuple[ChaseStep, ...]
    opinion: tuple[ChaseStep, ...]
    adjudication: tuple[ChaseStep, ...]


class SectionKind(StrEnum):
    """How a section is written and printed: prose, rows, ticked criteria, RAND 1-9 ratings, one scored scale."""

    TEXT = "text"
    TABLE = "table"
    CHECKLIST = "checklist"
    RATINGS = "ratings"
    SCORE = "score"


class ScoreBand(Frozen):
    """One band of a score, upper end excluded unless it is the last."""

    up_to: float
    title: Text


class ReportSection(Frozen):
    """A section of the report beyond those that every report has.

    `written_by`: the roles that owe it, where they are on the panel. Otherwise every expert owes ratings, and the
    chair owes the rest.
    """

    key: Slug
    title: Text
    kind: SectionKind = SectionKind.TEXT
    columns: tuple[Text, ...] = ()
    items: tuple[Text, ...] = ()
    bands: tuple[ScoreBand, ...] = ()
    required: bool = True
    when: Expression = "true"
    written_by: tuple[Slug, ...] = ()


class Guideline(Frozen):
    """A guideline family that recommendations may cite."""

    key: str = Field(min_length=2, max_length=20)
    name: str
    levels: tuple[str, ...] = ("I", "II", "III", "IV", "V")


class ReportDefinition(Frozen):
    sections: tuple[ReportSection, ...]
    guidelines: tuple[Guideline, ...] = Field(min_length=1)


class ExampleExpectation(Frozen):
    """The class; the keys of mandatory and required documents that are missing; the panel's roles. In any order,
    and whole where given."""

    urgency: Urgency
    missing: tuple[Slug, ...] | None = None
    panel: tuple[Slug, ...] | None = None


class Example(Frozen):
    """Facts (any field of CaseFacts, the others at their defaults) and what the pathway makes of them."""

    name: str
    facts: dict[str, object]
    expect: ExampleExpectation


class Pathway(Frozen):
    """One specialty's pathway, `extends` already merged. Cases are pinned to its version and hash."""

    pathway: Specialty
    version: Version
    title: Text
    review: ClinicalReview = ClinicalReview()
    extends: Literal["common"] | None = None
    eligibility: Eligibility
    mandated_procedures: tuple[CodeRange, ...] = ()
    documents: tuple[DocumentRequirement, ...] = Field(min_length=1)
    flags: tuple[Flag, ...] = ()
    triage: Triage
    panel: Panel
    deadlines: Deadlines
    chase: Chase
    report: ReportDefinition
    examples: tuple[Example, ...] = Field(min_length=1)
