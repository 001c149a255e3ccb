"""Whom a link means, and what it is about."""

from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session

from models import Assignment, Case, Expert
from secunda.errors import NotFoundError
from secunda.links import LinkTarget
from secunda.messages.events import ASSIGNMENT
from secunda.recipients import RecipientKind

#: Who comes in by a link. The others have accounts, or systems of their own.
VISITORS = (RecipientKind.PATIENT, RecipientKind.REQUESTER, RecipientKind.EXPERT)


@dataclass(frozen=True)
class Subject:
    """The case of a link, and its recipient: `key` is what messages and events name them by."""

    kind: RecipientKind
    subject_id: UUID
    case_id: UUID
    key: str

    @property
    def parameters(self) -> dict[str, str]:
        """What a message to them needs, so that its link leads here."""
        return {ASSIGNMENT: str(self.subject_id)} if self.kind is RecipientKind.EXPERT else {}


def subject_of(session: Session, target: LinkTarget) -> Subject:
    """Raises NotFoundError for what is not there (any more), and for those who do not come in by links."""
    if target.kind is RecipientKind.EXPERT:
        assignment = session.get(Assignment, target.subject_id)
        if assignment is not None:
            expert = session.get_one(Expert, assignment.expert_id)
            return Subject(target.kind, assignment.id, assignment.case_id, f"expert:{expert.code}")
    elif target.kind in VISITORS and session.get(Case, target.subject_id) is not None:
        return Subject(target.kind, target.subject_id, target.subject_id, target.kind.value)
    raise NotFoundError("This link leads to nothing that is here.", "Ask the coordinator who wrote to you.")
