"""Carrying cases through a real system with the demonstration's scripted people."""

import json
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlmodel import Session, col, select

from models import Case, Event, Message
from models.status import CaseStatus, MessageStatus
from pathways.vocabulary import Specialty
from secunda import events
from secunda.actions.experts import import_experts
from secunda.actions.launch import Request, launch
from secunda.db import transaction
from secunda.demo.people import act
from secunda.demo.scenario import DemoCase, Manner
from tests.conftest import CHECKOUT

BUNDLES = CHECKOUT / "examples" / "bundles"
EXPERTS = CHECKOUT / "examples" / "experts.csv"


PROMPT = Manner(accepts_after=timedelta(minutes=20), writes_after=timedelta(minutes=20))


def script(specialty: Specialty = Specialty.ORTHOPEDICS, **values: Any) -> DemoCase:
    """A case in which everybody does promptly what they should."""
    prompt: dict[str, Any] = {
        "documents_after": timedelta(minutes=20),
        "consent_after": timedelta(minutes=20),
        "first_role": PROMPT,
        "last_role": PROMPT,
        "manners": {"*": PROMPT},
        "board_after": timedelta(minutes=20),
    }
    return DemoCase("test", specialty, "", **{**prompt, **values})


def launch_example(
    specialty: Specialty, number: int = 0, edit: Callable[[dict[str, Any]], None] | None = None, **values: Any
) -> str:
    """Launch our own example bundle of that specialty, edited or not; `number` makes it another request."""
    bundle = json.loads((BUNDLES / f"{specialty}.json").read_text(encoding="utf-8"))
    if edit is not None:
        edit(bundle)
    request = Request(
        **{
            "specialty": specialty,
            "requester": f"Requester {number}",
            "requester_email": "requester@example.org",
            "questions": ("Is the diagnosis confirmed?",),
            "language": "en",
            **values,
        }
    )
    return launch(json.dumps(bundle).encode(), request, "test").reference


def import_example_experts() -> None:
    import_experts(EXPERTS)


def case_of(reference: str) -> Case:
    with transaction() as session:
        return session.exec(select(Case).where(Case.reference == reference)).one()


def carry(scripts: dict[str, DemoCase], until: Any, seconds: float = 240, every: float = 0.2) -> None:
    """Let the people act until `until()` is true; fails with where the cases stand when time runs out.

    `every`: wall seconds between two looks; each costs a few milliseconds a case.
    """
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        for reference, one in scripts.items():
            act(one, reference)
        if until():
            return
        time.sleep(every)
    raise AssertionError({reference: told(reference) for reference in scripts})


def all_closed(references: Any) -> bool:
    """Every case is closed, and what was to be said is said."""
    with transaction() as session:
        waiting = (MessageStatus.QUEUED, MessageStatus.CLAIMED)
        return all(
            session.exec(select(Case).where(Case.reference == reference)).one().status is CaseStatus.CLOSED
            and not any(one.status in waiting for one in messages(session, reference))
            for reference in references
        )


def told(reference: str) -> list[str]:
    """The events of a case, for a failing test's message."""
    with transaction() as session:
        query = select(Event).join(Case).where(Case.reference == reference).order_by(col(Event.sequence))
        return [f"{event.kind} {event.data}" for event in session.exec(query)][-12:]


def messages(session: Session, reference: str) -> list[Message]:
    query = select(Message).join(Case).where(Case.reference == reference).order_by(col(Message.created_at))
    return list(session.exec(query))


def assert_chain_and_messages(reference: str) -> None:
    """The audit chain verifies, and nothing is left unsent."""
    with transaction() as session:
        case = session.exec(select(Case).where(Case.reference == reference)).one()
        assert events.verify(session, case) is None
        unsent = [one for one in messages(session, reference) if one.status is not MessageStatus.SENT]
        assert [one.event for one in unsent if one.status is not MessageStatus.CANCELLED] == []


def files_under(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
