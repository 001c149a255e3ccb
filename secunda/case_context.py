"""What the rules need to know of a case: its pinned pathway, its facts, its calendar and legal clocks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property, lru_cache
from typing import Any

from sqlmodel import Session, col, select

from models import (
    AdjudicationRecord,
    Assignment,
    Case,
    CaseRecord,
    ClockStop,
    Consent,
    Document,
    Opinion,
    PathwayVersion,
    Requirement,
    Review,
)
from models.status import OpinionStatus
from pathways import loader, overlay
from pathways.calendars import WorkingCalendar
from pathways.deadlines import Stop, Wait, span_for, with_stops
from pathways.facts import CaseFacts, ClinicalRecord
from pathways.overlay import Overlay
from pathways.requirements import ReceivedDocument
from pathways.schema import Pathway
from pathways.vocabulary import Urgency
from secunda.adapters.facts import ahead, case_facts

PURPOSE = "second_opinion"  # the consent without which nothing is processed
ALL_CLOCKS = "all"  # what stands still while a case is on hold
_PATHWAYS: dict[str, Pathway] = {}


def pinned_pathway(session: Session, pathway_hash: str) -> Pathway:
    """The pathway as it was when the case was launched, whatever its file says now."""
    if pathway_hash not in _PATHWAYS:
        _PATHWAYS[pathway_hash] = loader.from_content(session.get_one(PathwayVersion, pathway_hash).content)
    return _PATHWAYS[pathway_hash]


@lru_cache(maxsize=32)
def jurisdiction(slug: str) -> Overlay:
    """The overlay of that name; raises PathwayError when there is none."""
    return overlay.load(slug)


@dataclass
class CaseContext:
    """Read once a transaction; everything else is derived."""

    session: Session
    case: Case
    now: datetime

    @cached_property
    def pathway(self) -> Pathway:
        return pinned_pathway(self.session, self.case.pathway_hash)

    @cached_property
    def overlay(self) -> Overlay:
        return jurisdiction(self.case.jurisdiction)

    @cached_property
    def calendar(self) -> WorkingCalendar:
        return self.overlay.calendar

    @cached_property
    def review(self) -> Review | None:
        """What the payer asked, where the case is a review of one."""
        if not self.case.payer:
            return None
        return self.session.exec(select(Review).where(Review.case_id == self.case.id)).first()

    @cached_property
    def assignments(self) -> list[Assignment]:
        """All that ever were, ended ones included; whoever adds one adds it here."""
        return list(self.session.exec(select(Assignment).where(Assignment.case_id == self.case.id)))

    @cached_property
    def requirements(self) -> list[Requirement]:
        """The checklist's rows by key; whoever adds or deletes one does it here, too."""
        query = select(Requirement).where(Requirement.case_id == self.case.id).order_by(col(Requirement.key))
        return list(self.session.exec(query))

    @cached_property
    def consents(self) -> list[Consent]:
        """One a purpose; whoever adds one adds it here."""
        return list(self.session.exec(select(Consent).where(Consent.case_id == self.case.id)))

    @cached_property
    def signed_opinions(self) -> list[Opinion]:
        """Every final version of every expert, the newest last; read when the case's experts have signed."""
        query = select(Opinion).where(Opinion.case_id == self.case.id, col(Opinion.status) == OpinionStatus.FINAL)
        return list(self.session.exec(query.order_by(col(Opinion.version))))

    @cached_property
    def adjudications(self) -> list[AdjudicationRecord]:
        """In their order; whoever appends one appends it here."""
        query = select(AdjudicationRecord).where(AdjudicationRecord.case_id == self.case.id)
        return list(self.session.exec(query.order_by(col(AdjudicationRecord.round))))

    @cached_property
    def documents(self) -> list[Document]:
        """In the order received, the number that opinions refer to."""
        query = select(Document).where(Document.case_id == self.case.id).order_by(col(Document.number))
        return list(self.session.exec(query))

    @cached_property
    def record(self) -> ClinicalRecord:
        query = select(CaseRecord).where(CaseRecord.case_id == self.case.id)
        newest = self.session.exec(query.order_by(col(CaseRecord.received_at).desc()).limit(1)).one()
        return ClinicalRecord.model_validate(newest.content)

    @cached_property
    def facts(self) -> CaseFacts:
        return facts_of(self.case, self.record, self.documents, self.now)

    @property
    def urgency(self) -> Urgency:
        """The class, or the most patient one before triage."""
        return Urgency(self.case.urgency) if self.case.urgency else Urgency.P3

    def has_consent(self) -> bool:
        """Whether the patient's consent stands now."""
        consent = self._consent()
        return consent is not None and (consent.expires_at is None or consent.expires_at > self.now)

    @property
    def consent_ends_at(self) -> datetime | None:
        """When the patient's consent runs out; None where it does not, or there is none."""
        consent = self._consent()
        return consent.expires_at if consent else None

    def _consent(self) -> Consent | None:
        """The consent without which nothing is processed, if it was given and not withdrawn."""
        return next((one for one in self.consents if one.purpose == PURPOSE and one.withdrawn_at is None), None)

    @cached_property
    def clock_stops(self) -> list[ClockStop]:
        """Every time that a clock of the case stood still."""
        return list(self.session.exec(select(ClockStop).where(ClockStop.case_id == self.case.id)))

    def stops(self, *reasons: str) -> list[Stop]:
        """When clocks stood still: while the case was on hold, and for these reasons of the law."""
        counted = {ALL_CLOCKS, *reasons}
        return [(stop.stopped_at, stop.restarted_at) for stop in self.clock_stops if stop.clock in counted]

    def on_hold_since(self, start: datetime) -> timedelta:
        """How long the case was on hold after `start`: by so much is everything later than it would have been."""
        spans = (min(until or self.now, self.now) - max(since, start) for since, until in self.stops())
        return sum((span for span in spans if span > timedelta()), timedelta())

    def due(self, wait: Wait, start: datetime) -> datetime:
        """When a wait of this kind that began at `start` is due; on hold, when it would be if it went on now."""
        span = span_for(self.pathway.deadlines, wait, self.urgency)
        return with_stops(start, span, self.calendar, self.stops(), self.now).earliest_at

    def received(self) -> list[ReceivedDocument]:
        """The documents whose bytes we hold, as the rules see them."""
        return [received_document(document) for document in self.documents if document.is_usable]


