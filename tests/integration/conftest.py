"""A world of its own for each test of the case logic: one database for all of them, emptied in between."""

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import models
import tasks.render
from pathways.vocabulary import Specialty
from secunda import db, opening
from secunda.db import transaction
from secunda.postgres import EmbeddedPostgres
from secunda.settings import settings
from tests.conftest import TEMPLATE, copy_database, use_settings
from tests.integration.surroundings import employ, launch_case
from tests.integration.walk import Walk
from tests.integration.walking import Walker, leave_unsigned, print_quickly

Launch = Callable[..., Walk]


@pytest.fixture(scope="session")
def shared_store(postgres: EmbeddedPostgres) -> str:
    """Emptying a database takes a tenth of the time of making one."""
    copy_database(postgres, "shared_store", TEMPLATE)
    return postgres.url("shared_store")


@pytest.fixture
def store(shared_store: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """An empty domain store and an installation folder, as `database` gives, but quicker."""
    use_settings(monkeypatch, environment="test", home=tmp_path, database_url=shared_store)
    empty()
    yield shared_store
    db.engine().dispose()
    db.engine.cache_clear()
    settings.cache_clear()


def empty() -> None:
    """No rows in any table. A test leaves few: taking them out is quicker than giving each table new files."""
    deletions = ";".join(f"delete from {table.name}" for table in models.metadata.sorted_tables)
    with transaction() as session:  # as a replica, which checks no references: the order does not matter
        session.connection().exec_driver_sql(f"set local session_replication_role = replica;{deletions}")


@pytest.fixture
def walker(store: str, monkeypatch: pytest.MonkeyPatch) -> Walker:
    """Time stands still on a Monday morning, and reports are printed by the quick stand-in."""
    walker = Walker()
    walker.install(monkeypatch)
    monkeypatch.setattr(tasks.render, "print_report", print_quickly)
    monkeypatch.setattr(tasks.render, "seal_report", leave_unsigned)
    count = itertools.count(1)  # equal experts are told apart by the case's reference: the same in every run
    monkeypatch.setattr(opening, "new_reference", lambda session: f"SO-TEST-{next(count):04d}")
    return walker


@pytest.fixture
def launched(walker: Walker) -> Launch:
    """Launch a case with a directory of experts for its pathway (two for each role), and let it go as far as it can."""
    employed: set[Specialty] = set()

    def launch(
        specialty: Specialty = Specialty.CARDIOLOGY, *, manners: Any = ("first", "second"), **values: Any
    ) -> Walk:
        if specialty not in employed:
            employ(specialty, manners)
            employed.add(specialty)
        values.setdefault("requester", f"Hospital {len(walker.parked)} de Origen")  # else it is the same request again
        walk = Walk(walker, launch_case(specialty, **values))
        walker.settle(walk.reference)
        return walk

    return launch
