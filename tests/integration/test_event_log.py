"""The append-only log on a real database."""

from datetime import UTC, datetime

from sqlmodel import Session, col, select, update

from models import Case, Event
from secunda import events
from secunda.db import transaction
from tests.factories import a_case

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def _case_with_events(session: Session) -> Case:
    case = a_case(session)
    for kind in ("launched", "document_received", "triaged"):
        events.record(session, case, kind, "coordinator:ana", NOW, at_least="ñ", count=3)
    return case


def test_an_untouched_chain_verifies(database: str) -> None:
    with transaction() as session:
        case_id = _case_with_events(session).id
    with transaction() as session:
        assert events.verify(session, session.get_one(Case, case_id)) is None


def test_an_altered_event_is_named(database: str) -> None:
    with transaction() as session:
        case = _case_with_events(session)
    with transaction() as session:
        session.exec(update(Event).where(col(Event.sequence) == 2).values(actor="somebody:else"))
    with transaction() as session:
        broken = events.verify(session, session.get_one(Case, case.id))
    assert broken is not None
    assert (broken.sequence, broken.problem) == (2, "was altered after it was written")


def test_a_removed_last_event_is_noticed(database: str) -> None:
    with transaction() as session:
        case = _case_with_events(session)
        session.flush()
        session.delete(session.exec(select(Event).where(col(Event.sequence) == 3)).one())
    with transaction() as session:
        broken = events.verify(session, session.get_one(Case, case.id))
    assert broken is not None
    assert "ends before" in broken.problem
