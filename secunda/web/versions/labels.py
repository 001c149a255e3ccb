"""What the parts of a pathway file and the fields in them are called, and how the value of each is told."""

from collections.abc import Mapping
from enum import StrEnum, auto
from typing import Final, NamedTuple

from pathways.difference import ORDER, Change
from pathways.schema import ChaseAction, DocumentFormat, EscalateTo, HeldBy, Obligation, SectionKind
from pathways.vocabulary import AdjudicationRule
from secunda.web.catalogues import N_
from secunda.web.coordinator.words import SPECIALTIES


class Kind(StrEnum):
    """How a value is told."""

    PLAIN = auto()
    WORD = auto()
    YES_NO = auto()
    TEXT = auto()
    TEXTS = auto()
    BANDS = auto()
    SPAN = auto()
    DAY = auto()
    YEARS = auto()
    RULE = auto()
    LIST = auto()
    DOCUMENT_TYPES = auto()
    SUBSPECIALTIES = auto()
    ROLE = auto()
    ROLES = auto()
    LADDER = auto()
    FACTS = auto()
    EXPECTED = auto()
    NAMES = auto()


class Field(NamedTuple):
    label: str
    kind: Kind


#: The parts, in the order of a pathway file.
PARTS: Final[Mapping[str, str]] = {
    "pathway": N_("The pathway itself"),
    "eligibility": N_("Who may enter"),
    "mandated_procedures": N_("Procedures that need a second opinion first"),
    "documents": N_("Papers that are asked for"),
    "flags": N_("Situations to tick"),
    "triage": N_("How the urgency is found"),
    "panel": N_("Panel"),
    "deadlines": N_("Deadlines"),
    "chase": N_("Reminders and what follows them"),
    "sections": N_("Sections of the report"),
    "guidelines": N_("Guidelines that may be cited"),
    "examples": N_("Worked examples"),
}
CHANGES: Final[Mapping[Change, str]] = {
    Change.ADDED: N_("new"),
    Change.REMOVED: N_("no longer there"),
    Change.CHANGED: N_("changed"),
}
TONES: Final[Mapping[Change, str]] = {Change.ADDED: "good", Change.REMOVED: "bad", Change.CHANGED: "accent"}
#: A field of the same name means the same in every part, but for those of SINGLES.
FIELDS: Final[Mapping[str, Field]] = {
    ORDER: Field(N_("Order"), Kind.NAMES),
    "title": Field(N_("Name"), Kind.TEXT),
    "display": Field(N_("What the code means"), Kind.PLAIN),
    "loinc": Field(N_("Kinds of document that will do"), Kind.DOCUMENT_TYPES),
    "obligation": Field(N_("How much it is needed"), Kind.WORD),
    "when": Field(N_("Only where"), Kind.RULE),
    "format": Field(N_("Format"), Kind.WORD),
    "maximum_age": Field(N_("Not older than"), Kind.SPAN),
    "held_by": Field(N_("Asked of"), Kind.WORD),
    "red_flag": Field(N_("Emergency sign"), Kind.YES_NO),
    "urgency": Field(N_("Class"), Kind.PLAIN),
    "reason": Field(N_("Reason that is told"), Kind.TEXT),
    "subspecialties": Field(N_("Who qualifies, the first fits best"), Kind.SUBSPECIALTIES),
    "blind_first": Field(N_("Reads blind first"), Kind.YES_NO),
    "hidden_while_blind": Field(N_("Also hidden while reading blind"), Kind.DOCUMENT_TYPES),
    "seats": Field(N_("Seats"), Kind.PLAIN),
    "kind": Field(N_("How it is written"), Kind.WORD),
    "columns": Field(N_("Columns"), Kind.TEXTS),
    "items": Field(N_("Points"), Kind.TEXTS),
    "bands": Field(N_("Bands of the score"), Kind.BANDS),
    "required": Field(N_("Must be written"), Kind.YES_NO),
    "written_by": Field(N_("Written by"), Kind.ROLES),
    "name": Field(N_("Name"), Kind.PLAIN),
    "levels": Field(N_("Levels of evidence"), Kind.LIST),
    "facts": Field(N_("The example's facts"), Kind.FACTS),
    "expect": Field(N_("What must come out"), Kind.EXPECTED),
    "from": Field(N_("From the age of"), Kind.YEARS),
    "to": Field(N_("To the age of"), Kind.YEARS),
    "clinician": Field(N_("Approved by"), Kind.PLAIN),
    "approved_on": Field(N_("Approved on"), Kind.DAY),
}
#: What stands in a part by itself, by part and name; of `deadlines` and `chase` every wait does (WAITS).
SINGLES: Final[Mapping[tuple[str, str], Field]] = {
    ("pathway", "pathway"): Field(N_("Specialty"), Kind.WORD),
    ("pathway", "version"): Field(N_("Version number"), Kind.PLAIN),
    ("pathway", "title"): Field(N_("Name"), Kind.TEXT),
    ("pathway", "review"): Field(N_("Clinical approval"), Kind.PLAIN),
    ("pathway", "extends"): Field(N_("Builds on the file"), Kind.PLAIN),
    ("eligibility", "ages"): Field(N_("Age"), Kind.PLAIN),
    ("triage", "default"): Field(N_("Class where no rule holds"), Kind.PLAIN),
    ("panel", "adjudication"): Field(N_("How opinions become one"), Kind.WORD),
    ("panel", "chair"): Field(N_("Who signs for the panel"), Kind.ROLE),
    ("panel", "board_when"): Field(N_("When the board decides"), Kind.RULE),
}
DEADLINE: Final = Field(N_("How long it may take"), Kind.SPAN)
LADDER: Final = Field(N_("What is done, and when"), Kind.LADDER)
WAITS: Final[Mapping[str, str]] = {
    "consent": N_("Consent"),
    "documents": N_("Papers"),
    "acceptance": N_("Answer to an offer"),
    "opinion": N_("Opinion"),
    "adjudication": N_("Joint decision"),
    "report": N_("Report"),
}
WORDS: Final[Mapping[str, str]] = {
    **{str(specialty): called for specialty, called in SPECIALTIES.items()},
    Obligation.MANDATORY: N_("indispensable"),
    Obligation.REQUIRED: N_("required"),
    Obligation.RECOMMENDED: N_("recommended"),
    DocumentFormat.ANY: N_("any format"),
    DocumentFormat.DICOM: N_("DICOM"),
    DocumentFormat.CINE_DICOM: N_("moving DICOM pictures"),
    HeldBy.PATIENT: N_("the patient"),
    HeldBy.REQUESTER: N_("the requester"),
    SectionKind.TEXT: N_("free text"),
    SectionKind.TABLE: N_("table"),
    SectionKind.CHECKLIST: N_("list to tick"),
    SectionKind.RATINGS: N_("RAND ratings, 1 to 9"),
    SectionKind.SCORE: N_("score"),
    AdjudicationRule.SINGLE: N_("one expert decides"),
    AdjudicationRule.CONCUR: N_("all must agree"),
    AdjudicationRule.MAJORITY: N_("two thirds decide"),
    AdjudicationRule.THIRD_READER: N_("a third reader decides a disagreement"),
    AdjudicationRule.BOARD: N_("the board meets and decides"),
    AdjudicationRule.RAND: N_("RAND ratings, 1 to 9"),
}
RUNGS: Final[Mapping[ChaseAction, str]] = {
    ChaseAction.REMIND: N_("remind"),
    ChaseAction.CHANGE_CHANNEL: N_("remind on another channel"),
    ChaseAction.REPLACE_EXPERT: N_("replace the expert"),
    ChaseAction.ESCALATE: N_("tell somebody"),
}
TOLD_TO: Final[Mapping[EscalateTo, str]] = {
    EscalateTo.COORDINATOR: N_("tell the coordinator"),
    EscalateTo.MEDICAL_DIRECTOR: N_("tell the medical director"),
}
EXTRA: Final = N_("extra reader")
#: What an example expects.
EXPECTED: Final[Mapping[str, str]] = {
    "urgency": N_("class"),
    "missing": N_("papers that are missing"),
    "panel": N_("panel"),
}
