"""Who these pages are for."""

from typing import Annotated, Any

from fastapi import Depends, Request, Response

from secunda.recipients import RecipientKind
from secunda.visits.standing import Visitor
from secunda.web.by_link import ByLink, home_of
from secunda.web.pages import page

Patient = Annotated[Visitor, Depends(ByLink(RecipientKind.PATIENT))]
Requester = Annotated[Visitor, Depends(ByLink(RecipientKind.REQUESTER))]


def visitor_page(request: Request, visitor: Visitor, template: str, *, status: int = 200, **values: Any) -> Response:
    """A page of the visitor's own: `home` is where its addresses begin."""
    home = home_of(visitor.kind, visitor.subject_id)
    return page(request, f"patient/{template}.html.j2", status=status, visitor=visitor, home=home, **values)
