"""Making an archive while the system runs.

Everything of the database is read in one REPEATABLE READ transaction, which sees one moment. The documents are those
that this moment refers to: their files never change and carry their hash as name, so they can be read after it.
"""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from psycopg import IsolationLevel

from secunda import __version__, clock, logs
from secunda.adapters import storage
from secunda.backup.archive import DOCUMENTS, TABLES, ArchiveWriter, chunks_of, hashed
from secunda.backup.manifest import Manifest
from secunda.backup.noting import note_backup
from secunda.backup.serving import existing_database
from secunda.backup.tables import Connection, CopyOut, columns_of_tables, connected, revision_of
from secunda.errors import BadInputError, SecundaError
from secunda.settings import Settings

REFERRED_TO = """
    select sha256 from document where sha256 is not null
    union select sha256 from report
    union select bundle_sha256 from report where bundle_sha256 <> ''
    order by sha256
"""
CASES = "select count(*), count(*) filter (where status <> 'closed') from care_case"


@dataclass(frozen=True)
class Saved:
    """The finished archive. `sha256` is the whole file's: kept elsewhere, it proves the file's origin."""

    path: Path
    size: int
    sha256: str
    manifest: Manifest


def backup(path: Path, using: Settings) -> Saved:
    """Write one archive of database and documents to `path`, a new file that only this user can read.

    Raises BadInputError where it cannot be written or exists, NotFoundError where there is no installation. Documents
    that are missing or altered do not stop it; `manifest.damaged` names them.
    """
    with (
        _new_file(path) as file,
        existing_database(using) as url,
        connected(url) as connection,
        ArchiveWriter(file) as archive,
    ):
        manifest = _write(connection, archive)
    saved = Saved(path, path.stat().st_size, hashed(chunks_of(path)), manifest)
    note_backup(using, saved.size, manifest.cases, len(manifest.damaged))
    logs.info("backup_made", bytes=saved.size, count=manifest.cases)
    return saved


def _write(connection: Connection, archive: ArchiveWriter) -> Manifest:
    connection.isolation_level, connection.read_only = IsolationLevel.REPEATABLE_READ, True
    revision = revision_of(connection)
    copies = []
    for name, columns in columns_of_tables(connection).items():
        copies.append(CopyOut(connection, name, columns))
        archive.add(f"{TABLES}{name}.copy", copies[-1])
    facts = _facts(connection)
    wanted = [sha256 for (sha256,) in connection.execute(REFERRED_TO)]
    connection.rollback()  # the documents take their time, and an old snapshot keeps PostgreSQL from tidying up
    sizes = {sha256: _add_document(archive, sha256) for sha256 in wanted}
    manifest = Manifest.model_validate(
        facts
        | {
            "secunda": __version__,
            "revision": revision,
            "documents": sum(size is not None for size in sizes.values()),
            "document_bytes": sum(size or 0 for size in sizes.values()),
            "damaged": tuple(sha256 for sha256, size in sizes.items() if size is None),
            "tables": tuple(copy.content for copy in copies),
            "sums_sha256": hashed([archive.sums]),
        }
    )
    archive.end(manifest)
    return manifest


def _facts(connection: Connection) -> dict[str, object]:
    cases, open_cases = connection.execute(CASES).fetchone() or (0, 0)
    ((events,),) = connection.execute("select count(*) from event").fetchall()
    return {
        "postgresql": connection.info.parameter_status("server_version"),
        "made_at": clock.wall(),
        "cases": cases,
        "open_cases": open_cases,
        "events": events,
    }


def _add_document(archive: ArchiveWriter, sha256: str) -> int | None:
    """Its size in bytes; None where the store does not have it whole."""
    path = storage.path_of(sha256)
    if not path.is_file() or not archive.add(f"{DOCUMENTS}{sha256}", _readable_part(path), sha256):
        return None
    return path.stat().st_size


def _readable_part(path: Path) -> Iterator[bytes]:
    """What the disk still gives of a file."""
    with suppress(OSError):
        yield from chunks_of(path)


@contextmanager
def _new_file(path: Path) -> Iterator[BinaryIO]:
    """A file that is there whole, when the block ends well, or not at all; mode 0600. It never replaces another."""
    try:
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))  # the name is ours now
        handle, written = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    except FileExistsError:
        raise BadInputError("There is a file of that name already.", "Name another one.", place=str(path)) from None
    except OSError as error:
        reason = error.strerror or "unknown reason"
        raise BadInputError(f"The file cannot be written: {reason}.", "Name another place.", place=str(path)) from None
    try:
        with os.fdopen(handle, "w+b") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        Path(written).replace(path)
    except BaseException as error:
        Path(written).unlink(missing_ok=True)
        path.unlink(missing_ok=True)
        if isinstance(error, OSError):
            reason = error.strerror or "unknown reason"
            raise SecundaError(f"The backup could not be written: {reason}.", "Look at the disk's space.") from None
        raise
