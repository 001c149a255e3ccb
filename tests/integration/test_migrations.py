"""The migrations and the models say the same, and every migration can be undone."""

from collections.abc import Iterator

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import create_engine, inspect

import models
from secunda import migrating
from secunda.errors import SecundaError
from secunda.postgres import EmbeddedPostgres


@pytest.fixture
def empty(postgres: EmbeddedPostgres) -> Iterator[str]:
    """The URL of a database without any table."""
    postgres.create_database("migrations")
    yield postgres.url("migrations")
    postgres.drop_database("migrations")


def tables(url: str) -> set[str]:
    engine = create_engine(url)
    names = set(inspect(engine).get_table_names())
    engine.dispose()
    return names - {"alembic_version"}


def test_the_migrations_make_what_the_models_say(empty: str) -> None:
    after = migrating.upgrade(empty)
    assert after.up_to_date
    assert after.head
    assert tables(empty) == set(models.metadata.tables)
    engine = create_engine(empty)
    with engine.connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), models.metadata)
    engine.dispose()
    assert differences == [], "run: make migration MESSAGE='…'"
    command.check(migrating.configuration(empty))


def test_every_migration_can_be_undone_and_done_again(empty: str) -> None:
    migrating.upgrade(empty)
    migrating.downgrade(empty, "base")
    assert tables(empty) == set()
    assert migrating.state(empty).current == ""
    assert migrating.upgrade(empty).up_to_date


def test_migrating_twice_is_harmless(empty: str) -> None:
    assert migrating.upgrade(empty) == migrating.upgrade(empty)


def test_a_database_of_a_newer_version_is_refused_with_the_remedy(empty: str) -> None:
    migrating.upgrade(empty)
    engine = create_engine(empty)
    with engine.begin() as connection:
        connection.exec_driver_sql("update alembic_version set version_num = '9999'")
    engine.dispose()
    with pytest.raises(SecundaError, match="newer"):
        migrating.upgrade(empty)
