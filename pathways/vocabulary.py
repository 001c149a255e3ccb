"""The words that pathways, models and reports share: urgency classes, codings, languages, concordance."""

from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{1,39}$")]
Expression = Annotated[str, StringConstraints(min_length=1, max_length=1000)]


class Frozen(BaseModel):
    """A definition: immutable, and a key that it does not know is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Specialty(StrEnum):
    ONCOLOGY = "oncology"
    CARDIOLOGY = "cardiology"
    ORTHOPEDICS = "orthopedics"
    RARE_DISEASE = "rare_disease"
    NEUROLOGY = "neurology"
    RADIOLOGY = "radiology"
    CHRONIC_DISEASE = "chronic_disease"


class Urgency(StrEnum):
    """Urgency class of a case; `P0` is an emergency, never a second opinion."""

    P0 = "P0"
    P1 = "P1"
    P2 = "P2"
    P3 = "P3"

    @property
    def fhir_priority(self) -> str:
        """FHIR R4 request-priority code."""
        return {"P0": "stat", "P1": "asap", "P2": "urgent", "P3": "routine"}[self.value]

    @property
    def prefect_tag(self) -> str:
        return f"urgency:{self.value}"


class CodeSystem(StrEnum):
    """Code systems by the short name that pathway files use."""

    LOINC = "LOINC"
    ICD_10 = "ICD-10"
    SNOMED_CT = "SNOMED-CT"
    CPT = "CPT"
    OPS = "OPS"
    ORPHA = "ORPHA"
    HPO = "HPO"
    RXNORM = "RxNorm"
    OTHER = "other"


class Language(StrEnum):
    ES = "es"
    CA = "ca"
    EN = "en"
    FR = "fr"
    DE = "de"
    PT = "pt"


class Text(Frozen):
    """One text in several languages; English and Spanish are owed, the others fall back to English."""

    en: str = Field(min_length=1)
    es: str = Field(min_length=1)
    ca: str | None = None
    fr: str | None = None
    de: str | None = None
    pt: str | None = None

    def in_language(self, language: str) -> str:
        """The text in `language` (ISO 639-1), or in English where it has not been translated."""
        written: str | None = getattr(self, language, None)
        return written or self.en


class Coding(Frozen):
    """One code of one system (FHIR Coding)."""

    system: CodeSystem
    code: str = Field(min_length=1, max_length=64)
    display: str = ""


class Concordance(StrEnum):
    """How the second opinion relates to the first."""

    CONFIRMED = "confirmed"
    CLARIFIED = "clarified"
    CHANGED = "changed"


class AdjudicationRule(StrEnum):
    SINGLE = "single"
    CONCUR = "concur"
    MAJORITY = "majority"
    THIRD_READER = "third_reader"
    BOARD = "board"
    RAND = "rand"
