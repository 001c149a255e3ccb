"""The archive as a file: written part by part with their sums, and read only after every sum was found to be right."""

import hashlib
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import BinaryIO, Self
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from secunda.backup.manifest import Manifest, parse
from secunda.errors import BadInputError

MANIFEST, SUMS = "manifest.json", "SHA256SUMS"
TABLES, DOCUMENTS = "tables/", "documents/"
CHUNK = 2**20
LARGEST_MANIFEST = 2**20  # bytes; it lists tables, not documents
PRIVATE = 0o600
BEFORE_TIME = (1980, 1, 1, 0, 0, 0)  # the archive's own date is in its manifest
WORTH_IT = 0.9  # a part is stored as it is where its beginning does not shrink to less than this share
TORN = (BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, UnicodeDecodeError)


def hashed(chunks: Iterable[bytes]) -> str:
    """SHA-256 in hexadecimal."""
    digest = hashlib.sha256()
    for chunk in chunks:
        digest.update(chunk)
    return digest.hexdigest()


def chunks_of(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            yield chunk


class ArchiveWriter:
    """Writes an archive into an open file; `end` adds its sums and its manifest."""

    def __init__(self, file: BinaryIO) -> None:
        self._zip = ZipFile(file, "w")
        self._sums: list[str] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._zip.close()

    def add(self, name: str, chunks: Iterable[bytes], expected: str = "") -> bool:
        """Add one part. False where its sum is not the `expected` one: it is not among the sums then."""
        digest, stream = hashlib.sha256(), iter(chunks)
        start = next(stream, b"")
        with self._zip.open(_entry(name, start), "w", force_zip64=True) as entry:
            for chunk in chain((start,), stream):
                digest.update(chunk)
                entry.write(chunk)
        found = digest.hexdigest()
        if expected and found != expected:
            return False
        self._sums.append(f"{found}  {name}\n")
        return True

    @property
    def sums(self) -> bytes:
        return "".join(self._sums).encode()

    def end(self, manifest: Manifest) -> None:
        self._zip.writestr(_entry(SUMS, self.sums), self.sums)
        self._zip.writestr(_entry(MANIFEST, b""), manifest.model_dump_json(indent=1).encode())


def _entry(name: str, start: bytes) -> ZipInfo:
    entry = ZipInfo(name, BEFORE_TIME)
    entry.external_attr = PRIVATE << 16
    shrinks = len(zlib.compress(start, 1)) < WORTH_IT * len(start)
    entry.compress_type = ZIP_DEFLATED if shrinks else ZIP_STORED
    return entry


@dataclass(frozen=True)
class Archive:
    """A verified archive. `sums`: SHA-256 by the name of the part."""

    path: Path
    manifest: Manifest
    sums: dict[str, str]
    _zip: ZipFile

    @property
    def documents(self) -> list[str]:
        """The SHA-256 of every document in it."""
        return [name.removeprefix(DOCUMENTS) for name in self.sums if name.startswith(DOCUMENTS)]

    def chunks(self, name: str) -> Iterator[bytes]:
        """The content of a part; raises BadInputError, at its end at the latest, where it is not what was saved."""
        digest = hashlib.sha256()
        try:
            with self._zip.open(name) as part:
                while chunk := part.read(CHUNK):
                    digest.update(chunk)
                    yield chunk
        except TORN:
            raise _refusal(self.path, f"{name} cannot be read") from None
        if digest.hexdigest() != self.sums[name]:
            raise _refusal(self.path, f"{name} was altered")


@contextmanager
def opened(path: Path, expected_sha256: str = "") -> Iterator[Archive]:
    """The archive, every part of it verified. Raises BadInputError where it is torn, altered or none of ours.

    `expected_sha256`: the whole file's, as `backup` told it; only who knows it detects an archive forged as a whole.
    """
    try:
        if expected_sha256 and hashed(chunks_of(path)) != expected_sha256.strip().lower():
            raise _refusal(path, "it is not the file whose SHA-256 was given")
        zip_file = ZipFile(path)
    except TORN:
        raise _refusal(path, "its end is missing, or it is no archive at all") from None
    except OSError as error:
        reason = error.strerror or "unknown reason"
        raise BadInputError(f"The file cannot be read: {reason}.", "Check its name.", place=str(path)) from None
    with zip_file:
        yield _verified(path, zip_file)


def _verified(path: Path, zip_file: ZipFile) -> Archive:
    names = [entry.filename for entry in zip_file.infolist()]
    if len(names) != len(set(names)) or not {MANIFEST, SUMS} <= set(names):
        raise _refusal(path, "it is no backup of Secunda")
    if zip_file.getinfo(MANIFEST).file_size > LARGEST_MANIFEST:
        raise _refusal(path, "its manifest is too large")
    try:
        manifest = parse(zip_file.read(MANIFEST), f"{path}:{MANIFEST}")
        written = zip_file.read(SUMS)
        sums = {name: digest for digest, name in (line.split("  ", 1) for line in written.decode().splitlines())}
    except (*TORN, ValueError):
        raise _refusal(path, "its manifest or its sums cannot be read") from None
    if hashed([written]) != manifest.sums_sha256:
        raise _refusal(path, f"{SUMS} was altered")
    archive = Archive(path, manifest, sums, zip_file)
    _check_parts(archive, set(names) - {MANIFEST, SUMS})
    return archive


def _check_parts(archive: Archive, names: set[str]) -> None:
    damaged = {DOCUMENTS + sha256 for sha256 in archive.manifest.damaged}
    for name in sorted(names ^ archive.sums.keys()):
        if name not in damaged:
            raise _refusal(archive.path, f"{name} is {'missing' if name in archive.sums else 'not one of its parts'}")
    tables = {f"{TABLES}{table.name}.copy" for table in archive.manifest.tables}
    if tables != {name for name in archive.sums if not name.startswith(DOCUMENTS)}:
        raise _refusal(archive.path, "its tables are not those that its manifest names")
    for name, digest in archive.sums.items():
        if name.startswith(DOCUMENTS) and name != DOCUMENTS + digest:
            raise _refusal(archive.path, f"{name} is not named by its content")
        for _ in archive.chunks(name):
            pass


def _refusal(path: Path, what: str) -> BadInputError:
    return BadInputError(
        f"This is no whole backup: {what}.", "Take another copy of it. Nothing was changed.", place=str(path)
    )
