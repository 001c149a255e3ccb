"""Which documents an expert may read now: a blind reader does not see the first opinion before their own is locked."""

from models import Assignment, Document
from pathways.blinding import visible_documents
from secunda.case_context import CaseContext


def is_blind(assignment: Assignment) -> bool:
    """Whether the seat reads blind first, and the first opinion was not shown yet."""
    return assignment.blind_first and assignment.unblinded_at is None


def readable_documents(context: CaseContext, assignment: Assignment) -> list[Document]:
    """The documents of the case that this seat may read, in their order; decided here, not by a page."""
    panel = context.pathway.panel
    roles = (*panel.roles, *([panel.extra_reader] if panel.extra_reader else []))
    hidden = next((role.hidden_while_blind for role in roles if role.key == assignment.role), ())
    held = [document for document in context.documents if document.is_usable]
    return list(visible_documents(assignment.blind_first, assignment.unblinded_at is not None, held, hidden))
