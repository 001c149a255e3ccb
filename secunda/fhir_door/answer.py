"""What a payer is told about one of its reviews: all that the builders of resources need, without a database."""

import hashlib
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from pathways.vocabulary import Concordance


@dataclass(frozen=True)
class ClockShown:
    """The determination clock: which rule, when it runs out, how much is left, and how long it stood still."""

    rule: str
    due_at: datetime
    left: timedelta
    stopped: timedelta = timedelta()
    is_stopped: bool = False


@dataclass(frozen=True)
class ConcordanceShown:
    """How the opinion relates to the first one. `stance`: on the planned procedure."""

    diagnosis: Concordance
    treatment: Concordance
    stance: str
    dissent: bool = False


@dataclass(frozen=True)
class ReportShown:
    """The newest version of the report; `identity` is its row's id, under which it is read."""

    identity: str
    version: int
    language: str
    sha256: str
    size: int  # bytes
    pages: int
    rendered_at: datetime


@dataclass(frozen=True)
class Wanted:
    """A paper that the review still waits for, by any of these LOINC codes. `held_by`: who usually has it."""

    key: str
    title: str
    loinc: tuple[str, ...]
    owed: bool = True  # recommended ones are asked for, never waited for
    held_by: str = ""


@dataclass(frozen=True)
class RefusedPaper:
    """A document that was sent or pointed at, and could not be taken in. `number`: within the case."""

    number: int
    loinc: str
    why: str


@dataclass(frozen=True)
class PatientShown:
    """Who the patient is to the payer that sent them: enough for a logical reference."""

    identifiers: tuple[tuple[str, str], ...] = field(default=(), repr=False)  # system, value
    name: str = field(default="", repr=False)


@dataclass(frozen=True)
class ReviewAnswer:
    """One review as its payer sees it. `bundle` is the request as it came, where it came in FHIR."""

    reference: str
    payer: str
    payer_reference: str
    version: int
    created_at: datetime
    updated_at: datetime
    certification: str  # models.door_status.Certification
    reason: str
    stage: str
    is_open: bool
    procedure: tuple[str, str]  # system, code
    planned_on: date | None
    diagnoses: tuple[dict[str, str], ...]
    patient: PatientShown
    items: tuple[dict[str, Any], ...] = ()
    clock: ClockShown | None = None
    wanted: tuple[Wanted, ...] = ()
    refused: tuple[RefusedPaper, ...] = ()
    concordance: ConcordanceShown | None = None
    report: ReportShown | None = None
    bundle: dict[str, Any] | None = field(default=None, repr=False)
    source: str = "pas"
    urgency: str = ""
    requester: str = ""

    @property
    def version_id(self) -> str:
        """FHIR meta.versionId: changes with whatever the payer can see, the time that passes aside."""
        clock = self.clock
        seen = (
            self.stage,
            self.certification,
            self.reason,
            self.items,
            self.wanted,
            self.refused,
            clock and (clock.is_stopped or clock.due_at),  # while it stands still, the date moves with every second
            self.report and self.report.identity,
        )
        return f"{self.version}.{hashlib.sha256(repr(seen).encode()).hexdigest()[:8]}"
