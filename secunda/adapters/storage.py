"""The document store: files under the name of their SHA-256, written so that a crash leaves all of a file or nothing.

Layout: `<documents_folder>/ab/abcdef…` (files 0600, folders 0700); what is still arriving lies in `incoming/`.
"""

import hashlib
import os
import re
import stat
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from secunda.errors import BadInputError, NotFoundError, SecundaError
from secunda.settings import settings

CHUNK = 2**20
_SHA256 = re.compile(r"[0-9a-f]{64}")

#: An open binary file, a file on this machine, or chunks as they arrive from the network.
Source = BinaryIO | Path | Iterable[bytes]


@dataclass(frozen=True)
class StoredFile:
    """A file of the store. `size` is in bytes."""

    sha256: str
    size: int
    path: Path


@dataclass(frozen=True)
class Pending:
    """A file that has arrived whole and is not in the store yet: examine it at `path`, then `commit`."""

    sha256: str
    size: int
    path: Path

    def commit(self) -> StoredFile:
        """Move it into the store. The same bytes received twice are one file."""
        target = path_of(self.sha256)
        _make_private(target.parent)
        self.path.replace(target)
        _sync_folder(target.parent)
        return StoredFile(self.sha256, self.size, target)


@contextmanager
def pending(source: Source, limit_bytes: int | None = None) -> Iterator[Pending]:
    """Stream `source` into a temporary file, which is gone at the end of the block unless it was committed.

    Raises BadInputError for more than `limit_bytes` (default `max_document_bytes`), an empty file, an unreadable path.
    """
    limit = settings().max_document_bytes if limit_bytes is None else limit_bytes
    incoming = settings().documents_folder / "incoming"
    with _store_errors():
        _make_private(incoming)
        handle, name = tempfile.mkstemp(dir=incoming)  # mkstemp creates it 0600
    path = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            digest, size = _copy(_chunks(source, limit), file, limit)
        yield Pending(digest, size, path)
    finally:
        path.unlink(missing_ok=True)


def receive(source: Source, limit_bytes: int | None = None) -> StoredFile:
    """Store `source` unexamined; see `pending` for the errors and `secunda.adapters.intake` for examined files."""
    with pending(source, limit_bytes) as arrived, _store_errors():
        return arrived.commit()


def path_of(sha256: str) -> Path:
    """Where the file of that hash lies, if it is there. Raises BadInputError for what is no SHA-256."""
    if not _SHA256.fullmatch(sha256):
        raise BadInputError("This is not a SHA-256.", "Give the 64 hexadecimal digits, in lower case.")
    return settings().documents_folder / sha256[:2] / sha256


def open_document(sha256: str) -> BinaryIO:
    """The stored file, open for reading. Raises NotFoundError when the store does not have it."""
    try:
        return path_of(sha256).open("rb")
    except FileNotFoundError:
        raise NotFoundError(
            f"The document store has no file {sha256[:12]}…", "Restore it from the backup or attach it again."
        ) from None


def verify(sha256: str) -> bool:
    """Whether the stored bytes still have that hash. Raises NotFoundError when they are not there."""
    digest = hashlib.sha256()
    with open_document(sha256) as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest() == sha256


def remove_leftovers(older_than: datetime) -> int:
    """Delete what a killed process left in `incoming/` before that wall time; returns how many files."""
    removed = 0
    for path in (settings().documents_folder / "incoming").glob("*"):
        with suppress(FileNotFoundError):
            if path.stat().st_mtime < older_than.timestamp():
                path.unlink()
                removed += 1
    return removed


def _chunks(source: Source, limit: int) -> Iterator[bytes]:
    if isinstance(source, Path):
        yield from _chunks_of_path(source, limit)
    elif isinstance(source, Iterable) and not hasattr(source, "read"):
        yield from source
    else:
        while chunk := source.read(CHUNK):
            yield chunk


def _chunks_of_path(path: Path, limit: int) -> Iterator[bytes]:
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):  # a pipe or a device would never end
            raise BadInputError("This is not a regular file.", "Name a file, not a folder, pipe or device.")
        if found.st_size > limit:
            raise too_large(limit)
        with path.open("rb") as file:
            while chunk := file.read(CHUNK):
                yield chunk
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else "unknown reason"
        raise BadInputError(f"The file cannot be read: {reason}.", "Check its name and permissions.") from None


def _copy(chunks: Iterable[bytes], file: BinaryIO, limit: int) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    for chunk in chunks:
        size += len(chunk)
        if size > limit:
            raise too_large(limit)
        digest.update(chunk)
        with _store_errors():
            file.write(chunk)
    if size == 0:
        raise BadInputError("The file is empty.", "Export or scan it again; the transfer may have been cut off.")
    with _store_errors():
        file.flush()
        os.fsync(file.fileno())
    return digest.hexdigest(), size


def too_large(limit: int) -> BadInputError:
    """The refusal of a file beyond `limit` bytes."""
    return BadInputError(
        f"The file is larger than {limit / 2**20:.6g} MiB.",
        "Send it in parts, or ask operations to raise SECUNDA_MAX_DOCUMENT_BYTES.",
    )


def _make_private(folder: Path) -> None:
    """Create `folder` for this user only, and make its name survive a power cut."""
    if folder.is_dir():
        return
    _make_private(folder.parent)
    folder.mkdir(mode=0o700, exist_ok=True)
    _sync_folder(folder.parent)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _store_errors() -> Iterator[None]:
    """A full disk or a wrong permission is the operator's to mend, not the sender's."""
    try:
        yield
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else "unknown reason"
        raise SecundaError(
            f"The document store cannot be written: {reason}.", "Check free space and permissions under SECUNDA_HOME."
        ) from None
