import hashlib
import io
import os
import stat
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from secunda.adapters import storage
from secunda.errors import BadInputError, NotFoundError, SecundaError

CONTENT = b"a report"
HASH = hashlib.sha256(CONTENT).hexdigest()


def files(home: Path) -> list[Path]:
    return [path for path in home.rglob("*") if path.is_file()]


@pytest.mark.parametrize(
    "as_source", [lambda path: path, lambda path: path.open("rb"), lambda path: [path.read_bytes()]]
)
def test_a_file_is_stored_under_its_hash_from_a_path_a_stream_or_chunks(home: Path, tmp_path: Path, as_source) -> None:
    path = tmp_path / "report"
    path.write_bytes(CONTENT)
    stored = storage.receive(as_source(path))
    assert (stored.sha256, stored.size, stored.path.read_bytes()) == (HASH, len(CONTENT), CONTENT)
    assert storage.open_document(HASH).read() == CONTENT
    assert storage.verify(HASH)


def test_nobody_else_on_the_machine_can_read_the_store(home: Path) -> None:
    stored = storage.receive(io.BytesIO(CONTENT))
    assert stat.S_IMODE(stored.path.stat().st_mode) == 0o600
    folder = stored.path.parent
    while folder != home:
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        folder = folder.parent


def test_storing_twice_stores_once(home: Path) -> None:
    first = storage.receive(io.BytesIO(CONTENT))
    assert storage.receive(io.BytesIO(CONTENT)) == first
    assert files(home) == [first.path]


def test_storing_again_mends_a_file_that_was_damaged(home: Path) -> None:
    stored = storage.receive(io.BytesIO(CONTENT))
    stored.path.write_bytes(b"bit rot")
    assert not storage.verify(HASH)
    storage.receive(io.BytesIO(CONTENT))
    assert storage.verify(HASH)


def test_a_sparse_file_of_500_mb_is_refused_before_it_is_read(home: Path, tmp_path: Path) -> None:
    path = tmp_path / "sparse"
    with path.open("wb") as file:
        file.truncate(500 * 10**6)
    with pytest.raises(BadInputError, match="larger than 250 MiB"):
        storage.receive(path)
    path.unlink()
    assert files(home) == []


def test_a_stream_is_cut_off_at_the_limit_and_leaves_nothing(home: Path) -> None:
    given = 0

    def endless() -> Iterator[bytes]:
        nonlocal given
        while True:
            given += 1
            yield bytes(storage.CHUNK)

    with pytest.raises(BadInputError, match="larger than 5 MiB"):
        storage.receive(endless(), limit_bytes=5 * storage.CHUNK)
    assert given == 6
    assert files(home) == []


def test_a_large_stream_is_never_whole_in_memory(home: Path) -> None:
    class Asked(io.RawIOBase):
        largest = left = 0

        def read(self, size: int = -1) -> bytes:
            self.largest = max(self.largest, size)
            self.left -= 1
            return bytes(size) if self.left > 0 else b""

    stream = Asked()
    stream.left = 21
    assert storage.receive(stream).size == 20 * storage.CHUNK  # type: ignore[arg-type]
    assert stream.largest == storage.CHUNK


def test_a_stream_that_breaks_leaves_nothing(home: Path) -> None:
    def broken() -> Iterator[bytes]:
        yield b"half"
        raise ConnectionError

    with pytest.raises(ConnectionError):
        storage.receive(broken())
    assert files(home) == []


@pytest.mark.parametrize("content", [b"", []])
def test_an_empty_file_is_refused(home: Path, content) -> None:
    with pytest.raises(BadInputError, match="empty"):
        storage.receive(io.BytesIO(content) if isinstance(content, bytes) else content)
    assert files(home) == []


def test_a_pipe_or_a_folder_is_refused_without_waiting(home: Path, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", tmp_path):
        with pytest.raises(BadInputError, match="not a regular file"):
            storage.receive(path)


def test_a_missing_file_says_so_without_its_name(home: Path) -> None:
    with pytest.raises(BadInputError) as caught:
        storage.receive(Path("/nowhere/Garcia_Juan.pdf"))
    assert "Garcia" not in str(caught.value)


def test_what_is_not_committed_is_gone(home: Path) -> None:
    with storage.pending(io.BytesIO(CONTENT)) as arrived:
        assert arrived.path.read_bytes() == CONTENT
    assert files(home) == []


@pytest.mark.parametrize("name", ["../../etc/passwd", HASH.upper(), HASH[:-1], HASH + "0", ""])
def test_only_a_hash_names_a_stored_file(home: Path, name: str) -> None:
    with pytest.raises(BadInputError):
        storage.path_of(name)


def test_an_unknown_hash_is_not_found(home: Path) -> None:
    with pytest.raises(NotFoundError):
        storage.verify("0" * 64)


def test_leftovers_of_a_killed_process_are_swept(home: Path) -> None:
    storage.receive(io.BytesIO(CONTENT))
    left = home / "documents" / "incoming" / "left"
    left.write_bytes(b"half")
    now = datetime.now(UTC)
    assert storage.remove_leftovers(now - timedelta(hours=1)) == 0
    assert storage.remove_leftovers(now + timedelta(hours=1)) == 1
    assert storage.verify(HASH)


def test_a_store_that_cannot_be_written_is_told_to_operations(home: Path) -> None:
    (home / "documents").write_text("in the way")
    with pytest.raises(SecundaError, match="cannot be written") as caught:
        storage.receive(io.BytesIO(CONTENT))
    assert not isinstance(caught.value, BadInputError)
