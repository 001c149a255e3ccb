"""Where a review stands, in one shape for every door: stage, checklist, next deadline, clock, answer, history."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any

from sqlmodel import col, select

from models import Event, Report, Review
from models.door_status import Certification
from models.status import CASE_OWNERS, CaseStatus, Outcome, Owner
from pathways.certification import Ground, reasons
from pathways.determination import Determination
from pathways.vocabulary import Language, Specialty, Text, Urgency
from secunda import events
from secunda.case_context import CaseContext
from secunda.reviews.determining import determination_of
from secunda.views.file import RequirementView, checklist
from secunda.views.telling import told
from secunda.views.words import STAGES

#: What a payer is told of the log: where its review moved. Who thought what, and who read what, is not among it.
SHOWN = (
    "launched",
    "review_requested",
    "consent_given",
    "consent_withdrawn",
    "document_received",
    "document_refused",
    "requirement_added",
    "requirement_met",
    "requirement_waived",
    "requirement_limited",
    "file_completed",
    "triaged",
    "urgency_overridden",
    "status_changed",
    "clocks_stopped",
    "clocks_started",
    "clock_extended",
    "held",
    "resumed",
    "determination_escalated",
    "report_rendered",
    "review_answered",
    "ended_early",
    "closed",
)
#: What is told of a review and may change without an event: time passes, deadlines are set.
MOVING = ("clock", "next_deadline_at", "report_due_at")
#: Kinds of actor that are told by their kind; everybody else works in the programme. Nobody is named.
OF_THE_PROGRAMME = ("how", "agreed_by")  # of an event: between the patient, their physician and the coordinator
ACTORS = ("secunda", "client", "patient", "requester", "expert")


@dataclass(frozen=True)
class HistoryLine:
    """One thing that happened; `number` counts from 1 among those that the payer is told."""

    number: int
    at: datetime
    kind: str
    by: str
    text: Text


@dataclass(frozen=True)
class ReviewStanding:
    """One review. `clock` is None for an emergency only; `reason` says why the answer is what it is, once there is one.

    `next_deadline_at`: when something is due, or looked at, next. `reports`: how many versions there are.
    """

    reference: str
    payer: str
    payer_reference: str
    specialty: Specialty
    procedure: dict[str, str]
    planned_on: date | None
    diagnoses: tuple[dict[str, str], ...]
    mandate: dict[str, Any]
    stage: CaseStatus
    stage_title: Text
    must_act: Owner
    outcome: Outcome | None
    urgency: Urgency | None
    certification: Certification
    ground: Ground | None
    reason: Text | None
    clock: Determination | None
    next_deadline_at: datetime | None
    report_due_at: datetime | None
    created_at: datetime
    closed_at: datetime | None
    reports: int
    checklist: tuple[RequirementView, ...] = field(repr=False)
    history: tuple[HistoryLine, ...] = field(repr=False)

    @property
    def time_left(self) -> timedelta | None:
        """Until the payer must have its answer; less than nothing once that has passed."""
        return self.clock.left if self.clock else None

    @property
    def steady(self) -> str:
        """A digest of what does not change between two events of the case."""
        said = {name: value for name, value in vars(self).items() if name not in (*MOVING, "checklist")}
        said["checklist"] = [one.model_dump(mode="json", exclude={"near_misses"}) for one in self.checklist]
        said["history"] = [(one.number, one.kind) for one in self.history]
        said |= {name: value.model_dump() for name, value in said.items() if isinstance(value, Text)}
        return events.digest(said)

    @property
    def etag(self) -> str:
        """The same as long as nothing happens that the payer is told of; time passing is nothing that happens."""
        return etag_of(self.steady, self.clock, self.next_deadline_at, self.report_due_at)


def etag_of(steady: str, clock: Determination | None, *moments: datetime | None) -> str:
    """The tag of a standing, from its `steady` digest and what may change besides."""
    running = (clock.key, clock.due_at, clock.stopped_since, clock.answered_at) if clock else ()
    return sha256(f"{steady} {running} {moments}".encode()).hexdigest()[:32]


def standing_of(context: CaseContext, review: Review) -> ReviewStanding:
    """Read in the context's transaction; the caller has found the review among the payer's own (`finding`)."""
    case = context.case
    ground = _ground(review)
    return ReviewStanding(
        reference=case.reference,
        payer=review.payer,
        payer_reference=review.payer_reference,
        specialty=Specialty(case.specialty),
        procedure={"system": review.procedure_system, "code": review.procedure_code},
        planned_on=review.planned_on,
        diagnoses=tuple(review.diagnosis_codes),
        mandate=review.mandate,
        stage=case.status,
        stage_title=STAGES[case.status],
        must_act=CASE_OWNERS[case.status],
        outcome=case.outcome,
        urgency=Urgency(case.urgency) if case.urgency else None,
        certification=review.certification,
        ground=ground,
        reason=reasons()[ground] if ground else None,
        clock=determination_of(context, review),
        next_deadline_at=case.next_deadline_at,
        report_due_at=case.report_due_at,
        created_at=review.created_at,
        closed_at=case.closed_at,
        reports=len(context.session.exec(select(Report.id).where(Report.case_id == case.id)).all()),
        checklist=tuple(checklist(context)),
        history=tuple(_history(context)),
    )


def _ground(review: Review) -> Ground | None:
    return next((ground for ground, text in reasons().items() if text.en == review.certification_reason), None)


def _history(context: CaseContext) -> list[HistoryLine]:
    query = select(Event).where(Event.case_id == context.case.id, col(Event.kind).in_(SHOWN))
    found = context.session.exec(query.order_by(col(Event.sequence)))
    return [
        HistoryLine(
            number=number,
            at=event.at,
            kind=event.kind,
            by=_by(event.actor),
            text=_told(event),
        )
        for number, event in enumerate(found, start=1)
    ]


def _told(event: Event) -> Text:
    data = {name: value for name, value in event.data.items() if name not in OF_THE_PROGRAMME}
    return Text(**{language.value: told(event.kind, data, language) for language in Language})


def _by(actor: str) -> str:
    kind = actor.partition(":")[0]
    return kind if kind in ACTORS else "programme"
