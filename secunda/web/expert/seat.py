"""The assignment that an expert came in by, read in one transaction, and what its state lets them see."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Request, Response
from sqlmodel import col, select

from models import Assignment, Document, Event
from models.status import AssignmentStatus, CaseStatus
from pathways.schema import Role
from secunda import clock
from secunda.case_context import CaseContext
from secunda.db import transaction
from secunda.errors import NotFoundError
from secunda.readable import readable_documents
from secunda.recipients import RecipientKind
from secunda.visits.standing import Visitor
from secunda.web.by_link import ByLink, home_of, note_read
from secunda.web.pages import page

Expert = Annotated[Visitor, Depends(ByLink(RecipientKind.EXPERT))]
WRITING = (AssignmentStatus.ACCEPTED, AssignmentStatus.IN_PROGRESS)
READING = (*WRITING, AssignmentStatus.COMPLETED)
ENDED = (AssignmentStatus.REJECTED, AssignmentStatus.CANCELLED)


@dataclass(frozen=True)
class Seat:
    """The expert's place in its case; valid while the transaction is open."""

    context: CaseContext
    assignment: Assignment

    @property
    def role(self) -> Role:
        panel = self.context.pathway.panel
        roles = (*panel.roles, *filter(None, (panel.extra_reader,)))
        return next(role for role in roles if role.key == self.assignment.role)

    @property
    def is_open(self) -> bool:
        """Whether the case goes on and the place is still theirs."""
        return self.context.case.status is not CaseStatus.CLOSED and self.assignment.status not in ENDED

    @property
    def correction(self) -> str:
        """What is to be corrected in the opinion that was signed; empty where nothing is."""
        if self.assignment.reopened_at is None or self.assignment.status not in WRITING:
            return ""
        asked = select(Event).where(Event.case_id == self.context.case.id, Event.kind == "correction_requested")
        of_this = col(Event.data).contains({"role": self.assignment.role, "seat": self.assignment.seat})
        newest = self.context.session.exec(asked.where(of_this).order_by(col(Event.sequence).desc()).limit(1)).first()
        return str(newest.data["reason"]) if newest else ""

    @property
    def documents(self) -> list[Document]:
        """What may be read now: nothing before acceptance, and not the first opinion while reading blind."""
        if not self.is_open or self.assignment.status not in READING:
            return []
        return readable_documents(self.context, self.assignment)


@contextmanager
def seat_of(visitor: Visitor, what: str = "case", **which: int) -> Iterator[Seat]:
    """The seat, noted as read."""
    with transaction() as session:
        case = note_read(session, visitor, what, **which)
        yield Seat(CaseContext(session, case, clock.now()), session.get_one(Assignment, visitor.subject_id))


def check_is_writing(seat: Seat) -> None:
    """Raises NotFoundError where there is no opinion to write (any more)."""
    if not seat.is_open or seat.assignment.status not in WRITING:
        raise NotFoundError("There is no opinion to write here now.", "The first page says what there is to do.")


def expert_page(request: Request, visitor: Visitor, template: str, *, status: int = 200, **values: Any) -> Response:
    """A page of the expert's own: `home` is where its addresses begin."""
    home = home_of(visitor.kind, visitor.subject_id)
    return page(request, f"expert/{template}.html.j2", status=status, visitor=visitor, home=home, **values)
