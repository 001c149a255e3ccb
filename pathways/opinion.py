"""What an expert writes, as structure (FHIR: Composition + DiagnosticReport)."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints

from pathways.vocabulary import Concordance, Frozen, Language, Slug

Prose = Annotated[str, StringConstraints(strip_whitespace=True, max_length=20_000)]


class Confidence(StrEnum):
    LOW = "low"
    MODERATE = "moderate"
    HIGH = "high"


class Stance(StrEnum):
    """The opinion on the proposed treatment or procedure; what a vote is counted over."""

    SUPPORTED = "supported"
    UNCERTAIN = "uncertain"
    NOT_SUPPORTED = "not_supported"


class Answer(Frozen):
    """The answer to the question of that number, counted from 1."""

    question: int = Field(ge=1)
    text: Prose


class Finding(Frozen):
    """A finding, traceable to a reviewed document (its number in the report's list, from 1) and page."""

    text: Prose
    document: int | None = Field(default=None, ge=1)
    page: int | None = Field(default=None, ge=1)


class Citation(Frozen):
    """A guideline family of the pathway (`ESMO`) and where in it; a draft may lack either."""

    guideline: str = Field(default="", max_length=20)
    reference: str = Field(default="", max_length=500)


class Recommendation(Frozen):
    text: Prose
    reason: Prose = ""
    citations: tuple[Citation, ...] = ()
    evidence_level: str = ""


class CriterionCheck(Frozen):
    """One ticked criterion of a checklist section, by its number in the pathway's `items`, from 0."""

    item: int = Field(ge=0)
    met: bool
    note: str = ""


class Rating(Frozen):
    """RAND/UCLA appropriateness rating, 1 (inappropriate) to 9 (appropriate), of one item."""

    item: int = Field(ge=0)
    value: int = Field(ge=1, le=9)


class SectionContent(Frozen):
    """What one report section holds; which field is used follows from the section's kind in the pathway."""

    text: Prose = ""
    rows: tuple[tuple[str, ...], ...] = ()
    checks: tuple[CriterionCheck, ...] = ()
    ratings: tuple[Rating, ...] = ()
    score: float | None = None


class OpinionContent(Frozen):
    """One expert's opinion. Drafts may have gaps; `pathways.signing.gaps` names what still blocks signing."""

    language: Language = Language.ES
    translator: str = ""
    history: Prose = ""
    findings: tuple[Finding, ...] = ()
    diagnosis: Prose = ""
    diagnosis_concordance: Concordance | None = None
    treatment: Prose = ""
    alternatives: tuple[Prose, ...] = ()
    treatment_concordance: Concordance | None = None
    stance: Stance | None = None
    answers: tuple[Answer, ...] = ()
    recommendations: tuple[Recommendation, ...] = ()
    sections: dict[Slug, SectionContent] = Field(default_factory=dict)
    clinical_impact: Prose = ""
    confidence: Confidence | None = None
    limits: Prose = ""
    red_flags: Prose = ""
    plain_summary: Prose = ""
    independence_declared: bool = False
