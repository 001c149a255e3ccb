"""A database that goes away for a moment is no fault of the case that was just being carried."""

import asyncio
from uuid import uuid4

import pytest
from prefect.exceptions import Abort
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlmodel import select, update

from models import Case
from models.status import CaseStatus
from secunda import lease
from secunda.db import engine, is_away, transaction
from secunda.settings import settings
from tasks import execution
from tasks.execution import RETRY_MINUTES, Execution, Waits
from tests.conftest import use_settings
from tests.integration.conftest import Launch


@pytest.fixture
def executed(launched: Launch) -> Execution:
    reference = launched().reference
    with transaction() as session:
        return Execution(reference, uuid4(), lease.acquire(session, reference, "worker", 20))


def ended() -> OperationalError:
    """What a step sees whose connection the server has ended."""
    with pytest.raises(OperationalError) as found, transaction() as session:
        session.execute(text("select pg_terminate_backend(pg_backend_pid())"))
    return found.value


def after(executed: Execution, error: Exception) -> Waits:
    return asyncio.run(execution._after_failure(executed, error))


def failures(executed: Execution) -> int:
    with transaction() as session:
        return session.exec(select(Case.failures).where(Case.reference == executed.reference)).one()


def test_however_often_the_database_goes_away_the_case_is_tried_again_soon_and_never_held(executed: Execution) -> None:
    for _ in range(2 * len(RETRY_MINUTES)):
        assert after(executed, ended()).badge == "Awaiting retry"
    assert failures(executed) == 0


def test_whoever_was_away_for_so_long_that_another_has_the_case_leaves_its_run_alone(executed: Execution) -> None:
    error = ended()
    with transaction() as session:
        session.exec(update(Case).values(lease_until=None))
        lease.acquire(session, executed.reference, "another", 20)
    with pytest.raises(Abort):
        after(executed, error)


def test_while_the_database_stays_away_nobody_knows_whose_case_it_is(
    executed: Execution, monkeypatch: pytest.MonkeyPatch
) -> None:
    error = ended()
    with monkeypatch.context() as away:
        use_settings(away, database_url="postgresql+psycopg://nobody@127.0.0.1:1/none")
        with pytest.raises(Abort):
            after(executed, error)
    settings.cache_clear()
    engine.cache_clear()
    assert failures(executed) == 0


def test_a_step_that_fails_by_itself_is_counted_and_at_last_holds_its_case(executed: Execution) -> None:
    for number in range(1, len(RETRY_MINUTES) + 1):
        assert after(executed, ValueError()).badge == "Awaiting retry"
        assert failures(executed) == number
    with pytest.raises(Exception, match="ValueError"):
        after(executed, ValueError())
    with transaction() as session:
        assert session.exec(select(Case.status)).one() is CaseStatus.ON_HOLD


def test_a_server_that_does_not_answer_is_away() -> None:
    with pytest.raises(OperationalError) as found:
        create_engine("postgresql+psycopg://nobody@127.0.0.1:1/none").connect()
    assert is_away(found.value)


@pytest.mark.parametrize("refused", ["select 1/0", "select pg_sleep(1)", "select nothing"])
def test_a_statement_that_is_refused_says_nothing_of_the_server(database: str, refused: str) -> None:
    with pytest.raises(DBAPIError) as found, transaction() as session:
        session.execute(text("set local statement_timeout = 10"))
        session.execute(text(refused))
    assert not is_away(found.value)
