"""Filling an empty installation from an archive: all of it or nothing.

Every sum is verified first. The tables are made and filled in one transaction, which is committed when the last
document lies in the store; what fails before takes its documents away again.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from sqlalchemy import Connection, create_engine
from sqlmodel import Session

from secunda import logs, migrating
from secunda.adapters import storage
from secunda.backup.archive import DOCUMENTS, TABLES, Archive, opened
from secunda.backup.manifest import Manifest
from secunda.backup.serving import own_database
from secunda.backup.tables import Connection as Driver
from secunda.backup.tables import copy_in, filled_tables, standardise
from secunda.errors import BadInputError, ConflictError, SecundaError
from secunda.settings import Settings
from secunda.views.audit import ChainResult, verify

ELSEWHERE = "Restore into an empty one: another SECUNDA_HOME, or another database in SECUNDA_DATABASE_URL."


@dataclass(frozen=True)
class Restored:
    """What came out of the archive. `broken`: chains of events that do not hold, as they did not when it was made."""

    manifest: Manifest
    broken: tuple[ChainResult, ...] = ()


def restore(path: Path, using: Settings, expected_sha256: str = "") -> Restored:
    """Fill this installation from the archive; it must have no rows and no other documents.

    Raises BadInputError where the archive is torn or altered, ConflictError where the installation is not empty or is
    running. Nothing is changed then.
    """
    with ExitStack() as stack:
        archive = stack.enter_context(opened(path, expected_sha256))
        _check_revision(archive)
        _check_documents(archive, using)
        engine = create_engine(
            stack.enter_context(own_database(using)), hide_parameters=True, connect_args={"connect_timeout": 10}
        )
        stack.callback(engine.dispose)
        connection = stack.enter_context(engine.connect())
        raw = _begin(connection)
        with _documents_of(archive):
            _fill(connection, raw, archive)
            broken = _broken_chains(connection)
            connection.commit()
    logs.info("restored", count=archive.manifest.cases)
    return Restored(archive.manifest, broken)


def _check_revision(archive: Archive) -> None:
    if not migrating.knows(archive.manifest.revision):
        raise SecundaError(
            f"The backup is of revision {archive.manifest.revision}, which this version of Secunda does not know.",
            f"Install Secunda {archive.manifest.secunda} or a newer one.",
        )


def _check_documents(archive: Archive, using: Settings) -> None:
    """Files of this very archive may be there: those of an attempt that was killed."""
    names = {path.name for path in using.documents_folder.glob("??/*")}
    if names - set(archive.documents):
        raise ConflictError(f"There are documents in {using.documents_folder} already.", ELSEWHERE)


def _begin(connection: Connection) -> Driver:
    """Open the one transaction, on a database without rows; returns the driver's connection, which can copy."""
    connection.exec_driver_sql("set lock_timeout = '10s'")
    raw = cast(Driver, connection.connection.driver_connection)
    standardise(raw)
    if filled := filled_tables(raw):
        raise ConflictError(f"The database is not empty: there are rows in {', '.join(sorted(filled))}.", ELSEWHERE)
    return raw


def _fill(connection: Connection, raw: Driver, archive: Archive) -> None:
    """Make the tables as they were when the archive was made, fill them, and bring them to this version."""
    migrating.make_anew(connection, archive.manifest.revision)
    for table in archive.manifest.tables:
        found = copy_in(raw, table, archive.chunks(f"{TABLES}{table.name}.copy"))
        if found != table.rows:
            raise BadInputError(
                f"The table {table.name} has {found} rows; its manifest says {table.rows}.",
                "Take another copy of the archive. Nothing was changed.",
                place=str(archive.path),
            )
    migrating.upgrade_within(connection)


def _broken_chains(connection: Connection) -> tuple[ChainResult, ...]:
    with Session(bind=connection, join_transaction_mode="create_savepoint") as session:
        return tuple(result for result in verify(session) if result.problem)


@contextmanager
def _documents_of(archive: Archive) -> Iterator[None]:
    """Put the documents into the store; taken away again when the block fails."""
    added: list[Path] = []
    try:
        for sha256 in archive.documents:
            target = storage.path_of(sha256)
            if target.is_file() and storage.verify(sha256):
                continue
            added.append(target)
            storage.receive(archive.chunks(DOCUMENTS + sha256), limit_bytes=archive.manifest.document_bytes)
        yield
    except BaseException:
        for path in added:
            path.unlink(missing_ok=True)
        raise
