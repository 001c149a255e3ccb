"""Steps that follow each other are one transaction: all kept or none, unless the case has failed before."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from uuid import uuid4

import pytest
from sqlmodel import Session

from models import Case
from secunda import cases, lease
from secunda.case_context import context_of
from secunda.db import transaction
from secunda.lease import LeaseLostError
from tasks.execution import Execution
from tests.factories import a_case

Change = Callable[[Session, Case, datetime], None]


@pytest.fixture
def execution(database: str) -> Execution:
    with transaction() as session:
        reference = a_case(session).reference
    with transaction() as session:
        return Execution(reference, uuid4(), lease=lease.acquire(session, reference, "one", 60))


def name(requester: str) -> Change:
    def change(session: Session, case: Case, now: datetime) -> None:
        case.requester = requester

    return change


def fail(session: Session, case: Case, now: datetime) -> None:
    raise KeyError


def requester(execution: Execution) -> str:
    with transaction() as session:
        return cases.by_reference(session, execution.reference).requester


def set_failures(execution: Execution, failures: int) -> None:
    with transaction() as session:
        cases.lock_by_reference(session, execution.reference).failures = failures


def test_what_steps_have_written_is_kept_when_it_is_committed(execution: Execution) -> None:
    before = requester(execution)

    async def steps() -> None:
        await execution.write(name("first"))
        await execution.write(name("second"))
        assert requester(execution) == before
        await execution.commit()

    asyncio.run(steps())
    assert requester(execution) == "second"


def test_a_step_that_fails_takes_those_before_it_back(execution: Execution) -> None:
    before = requester(execution)

    async def steps() -> None:
        await execution.write(name("first"))
        with pytest.raises(KeyError):
            await execution.write(fail)
        await execution.commit()

    asyncio.run(steps())
    assert requester(execution) == before


def test_a_case_that_has_failed_before_keeps_each_step_by_itself(execution: Execution) -> None:
    set_failures(execution, 1)

    async def steps() -> None:
        await execution.write(name("first"))
        with pytest.raises(KeyError):
            await execution.write(fail)

    asyncio.run(steps())
    assert requester(execution) == "first"


def test_nothing_is_kept_of_an_execution_that_is_given_up(execution: Execution) -> None:
    before = requester(execution)

    async def steps() -> None:
        await execution.write(name("first"))
        await execution.leave(RuntimeError())

    asyncio.run(steps())
    assert requester(execution) == before


def test_a_sitting_begins_only_while_the_lease_holds(execution: Execution) -> None:
    with transaction() as session:
        cases.lock_by_reference(session, execution.reference).lease_token += 1

    async def steps() -> None:
        with pytest.raises(LeaseLostError):
            await execution.write(name("first"))
        assert execution.sitting is None

    asyncio.run(steps())


def test_steps_of_one_sitting_share_what_they_have_read(execution: Execution) -> None:
    contexts: list[object] = []

    def look(session: Session, case: Case, now: datetime) -> None:
        contexts.append(context_of(session, case, now))

    async def steps() -> None:
        await execution.write(look)
        await execution.write(look)
        await execution.commit()
        await execution.write(look)
        await execution.commit()

    asyncio.run(steps())
    first, second, third = contexts
    assert first is second
    assert first is not third
