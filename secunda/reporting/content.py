"""Everything that a report prints, as structure: no words of any language but the experts' own.

Sources: the contents of a second-opinion report in the Spanish regional decrees and LOINC 47040-1 "Consultation
2nd opinion"; RAND/UCLA appropriateness method (Fitch et al., 2001) for ratings.
"""

import hashlib
import json
from datetime import datetime
from enum import StrEnum

from pydantic import Field

from pathways.opinion import Confidence, Finding, Prose, Recommendation, Stance
from pathways.vocabulary import Concordance, Frozen, Language, Specialty, Text, Urgency
from secunda.reporting.classification import Classification
from secunda.reporting.images import ImageLeftOut, KeyImage
from secunda.reporting.people import (
    AnsweredQuestion,
    MissingDocument,
    PanelDecision,
    PanelMember,
    PatientIdentity,
    Requester,
    ReviewedDocument,
)
from secunda.reporting.sections import FilledSection


class PathwayPin(Frozen):
    """The pathway that the case is pinned to; `draft` while no clinician has approved its content."""

    specialty: Specialty
    title: Text
    version: str
    hash: str
    draft: bool = True


class GuidelineFamily(Frozen):
    key: str
    name: str


class Milestone(StrEnum):
    """The moments of a case that its timeline shows, in the order of the pathway."""

    REQUESTED = "requested"
    FILE_COMPLETE = "file_complete"
    TRIAGED = "triaged"
    ACCEPTED = "accepted"
    OPINION = "opinion"
    ADJUDICATED = "adjudicated"
    REPORTED = "reported"


class TimelineEvent(Frozen):
    milestone: Milestone
    at: datetime


class ClockStopped(Frozen):
    """Time in which the case's clock stood still."""

    started_at: datetime
    ended_at: datetime
    reason: str


class Amendment(Frozen):
    """The version that this one replaces, and what changed.

    `replaces_sha256` is the file that it replaces; `changed` the parts that differ (`parts.part_digests`).
    """

    replaces_version: int = Field(ge=1)
    replaces_sha256: str = ""
    reason: str
    changed: tuple[str, ...] = ()


class ReportContent(Frozen):
    """One version of one case's report.

    Free text is in `language`; `translator` is named when that is not the language it was written in. Moments are
    time-zone aware and printed in `time_zone` (IANA name).
    """

    reference: str = Field(pattern=r"^[A-Z0-9-]{1,20}$")
    organisation: str = Field(default="Secunda", max_length=80)
    pathway: PathwayPin
    urgency: Urgency
    classification: Classification
    version: int = Field(default=1, ge=1)
    amendment: Amendment | None = None
    check_address: str = ""  # where anybody who holds the report finds out whether it is genuine and current
    reported_at: datetime
    time_zone: str = "Europe/Madrid"
    language: Language
    translator: str = ""

    patient: PatientIdentity
    requester: Requester = Requester()
    questions: tuple[AnsweredQuestion, ...]
    documents: tuple[ReviewedDocument, ...] = ()
    missing_documents: tuple[MissingDocument, ...] = ()

    history: Prose = ""
    findings: tuple[Finding, ...] = ()
    key_images: tuple[KeyImage, ...] = ()
    images_left_out: tuple[ImageLeftOut, ...] = ()
    diagnosis: Prose = ""
    diagnosis_concordance: Concordance | None = None
    treatment: Prose = ""
    alternatives: tuple[Prose, ...] = ()
    treatment_concordance: Concordance | None = None
    stance: Stance | None = None
    recommendations: tuple[Recommendation, ...] = ()
    guidelines: tuple[GuidelineFamily, ...] = ()
    sections: tuple[FilledSection, ...] = ()
    clinical_impact: Prose = ""
    confidence: Confidence | None = None
    limits: Prose = ""
    red_flags: Prose = ""
    plain_summary: Prose = ""

    panel: tuple[PanelMember, ...]
    decision: PanelDecision | None = None
    timeline: tuple[TimelineEvent, ...] = ()
    due_at: datetime | None = None
    stops: tuple[ClockStopped, ...] = ()

    @property
    def sha256(self) -> str:
        """The hash of the content's canonical JSON: what makes two reports the same report."""
        plain = self.model_dump(mode="json")
        written = json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return hashlib.sha256(written.encode()).hexdigest()