def context_of(session: Session, case: Case, now: datetime) -> CaseContext:
    """The one context of this transaction, for steps that follow each other in it: what one has read, the next knows.

    The caller holds the case locked, and nothing but the steps themselves changes it meanwhile.
    """
    known = session.info.get(CaseContext)
    if not isinstance(known, CaseContext) or known.case is not case or known.now != now:
        known = session.info[CaseContext] = CaseContext(session, case, now)
    return known


def received_document(document: Document) -> ReceivedDocument:
    return ReceivedDocument(
        id=str(document.id),
        loinc=document.loinc,
        media_type=document.media_type,
        documented_on=document.documented_on,
        modality=document.modality,
        frames=document.frames,
    )


def facts_of(case: Case, record: ClinicalRecord, documents: Sequence[Document], now: datetime) -> CaseFacts:
    """The facts of a case at `now`."""
    held = [received_document(document) for document in documents if document.is_usable]
    today: date = now.date()
    return case_facts(
        record,
        documents=held,
        today=today,
        flags=tuple(case.flags),
        planned_procedure=case.planned_procedure,
        procedure_on=ahead(case.procedure_on, case.launched_at.date()),
        treatment_starts_on=case.treatment_starts_on,
        first_symptoms_on=case.first_symptoms_on,
        payer=case.payer,
        jurisdiction=case.jurisdiction,
    )


def as_json(definition: Any) -> dict[str, Any]:
    """A frozen definition as the JSON that a row keeps."""
    content: dict[str, Any] = definition.model_dump(mode="json", by_alias=True)
    return content
