"""One archive of everything, made while people work, and put into an empty machine: all of it or nothing."""

import json
import os
import shutil
import stat
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import select

from models import Case, Document
from pathways.vocabulary import Specialty
from secunda import clock, db, migrating
from secunda.actions.attach import attach
from secunda.adapters import storage
from secunda.backup import backup, opened, restore
from secunda.backup.noting import last_backup
from secunda.db import transaction
from secunda.documents import Said
from secunda.errors import BadInputError, ConflictError, NotFoundError, SecundaError
from secunda.postgres import EmbeddedPostgres
from secunda.settings import Settings
from secunda.views.audit import verify
from tests.conftest import CHECKOUT, use_settings
from tests.integration.cli.conftest import snapshot
from tests.integration.surroundings import employ, launch_case

NAMES = iter(range(10_000))


class Machine:
    """An installation: a home and a database with the tables as migrations make them."""

    def __init__(self, postgres: EmbeddedPostgres, folder: Path, patch: pytest.MonkeyPatch) -> None:
        self.name = f"machine_{next(NAMES)}"
        self.home = folder / self.name
        self.home.mkdir()
        self.url = postgres.url(self.name)
        self._patch = patch
        postgres.create_database(self.name)
        migrating.upgrade(self.url)

    def use(self) -> Settings:
        """Whatever happens next happens here."""
        return use_settings(self._patch, environment="test", home=self.home, database_url=self.url)

    def rows(self) -> dict[str, object]:
        return snapshot(self.url)

    def files(self) -> dict[str, bytes]:
        folder = self.home / "documents"
        return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def machine(
    postgres: EmbeddedPostgres, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[], Machine]]:
    made: list[Machine] = []

    def make() -> Machine:
        made.append(Machine(postgres, tmp_path, monkeypatch))
        return made[-1]

    yield make
    db.engine().dispose()
    db.engine.cache_clear()
    for one in made:
        postgres.drop_database(one.name)


@pytest.fixture
def busy(machine: Callable[[], Machine]) -> Machine:
    """An installation with experts, two cases, and documents."""
    made = machine()
    made.use()
    employ(Specialty.CARDIOLOGY)
    for specialty in (Specialty.CARDIOLOGY, Specialty.NEUROLOGY):
        a_document(launch_case(specialty), f"Tab\tnewline\nbackslash \\ and \\. of {specialty}")
    return made


def a_document(reference: str, text: str) -> None:
    attach(reference, BytesIO(text.encode()), "requester", Said(title="Nota\t«clínica» \\N 🫀", loinc="34117-2"))


@pytest.fixture
def saved(busy: Machine, tmp_path: Path) -> Path:
    backup(tmp_path / "all.zip", busy.use())
    return tmp_path / "all.zip"


def test_an_empty_machine_has_everything_after(busy: Machine, saved: Path, machine: Callable[[], Machine]) -> None:
    other = machine()
    restored = restore(saved, other.use())
    assert other.rows() == busy.rows()
    assert other.files() == busy.files()
    assert (restored.manifest.cases, restored.manifest.open_cases, restored.broken) == (2, 2, ())
    with transaction() as session:
        assert [result.problem for result in verify(session)] == ["", ""]
        for sha256 in session.exec(select(Document.sha256)):
            assert sha256 is None or storage.verify(sha256)


def test_when_it_was_made_is_noted_beside_the_data(busy: Machine, tmp_path: Path) -> None:
    using, before = busy.use(), clock.wall()
    assert last_backup(using) is None
    saved = backup(tmp_path / "archive.zip", using)
    noted = last_backup(using)
    assert noted is not None
    assert before <= noted.made_at <= clock.wall()
    assert (noted.size_bytes, noted.cases, noted.damaged) == (saved.size, 2, 0)
    (busy.home / "last-backup.json").write_text("half a no")
    assert last_backup(using) is None


def test_what_is_restored_is_for_its_user_alone(saved: Path, machine: Callable[[], Machine]) -> None:
    assert stat.S_IMODE(saved.stat().st_mode) == 0o600
    other = machine()
    restore(saved, other.use())
    modes = {stat.S_IMODE(path.stat().st_mode) for path in (other.home / "documents").rglob("*") if path.is_file()}
    assert modes == {0o600}


