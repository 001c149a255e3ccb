"""`secunda pathway diff` and `secunda pathway migrate` at the terminal."""

from pathlib import Path

import pytest
import yaml

from pathways import loader
from secunda import cases
from secunda.db import transaction
from tests.conftest import use_settings
from tests.integration.cli.conftest import Run, snapshot

NAME = "orthopedics"


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The specialty's file in a folder of the clinic's own."""
    folder = tmp_path / "pathways"
    folder.mkdir()
    for path in loader.FOLDER.glob("*.yaml"):
        (folder / path.name).write_bytes(path.read_bytes())
    use_settings(monkeypatch, pathway_folder=folder)
    return folder / f"{NAME}.yaml"


def edit(file: Path, version: str = "0.2.0", **deadlines: str) -> None:
    content = yaml.load(file.read_text(encoding="utf-8"), yaml.CSafeLoader)  # the other one is stricter than YAML
    content["version"] = version
    content.setdefault("deadlines", {}).update(deadlines)
    file.write_text(yaml.dump(content, Dumper=yaml.CSafeDumper, sort_keys=False, allow_unicode=True), encoding="utf-8")


def pinned_hash(reference: str) -> str:
    with transaction() as session:
        return cases.by_reference(session, reference).pathway_hash


def test_without_a_newer_file_there_is_nothing_to_tell(file: Path, secunda: Run, launched: str) -> None:
    assert "No open case is pinned to another version" in secunda("pathway", "diff").out
    assert secunda("pathway", "diff", NAME, "--json").json == []
    assert "on version 0.1.0 already" in secunda("pathway", "migrate", NAME, "--dry-run").out


def test_what_differs_is_told_from_the_version_that_cases_are_pinned_to(
    file: Path, secunda: Run, launched: str
) -> None:
    edit(file, consent="9 days")
    told = secunda("pathway", "diff")
    assert told.status == 0
    assert "orthopedics@0.1.0" in told.out and "1 open cases" in told.out
    (one,) = secunda("pathway", "diff", NAME, "--json").json
    assert one["old"]["open_cases"] == 1
    assert {(found["part"], found["name"], found["after"]) for found in one["differences"]} == {
        ("pathway", "version", "0.2.0"),
        ("deadlines", "consent", "9 days"),
    }


def test_versions_are_named_by_number_hash_or_file(file: Path, secunda: Run, launched: str) -> None:
    before = pinned_hash(launched)
    edit(file, consent="9 days")
    told = [
        secunda("pathway", "diff", old, *new, "--json").json[0]["differences"]
        for old, new in (
            (f"{NAME}@0.1.0", ()),
            (before[:10], (str(file),)),
            (loader.FOLDER / f"{NAME}.yaml", (NAME,)),
        )
    ]
    assert told[0] == told[1] == told[2] != []


@pytest.mark.parametrize(
    ("written", "told"),
    [("nonsense", "names no version"), (f"{NAME}@7.7.7", "No case was ever pinned"), ("abcdef0", "No case was ever")],
)
def test_a_version_that_nobody_knows_is_refused(file: Path, secunda: Run, written: str, told: str) -> None:
    refused = secunda("pathway", "diff", written, NAME)
    assert refused.status == 2
    assert told in refused.err


def test_another_content_under_the_same_number_is_noticed(file: Path, secunda: Run, launched: str) -> None:
    edit(file, version="0.1.0", consent="9 days")
    assert "raise `version:`" in secunda("pathway", "diff").out
    refused = secunda("pathway", "migrate", NAME, "--reason", "why not")
    assert (refused.status, "Raise `version:`" in refused.err) == (2, True)


def test_a_dry_run_changes_nothing_and_the_move_does_what_it_said(
    file: Path, secunda: Run, launched: str, database: str
) -> None:
    edit(file, consent="9 days")
    before = snapshot(database)
    foreseen = secunda("pathway", "migrate", NAME, "--dry-run", "--json")
    assert foreseen.status == 0
    assert snapshot(database) == before
    assert secunda("pathway", "migrate", NAME).status == 2, "a reason is owed"
    assert snapshot(database) == before
    done = secunda("pathway", "migrate", NAME, "--reason", "new terms", "--actor", "ana", "--json")
    assert (done.status, done.json) == (0, foreseen.json)
    (one,) = done.json
    assert (one["case"], one["version_before"], one["version_after"]) == (launched, "0.1.0", "0.2.0")
    assert pinned_hash(launched) == loader.load(file).hash
    assert "The case was moved from version 0.1.0" in secunda("case", "history", launched).out
    assert "case was moved" not in secunda("pathway", "migrate", NAME, "--reason", "again").out


def test_a_case_that_cannot_be_moved_says_why_and_the_exit_status_says_so(
    file: Path, secunda: Run, launched: str
) -> None:
    assert secunda("case", "hold", launched, "--reason", "the patient travels").status == 0
    edit(file, consent="9 days")
    assert secunda("pathway", "migrate", NAME, "--dry-run").status == 0
    stayed = secunda("pathway", "migrate", NAME, "--reason", "new terms")
    assert stayed.status == 1
    assert f"{launched}  on hold: stays" in stayed.out
    assert "It is on hold; resume it first." in stayed.out
    assert "0 of 1 open cases were moved" in stayed.out


def test_a_file_of_another_specialty_is_refused(file: Path, secunda: Run, launched: str) -> None:
    other = file.with_name("cardiology.yaml")
    refused = secunda("pathway", "migrate", NAME, "--to", other, "--dry-run")
    assert (refused.status, "is the pathway cardiology" in refused.err) == (2, True)
