"""The published JSON Schema is current, and says of the files what the loader says."""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from pathways import jsonschema
from pathways.loader import FOLDER, resolve
from pathways.source import parse, read
from tests.unit.pathways.tiny import COMMON, PATHWAY, write

SHIPPED = sorted(FOLDER.glob("*.yaml"))


@pytest.fixture(scope="module")
def validator() -> Any:
    schema = json.loads(jsonschema.FILE.read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def test_the_published_schema_is_current() -> None:
    assert jsonschema.FILE.read_text(encoding="utf-8") == jsonschema.written(), "run python -m pathways.jsonschema"


def test_the_schema_of_payers_is_current_and_fits_the_example() -> None:
    schema = json.loads(jsonschema.PAYER_FILE.read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    assert jsonschema.PAYER_FILE.read_text(encoding="utf-8") == jsonschema.payer_written()
    example = read(FOLDER / "payers" / "example-health.yaml")
    assert [error.message for error in Draft202012Validator(schema).iter_errors(example)] == []


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_shipped_file_fits_the_schema(validator: Any, path: Path) -> None:
    assert [error.message for error in validator.iter_errors(read(path))] == []


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_shipped_file_names_the_schema_to_editors(path: Path) -> None:
    first = path.read_text(encoding="utf-8").splitlines()[0]
    assert first == f"# yaml-language-server: $schema={jsonschema.FILE.name}"


@pytest.mark.parametrize("text", [PATHWAY, COMMON])
def test_the_tiny_files_fit_the_schema(validator: Any, text: str) -> None:
    assert list(validator.iter_errors(parse(text, "tiny"))) == []


def test_a_file_that_shares_nothing_must_have_everything(validator: Any, tmp_path: Path) -> None:
    whole = dict(resolve(write(tmp_path)))
    del whole["extends"]
    assert list(validator.iter_errors(whole)) == []
    del whole["deadlines"]["report"]
    del whole["chase"]
    assert {error.message for error in validator.iter_errors(whole)} == {
        "'report' is a required property",
        "'chase' is a required property",
    }


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("version: 1.0.0", "version: one"),
        ("urgency: P1", "urgency: P9"),
        ("maximum_age: 90 days", "maximum_age: 3 months"),
        ("chair: cardiologist", "chairman: cardiologist"),
        ("{en: Cardiology, es: Cardiología}", "{en: Cardiology}"),
        ("seats: 2", "seats: 7"),
    ],
)
def test_what_the_loader_refuses_the_schema_refuses(validator: Any, old: str, new: str) -> None:
    assert old in PATHWAY
    assert list(validator.iter_errors(parse(PATHWAY.replace(old, new), "tiny")))


def test_every_condition_tells_the_facts_it_may_use() -> None:
    schema = jsonschema.json_schema()
    assert "days_to_procedure" in schema["$defs"]["TriageRule"]["properties"]["when"]["description"]


def test_writing_the_same_schema_leaves_the_file_alone(tmp_path: Path) -> None:
    path = jsonschema.write(tmp_path / "schema.json")
    before = path.stat().st_mtime_ns
    assert jsonschema.write(path).stat().st_mtime_ns == before
