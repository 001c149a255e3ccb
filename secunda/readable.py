"""Which documents an expert may read now: a blind reader does not see the first opinion before their own is locked."""

from models import Assignment, Document
from pathways.blinding import visible_documents
from secunda.case_context import CaseContext


def is_blind(assignment: Assignment) -> bool:
    """Whether the seat reads blind first, and the first opinion was not shown yet."""
    return assignment.blind_first and assignment.unblinded_at is None


def can_read_blind(context: CaseContext, role: str) -> bool:
    """Whether a blind reader of this role would have anything to read: who has nothing can never sign."""
    return bool(_visible(context, role, unblinded=False))


def readable_documents(context: CaseContext, assignment: Assignment) -> list[Document]:
    """The documents of the case that this seat may read, in their order; decided here, not by a page."""
    return _visible(context, assignment.role, unblinded=not is_blind(assignment))


def _visible(context: CaseContext, role: str, *, unblinded: bool) -> list[Document]:
    panel = context.pathway.panel
    roles = (*panel.roles, *([panel.extra_reader] if panel.extra_reader else []))
    hidden = next((one.hidden_while_blind for one in roles if one.key == role), ())
    held = [document for document in context.documents if document.is_usable]
    return list(visible_documents(True, unblinded, held, hidden))
