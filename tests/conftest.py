"""Fixtures on real parts: one PostgreSQL server a test process, one database a test."""

import itertools
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import hypothesis
import psycopg
import pytest
from psycopg import sql
from sqlalchemy import create_engine

import models
from secunda import db
from secunda.postgres import EmbeddedPostgres
from secunda.settings import Settings, settings

CHECKOUT = Path(__file__).parent.parent
TEST_DATA = Path(os.environ.get("SECUNDA_TEST_DATA", CHECKOUT / "../shared/data")).resolve()
TEMPLATE = "secunda_template"

# Pytest loads readline, which tells every process started from there how wide its terminal is, also where none is.
os.environ.pop("COLUMNS", None)

# A busy machine is not a mistake in what is tested.
hypothesis.settings.register_profile("untimed", deadline=None)
hypothesis.settings.load_profile("untimed")

_number = itertools.count(1)


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Name bytes by their argument: files made for a test hold the time, and every process must name it alike."""
    return argname if isinstance(val, bytes) else None


@pytest.fixture(scope="session")
def test_data() -> Path:
    """Real records that nobody here wrote; tests that need them skip where they are absent."""
    if not TEST_DATA.is_dir():
        pytest.skip(f"no test data at {TEST_DATA}: set SECUNDA_TEST_DATA")
    return TEST_DATA


@pytest.fixture(scope="session")
def postgres() -> Iterator[EmbeddedPostgres]:
    """A PostgreSQL server of this test process, its disk writes unsynced for speed."""
    folder = Path(tempfile.mkdtemp(prefix="secunda-test-"))
    server = EmbeddedPostgres(folder / "pg", {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"})
    server.initialise()
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(server.command(), user=server.user, stdout=log, stderr=log)
    try:
        while not server.ready():
            if process.poll() is not None:
                raise RuntimeError((folder / "log").read_text())
        server.create_database(TEMPLATE)
        engine = create_engine(server.url(TEMPLATE))
        models.metadata.create_all(engine)
        engine.dispose()
        yield server
    finally:
        process.terminate()
        process.wait(20)
        shutil.rmtree(folder, ignore_errors=True)


def use_settings(monkeypatch: pytest.MonkeyPatch, **values: object) -> Settings:
    """Make `settings()` return these values, through the environment as in real life."""
    for name, value in values.items():
        monkeypatch.setenv(f"SECUNDA_{name.upper()}", str(value))
    settings.cache_clear()
    db.engine.cache_clear()
    return settings()


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty installation folder; settings point at it."""
    use_settings(monkeypatch, environment="test", home=tmp_path)
    yield tmp_path
    settings.cache_clear()


def copy_database(postgres: EmbeddedPostgres, name: str, template: str) -> None:
    """A database like another one, by its files: a tenth of what it takes by way of the write-ahead log."""
    create = sql.SQL("create database {} template {} strategy file_copy")
    with psycopg.connect(postgres.url("postgres", "postgresql"), autocommit=True) as connection:
        connection.execute(create.format(sql.Identifier(name), sql.Identifier(template)))


@contextmanager
def a_database(postgres: EmbeddedPostgres, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """An empty domain store with its tables, which the settings point at; its URL."""
    name = f"test_{next(_number)}"
    copy_database(postgres, name, TEMPLATE)
    url = postgres.url(name)
    use_settings(monkeypatch, database_url=url)
    try:
        yield url
    finally:
        db.engine().dispose()
        db.engine.cache_clear()
        postgres.drop_database(name)


@pytest.fixture
def database(postgres: EmbeddedPostgres, home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """An empty domain store with its tables; `secunda.db.transaction()` works on it. Yields the URL."""
    with a_database(postgres, monkeypatch) as url:
        yield url
