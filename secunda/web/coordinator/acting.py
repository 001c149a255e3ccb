"""The frame of every change that the console makes to a case: it is the person's, of a case that they may see."""

from collections.abc import Callable
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Form, Response

from models import Assignment
from secunda.db import transaction
from secunda.errors import NotFoundError
from secunda.permissions import Permission
from secunda.web.coordinator.scope import case_for
from secunda.web.routes import see_other
from secunda.web.session import SignedIn, allowed

Coordinator = Annotated[SignedIn, Depends(allowed(Permission.ACT_ON_CASES))]
Reason = Annotated[str, Form(max_length=1000)]
Key = Annotated[str, Form(max_length=80)]
Seat = Annotated[UUID, Form()]


def done(reference: str, person: SignedIn, part: str, act: Callable[[str], object]) -> Response:
    """Act on a case that the person may see, and show the part of its page that changed."""
    with transaction() as session:
        case = case_for(session, person, reference)
    act(case.reference)
    return see_other(f"/cases/{case.reference}#{part}")


def on_seat(reference: str, person: SignedIn, seat: UUID, act: Callable[[UUID], object]) -> Response:
    """The same for one seat of the case's panel; raises NotFoundError for another case's."""

    def with_seat(case: str) -> None:
        with transaction() as session:
            found = session.get(Assignment, seat)
            if found is None or found.case_id != case_for(session, person, case).id:
                raise NotFoundError("The case has no such seat.")
        act(seat)

    return done(reference, person, "panel", with_seat)