def test_people_may_work_while_the_archive_is_made(
    busy: Machine, tmp_path: Path, machine: Callable[[], Machine]
) -> None:
    """Whatever moment the archive shows, it is one moment: every chain holds and every document is there."""
    using, stop = busy.use(), threading.Event()
    with transaction() as session:
        references = list(session.exec(select(Case.reference)))

    def work() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            a_document(references[number % 2], f"paper {number}")

    worker = threading.Thread(target=work)
    worker.start()
    made = [backup(tmp_path / f"{number}.zip", using) for number in range(4)]
    stop.set()
    worker.join()
    assert len({one.manifest.events for one in made}) > 1, "nobody worked meanwhile"
    assert all(one.manifest.damaged == () for one in made)
    for one in made:
        other = machine()
        assert restore(one.path, other.use()).broken == ()
        with transaction() as session:
            wanted = {sha256 for sha256 in session.exec(select(Document.sha256)) if sha256}
        assert {name.rpartition("/")[2] for name in other.files()} == wanted


def test_an_installation_with_a_single_row_is_left_as_it_is(saved: Path, machine: Callable[[], Machine]) -> None:
    other = machine()
    using = other.use()
    employ(Specialty.CARDIOLOGY)
    before = other.rows()
    with pytest.raises(ConflictError, match="rows in expert") as refused:
        restore(saved, using)
    assert "SECUNDA_HOME" in refused.value.remedy
    assert (other.rows(), other.files()) == (before, {})


def test_foreign_documents_are_left_as_they_are(saved: Path, machine: Callable[[], Machine]) -> None:
    other = machine()
    using = other.use()
    storage.receive([b"somebody else's"])
    before = other.files()
    with pytest.raises(ConflictError, match="documents"):
        restore(saved, using)
    assert other.files() == before


def test_an_attempt_that_was_killed_can_be_repeated(busy: Machine, saved: Path, machine: Callable[[], Machine]) -> None:
    other = machine()
    using = other.use()
    name, content = next(iter(busy.files().items()))
    storage.receive([content])
    restore(saved, using)
    assert name in other.files()
    assert other.files() == busy.files()


