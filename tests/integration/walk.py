"""One case on its way, and the people around it: what each does is the real action, and the case goes on by itself."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from typing import Any

from sqlmodel import Session, col, select

from models import Assignment, Case, Document, Event, Expert, Message, Opinion, Report, Requirement
from models.status import LIVE_ASSIGNMENT, AssignmentStatus, CaseStatus, HoldCause, RequirementStatus
from pathways.opinion import Stance
from pathways.readings import BoardDecision
from pathways.schema import DocumentRequirement
from pathways.vocabulary import Concordance
from secunda.actions import adjudication, assignment, attach, checklist, consent, hold, triage, withdraw
from secunda.actions import opinion as opinions
from secunda.adapters import storage
from secunda.case_context import CaseContext
from secunda.db import transaction
from secunda.demo.papers import paper_for
from secunda.demo.writing import opinion_for
from secunda.documents import Said
from secunda.web.catalogues import say
from tests.integration.walking import Walker

PENDING = RequirementStatus.PENDING
AGREES: dict[str, Any] = {"stance": Stance.SUPPORTED, "treatment": Concordance.CONFIRMED}
DISSENTS: dict[str, Any] = {"stance": Stance.NOT_SUPPORTED, "treatment": Concordance.CHANGED}


@dataclass
class Walk:
    """A case by its reference. Every verb is one person's action, after which the case goes on as far as it can."""

    walker: Walker
    reference: str

    # What there is to see

    @property
    def case(self) -> Case:
        with transaction() as session:
            return _case(session, self.reference)

    @property
    def status(self) -> CaseStatus:
        return self.case.status

    def rows(self, table: type[Any]) -> list[Any]:
        with transaction() as session:
            return list(session.exec(select(table).where(table.case_id == _case(session, self.reference).id)))

    def events(self, kind: str = "") -> list[Event]:
        found = sorted(self.rows(Event), key=lambda event: event.sequence)
        return [event for event in found if kind in ("", event.kind)]

    def said(self, event: str = "", to: str = "") -> list[Message]:
        """The messages by the time at which they were decided; those of one moment have no order but their names."""
        found = sorted(self.rows(Message), key=lambda one: (one.created_at, one.occasion, one.event, one.recipient))
        return [one for one in found if event in ("", one.event) and to in ("", one.recipient)]

    @property
    def panel(self) -> dict[str, Assignment]:
        """Who holds the first seat of each role now."""
        return {one.role: one for one in self.rows(Assignment) if one.status in LIVE_ASSIGNMENT and one.seat == 1}

    def expert(self, role: str) -> str:
        """The directory code of the one who holds a role."""
        with transaction() as session:
            return session.get_one(Expert, self.panel[role].expert_id).code

    @property
    def requirements(self) -> dict[str, Requirement]:
        return {row.key: row for row in self.rows(Requirement)}

    @property
    def missing(self) -> list[str]:
        """What is asked for, and owed."""
        pending = (row for row in self.requirements.values() if row.status is PENDING)
        return sorted(row.key for row in pending if row.obligation != "recommended")

    @property
    def documents(self) -> list[Document]:
        """Those that are here, by their numbers."""
        return sorted((one for one in self.rows(Document) if one.sha256), key=lambda one: one.number)

    @property
    def opinions(self) -> list[Opinion]:
        return sorted(self.rows(Opinion), key=lambda one: (one.written_at, one.version))

    @property
    def reports(self) -> list[Report]:
        return sorted(self.rows(Report), key=lambda one: one.version)

    # What people do

    def does(self, action: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
        done = action(*arguments, **options)
        self.walker.settle(self.reference)
        return done

    def consents(self, **options: Any) -> None:
        self.does(consent.give_consent, self.reference, "patient", **options)

    def takes_consent_back(self) -> None:
        self.does(consent.withdraw_consent, self.reference, "patient")

    def sends(self, key: str, dated: date | None = None, loinc: str = "", **options: Any) -> None:
        """The paper that a requirement asks for, or one of another date or code."""
        wanted = self._wanted(key)
        on = dated or self.walker.time.at.date()
        title, code = say(wanted.title, self.case.language), loinc or wanted.loinc[0]
        said = Said(title=title, loinc=code, documented_on=on, source="Hospital", **options)
        self.does(attach.attach, self.reference, BytesIO(paper_for(wanted, on)), "requester", said)

    def sends_everything(self) -> None:
        """What is owed, and the images, which a blind reader has nothing to read without."""
        images = {row.key for row in self.requirements.values() if row.status is PENDING} & {"imaging_study"}
        while missing := (*images, *self.missing):
            images = set()
            for key in missing:
                self.sends(key)

    def waives(self, key: str, reason: str = "not needed for this question") -> None:
        self.does(checklist.waive, self.reference, key, "coordinator", reason)

    def limits(self, key: str, reason: str = "the archive burned down") -> None:
        self.does(checklist.limit, self.reference, key, "coordinator", reason)

    def flags(self, *keys: str) -> None:
        self.does(triage.set_flags, self.reference, list(keys), "coordinator")

    def overrides(self, urgency: Any, reason: str = "phoned by the requester") -> None:
        self.does(triage.override_urgency, self.reference, urgency, "coordinator", reason)

    def holds(self, reason: str = "the patient travels") -> None:
        self.does(hold.hold, self.reference, "coordinator", reason)

    def resumes(self) -> None:
        self.does(hold.resume, self.reference, "coordinator")

    def withdraws(self, reason: str = "treated elsewhere") -> None:
        self.does(withdraw.withdraw, self.reference, "requester", reason)

    def accepts(self, *roles: str) -> None:
        for role in roles or self._roles(AssignmentStatus.REQUESTED):
            self.does(assignment.accept, self.panel[role].id, self.expert(role), no_conflict_attested=True)

    def declines(self, role: str, reason: str = "away at a congress") -> None:
        self.does(assignment.decline, self.panel[role].id, self.expert(role), reason)

    def loses_the_place(self, role: str, reason: str = "fell ill") -> None:
        self.does(assignment.replace, self.panel[role].id, "coordinator", reason)

    def writes(
        self,
        role: str,
        stance: Stance | None = None,
        treatment: Concordance | None = None,
        without: Collection[str] = (),
        **changes: Any,
    ) -> None:
        """Save an opinion that this seat can sign, without some sections; `changes` are fields of the opinion."""
        seat = self.panel[role]
        with transaction() as session:
            context = CaseContext(session, _case(session, self.reference), self.walker.time.at)
            written = opinion_for(context, seat, stance, treatment)
        kept = {key: section for key, section in written.sections.items() if key not in without}
        written = written.model_copy(update={"sections": kept, **changes})
        self.does(opinions.submit, seat.id, written, self.expert(role))

    def locks(self, role: str) -> None:
        self.does(opinions.lock, self.panel[role].id, self.expert(role))

    def signs(self, *roles: str, **opinion: Any) -> None:
        """Write and sign for good, as `writes` does: a blind reader signs twice."""
        for role in roles or self._roles(AssignmentStatus.ACCEPTED, AssignmentStatus.IN_PROGRESS):
            seat = self.panel[role].id
            while self._is_owed(seat):
                self.writes(role, **opinion)
                self.locks(role)

    def board_decides(self, stance: Stance = Stance.SUPPORTED, reason: str = "The board met and heard all.") -> None:
        decision = BoardDecision(
            stance=stance,
            diagnosis_concordance=Concordance.CONFIRMED,
            treatment_concordance=Concordance.CLARIFIED,
            reason=reason,
        )
        self.does(adjudication.record_board_decision, self.reference, decision, "chair")

    # Several at once

    def goes_to_the_panel(self) -> None:
        """The file is complete, and the places are offered."""
        self.consents()
        self.sends_everything()

    def goes_to_the_readers(self) -> None:
        """Everybody has accepted."""
        self.goes_to_the_panel()
        self.accepts()

    def goes_to_its_end(self) -> None:
        """From wherever it is, everybody doing promptly what they should."""
        for _ in range(20):
            if self.status is CaseStatus.CLOSED:
                return
            self.goes_on()
        raise AssertionError(f"{self.reference} stays {self.status}: {self.missing}")

    def goes_on(self) -> None:
        """Those who are waited for do what they owe, and an hour passes."""
        WHAT_IS_OWED[self.status](self)
        self.walker.pass_time(hours=1)

    def comes_off_hold(self) -> None:
        if self.case.hold_cause is HoldCause.CONSENT_EXPIRED:
            self.consents()
        else:
            self.resumes()

    def _roles(self, *statuses: AssignmentStatus) -> list[str]:
        return [role for role, seat in sorted(self.panel.items()) if seat.status in statuses]

    def _is_owed(self, seat: Any) -> bool:
        with transaction() as session:
            found = session.get_one(Assignment, seat)
        return found.status in (AssignmentStatus.ACCEPTED, AssignmentStatus.IN_PROGRESS)

    def _wanted(self, key: str) -> DocumentRequirement:
        with transaction() as session:
            pathway = CaseContext(session, _case(session, self.reference), self.walker.time.at).pathway
        return next(document for document in pathway.documents if document.key == key)


def _case(session: Session, reference: str) -> Case:
    return session.exec(select(Case).where(col(Case.reference) == reference)).one()


def printed(walk: Walk) -> str:
    """What the newest report says: its content, as the quick stand-in printed it."""
    with storage.open_document(walk.reports[-1].sha256) as file:
        return file.read().decode()


WHAT_IS_OWED: dict[CaseStatus, Callable[[Walk], None]] = {
    CaseStatus.AWAITING_CONSENT: Walk.consents,
    CaseStatus.AWAITING_DOCUMENTS: Walk.sends_everything,
    CaseStatus.AWAITING_ACCEPTANCE: Walk.accepts,
    CaseStatus.AWAITING_OPINIONS: Walk.signs,
    CaseStatus.AWAITING_ADJUDICATION: Walk.board_decides,
}
