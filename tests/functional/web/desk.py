"""The cases on a coordinator's desk: one for each stretch of the way, in the language of whoever looks at it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from io import BytesIO

import pydicom
import pytest
from sqlmodel import col, select

import tasks.render
from models import Message
from models.rights_request import Right
from models.status import MessageStatus
from models.user_status import Role
from secunda.accounts.managing import user_by_email
from secunda.actions.attach import attach
from secunda.actions.rights import request_right
from secunda.db import transaction
from secunda.demo.papers import study
from secunda.documents import Said
from secunda.web.session import open_session
from tests.integration.walk import Walk
from tests.integration.walking import leave_unsigned, print_quickly
from tests.integration.web.browsing import an_account
from tests.integration.web.visiting import case_id

#: Whoever sits at the desk, beside the coordinator of the other tests.
PEOPLE = {Role.COORDINATOR: "carla@example.org", Role.MEDICAL_DIRECTOR: "dora@example.org", Role.OPS: "nil@example.org"}


@dataclass(frozen=True)
class Desk:
    """`cases`: stretch of the way → reference. `tokens`: the sessions of PEOPLE."""

    cases: dict[str, str]
    tokens: dict[Role, str]


def build(patch: pytest.MonkeyPatch, launched: Callable[[str, str], Walk]) -> Desk:
    """`launched` makes the case of a stretch in a language; `patch` is undone by whoever made it."""
    patch.setattr(tasks.render, "print_report", print_quickly)
    patch.setattr(tasks.render, "seal_report", leave_unsigned)
    cases: dict[str, str] = {}
    for stretch, (language, _, goes_there) in STRETCHES.items():
        walk = launched(stretch, language)
        goes_there(walk)
        cases[stretch] = walk.reference
    return Desk(cases, _sessions())


def _waits_for_consent(walk: Walk) -> None:
    """And nobody knows whether the patient was written to."""
    with transaction() as session:
        query = select(Message).where(Message.case_id == case_id(walk), Message.event == "consent_requested")
        message = session.exec(query.order_by(col(Message.channel))).first()
        assert message is not None
        message.status = MessageStatus.UNKNOWN


def _waits_for_papers(walk: Walk) -> None:
    """One that came names somebody else."""
    walk.consents()
    image = pydicom.dcmread(BytesIO(study("XA", date(2026, 2, 1), 3)))
    image.PatientName, image.PatientBirthDate = "DOE^OTHER", "19010101"
    file = BytesIO()
    image.save_as(file)
    file.seek(0)
    walk.does(attach, walk.reference, file, "requester", Said(title="Cine", loinc="18745-0"))


def _waits_for_the_panel(walk: Walk) -> None:
    """One has signed, and the others have not answered yet."""
    walk.goes_to_the_panel()
    first = sorted(walk.panel)[0]
    walk.accepts(first)
    walk.signs(first)


def _delivered_and_asked_for(walk: Walk) -> None:
    """The patient wants the data of a case that is closed."""
    walk.goes_to_its_end()
    for right in Right:
        request_right(walk.reference, right, "patient")


#: Language, whether on a phone, and how the case comes there.
STRETCHES: dict[str, tuple[str, bool, Callable[[Walk], None]]] = {
    "consent": ("en", True, _waits_for_consent),
    "papers": ("es", True, _waits_for_papers),
    "panel": ("en", False, _waits_for_the_panel),
    "delivered": ("es", False, _delivered_and_asked_for),
    "plain": ("es", True, Walk.consents),
}


def _sessions() -> dict[Role, str]:
    with transaction() as session:
        for role, email in PEOPLE.items():
            an_account(session, role, email)
    with transaction() as session:
        people = {role: user_by_email(session, email) for role, email in PEOPLE.items()}
        return {role: open_session(session, user, "Chromium", verified=True) for role, user in people.items()}