def repacked(saved: Path, change: Callable[[dict[str, bytes]], None]) -> Path:
    """The archive with other content, each part whole as far as ZIP can tell."""
    with ZipFile(saved) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    change(parts)
    other = saved.with_name(f"{next(NAMES)}.zip")
    with ZipFile(other, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return other


def first(parts: dict[str, bytes], folder: str) -> str:
    return next(name for name in sorted(parts) if name.startswith(folder))


def alter_a_row(parts: dict[str, bytes]) -> None:
    parts["tables/patient.copy"] = parts["tables/patient.copy"].replace(b"Marcador", b"Marcadon")


def alter_a_document(parts: dict[str, bytes]) -> None:
    parts[first(parts, "documents/")] += b" "


def lose_a_document(parts: dict[str, bytes]) -> None:
    del parts[first(parts, "documents/")]


def slip_one_in(parts: dict[str, bytes]) -> None:
    parts["documents/" + "a" * 64] = b"slipped in"


def lose_a_table(parts: dict[str, bytes]) -> None:
    del parts["tables/event.copy"]


def lose_the_sums(parts: dict[str, bytes]) -> None:
    del parts["SHA256SUMS"]


def change_the_sums(parts: dict[str, bytes]) -> None:
    """A forger who knows how sums are made, but forgot the manifest."""
    import hashlib

    before = hashlib.sha256(parts["tables/patient.copy"]).hexdigest().encode()
    alter_a_row(parts)
    after = hashlib.sha256(parts["tables/patient.copy"]).hexdigest().encode()
    parts["SHA256SUMS"] = parts["SHA256SUMS"].replace(before, after)


def speak_another_format(parts: dict[str, bytes]) -> None:
    parts["manifest.json"] = parts["manifest.json"].replace(b'"format": 1', b'"format": 2')


def say_nothing(parts: dict[str, bytes]) -> None:
    parts["manifest.json"] = b"{}"


CHANGES = (
    alter_a_row,
    alter_a_document,
    lose_a_document,
    slip_one_in,
    lose_a_table,
    lose_the_sums,
    change_the_sums,
    speak_another_format,
    say_nothing,
)


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_an_altered_archive_is_refused_and_nothing_is_touched(
    saved: Path, machine: Callable[[], Machine], change: Callable[[dict[str, bytes]], None]
) -> None:
    other = machine()
    using, before = other.use(), other.rows()
    with pytest.raises(BadInputError) as refused:
        restore(repacked(saved, change), using)
    assert refused.value.remedy
    assert (other.rows(), other.files()) == (before, {})
    assert not (other.home / "up.lock").exists(), "it was refused only after the installation was touched"


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_an_archive_that_is_cut_off_or_has_a_wrong_byte_is_never_taken_for_whole(
    saved: Path, data: st.DataObject
) -> None:
    content = bytearray(saved.read_bytes())
    with opened(saved) as archive:
        manifest, sums = archive.manifest, archive.sums
    if data.draw(st.booleans(), label="cut off"):
        content = content[: data.draw(st.integers(0, len(content) - 1))]
    else:
        content[data.draw(st.integers(0, len(content) - 1))] ^= data.draw(st.integers(1, 255))
    damaged = saved.with_name("damaged.zip")
    damaged.write_bytes(content)
    try:
        with opened(damaged) as archive:  # a byte that says nothing, like a date, may be another one
            assert (archive.manifest, archive.sums) == (manifest, sums)
    except BadInputError:
        return


def test_an_archive_forged_as_a_whole_is_refused_by_whoever_kept_its_sum(saved: Path, busy: Machine) -> None:
    using = busy.use()
    another = backup(saved.with_name("another.zip"), using)
    with pytest.raises(BadInputError, match="SHA-256"), opened(saved, another.sha256):
        pass
    with opened(another.path, another.sha256.upper()):
        pass


def test_when_the_database_refuses_the_rows_nothing_is_left(
    busy: Machine, saved: Path, machine: Callable[[], Machine], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rows that do not fit together can only come from a forged archive; they take the documents away with them."""
    import hashlib

    def orphan(parts: dict[str, bytes]) -> None:
        lines = parts["tables/event.copy"].splitlines(keepends=True)
        key = lines[0].split(b"\t")[1]
        old = hashlib.sha256(parts["tables/event.copy"]).hexdigest().encode()
        parts["tables/event.copy"] = parts["tables/event.copy"].replace(key, key[::-1].replace(b"\t", b""))
        new = hashlib.sha256(parts["tables/event.copy"]).hexdigest().encode()
        parts["SHA256SUMS"] = parts["SHA256SUMS"].replace(old, new)
        manifest = json.loads(parts["manifest.json"])
        manifest["sums_sha256"] = hashlib.sha256(parts["SHA256SUMS"]).hexdigest()
        parts["manifest.json"] = json.dumps(manifest).encode()

    other = machine()
    using, before = other.use(), other.rows()
    with pytest.raises(Exception, match=r"uuid|foreign key"):
        restore(repacked(saved, orphan), using)
    assert (other.rows(), other.files()) == (before, {})


def test_a_backup_never_replaces_a_file(busy: Machine, saved: Path) -> None:
    before = saved.read_bytes()
    with pytest.raises(BadInputError, match="already"):
        backup(saved, busy.use())
    assert saved.read_bytes() == before


def test_a_backup_that_fails_leaves_no_file(
    machine: Callable[[], Machine], postgres: EmbeddedPostgres, tmp_path: Path
) -> None:
    using = machine().use()
    lost = using.model_copy(update={"database_url": postgres.url("no_such_database")})
    folder = tmp_path / "backups"
    folder.mkdir()
    with pytest.raises(Exception, match="no_such_database"):
        backup(folder / "all.zip", lost)
    assert list(folder.iterdir()) == []


def test_a_document_that_is_lost_or_rotten_is_named_and_the_rest_is_saved(
    busy: Machine, tmp_path: Path, machine: Callable[[], Machine]
) -> None:
    using = busy.use()
    names = sorted(name for name in busy.files())
    (busy.home / "documents" / names[0]).unlink()
    rotten = busy.home / "documents" / names[1]
    rotten.write_bytes(b"rotten")
    made = backup(tmp_path / "all.zip", using)
    assert sorted(made.manifest.damaged) == sorted(name.rpartition("/")[2] for name in names[:2])
    other = machine()
    restored = restore(made.path, other.use())
    assert restored.manifest.damaged == made.manifest.damaged
    assert other.rows() == busy.rows()
    assert sorted(other.files()) == names[2:]


def test_an_archive_of_a_newer_version_is_refused(saved: Path, machine: Callable[[], Machine]) -> None:
    def from_the_future(parts: dict[str, bytes]) -> None:
        manifest = json.loads(parts["manifest.json"])
        parts["manifest.json"] = json.dumps(manifest | {"revision": "9999", "secunda": "99.0"}).encode()

    with pytest.raises(SecundaError, match="9999") as refused:
        restore(repacked(saved, from_the_future), machine().use())
    assert "99.0" in refused.value.remedy


def test_a_database_without_any_tables_gets_them(
    busy: Machine, saved: Path, postgres: EmbeddedPostgres, machine: Callable[[], Machine]
) -> None:
    other = machine()
    migrating.downgrade(other.url, "base")
    restore(saved, other.use())
    assert other.rows() == busy.rows()
    assert migrating.state(other.url).up_to_date


def test_no_number_is_drawn_from_a_sequence(busy: Machine) -> None:
    """The archive has tables only: a sequence would start again at one."""
    with transaction() as session:
        drawn = session.connection().exec_driver_sql("select sequencename from pg_sequences").all()
    assert drawn == []


def test_a_database_without_our_tables_is_not_backed_up(machine: Callable[[], Machine], tmp_path: Path) -> None:
    other = machine()
    migrating.downgrade(other.url, "base")
    with pytest.raises(SecundaError, match="no tables"):
        backup(tmp_path / "all.zip", other.use())
    assert not (tmp_path / "all.zip").exists()


def test_where_there_is_no_installation_there_is_nothing_to_back_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    using = use_settings(monkeypatch, environment="test", home=tmp_path / "nowhere", database_url="")
    with pytest.raises(NotFoundError, match="nowhere"):
        backup(tmp_path / "all.zip", using)
    assert not (tmp_path / "all.zip").exists()
    assert not (tmp_path / "nowhere").exists()


@pytest.fixture
def short_folder() -> Iterator[Path]:
    """The embedded server's socket needs a short path."""
    folder = Path(tempfile.mkdtemp(prefix="secunda-machine-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def secunda(home: Path, *words: object) -> "subprocess.CompletedProcess[str]":
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("SECUNDA_", "PREFECT_"))}
    environment = kept | {"SECUNDA_HOME": str(home), "SECUNDA_ENVIRONMENT": "test"}
    command = [sys.executable, "-m", "secunda.cli.main", *map(str, words)]
    return subprocess.run(command, cwd=CHECKOUT, env=environment, capture_output=True, text=True, check=False)


def test_the_embedded_database_is_started_for_it_and_stopped_after(saved: Path, short_folder: Path) -> None:
    """A fresh machine: nothing runs, nothing is there. Restored, saved again from rest, and equal."""
    home = short_folder / "var"
    done = secunda(home, "restore", saved, "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["manifest"]["cases"] == 2
    assert not (home / "postgres" / "postmaster.pid").exists()
    again = short_folder / "again.zip"
    done = secunda(home, "backup", again, "--json")
    assert done.returncode == 0, done.stderr
    with opened(saved) as one, opened(again) as other:
        assert one.sums == other.sums
    refused = secunda(home, "restore", saved)
    assert refused.returncode == 1
    assert "not empty" in refused.stderr


def test_the_command_checks_an_archive_without_an_installation(saved: Path, tmp_path: Path) -> None:
    home = tmp_path / "nowhere"
    done = secunda(home, "restore", saved, "--check")
    assert done.returncode == 0, done.stderr
    assert "2 cases (2 open)" in done.stdout
    saved.write_bytes(saved.read_bytes()[:-40])
    done = secunda(home, "restore", saved, "--check")
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert not home.exists()
