"""Whatever is wrong with what comes in: one clear error with its remedy, and nothing changed."""

import json
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from tests.integration.cli.conftest import Run, bundle, snapshot, stored_files

Change = Callable[[dict[str, Any]], Any]


def _oncology() -> dict[str, Any]:
    read: dict[str, Any] = json.loads(bundle("oncology").read_text(encoding="utf-8"))
    return read


def _entries(of: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return [entry for entry in of["entry"] if entry["resource"]["resourceType"] == kind]


def _without_patient(read: dict[str, Any]) -> None:
    read["entry"] = [entry for entry in read["entry"] if entry["resource"]["resourceType"] != "Patient"]


def _with_two_patients(read: dict[str, Any]) -> None:
    other = deepcopy(_entries(read, "Patient")[0])
    other["fullUrl"] = "urn:uuid:4d9f7f0a-6f2b-4f0c-9d53-0c4b4f4e6a11"
    other["resource"]["id"] = "somebody-else"
    other["resource"]["identifier"] = [{"system": "urn:example", "value": "another person"}]
    condition = deepcopy(_entries(read, "Condition")[0])
    condition["fullUrl"] = "urn:uuid:bb6f7f0a-6f2b-4f0c-9d53-0c4b4f4e6a12"
    condition["resource"]["id"] = "their-condition"
    condition["resource"]["subject"] = {"reference": other["fullUrl"]}
    read["entry"] += [other, condition]


def _of_another_version(read: dict[str, Any]) -> None:
    _entries(read, "Condition")[0]["resource"]["clinicalStatus"] = "active"


def _with_a_day_that_is_none(read: dict[str, Any]) -> None:
    _entries(read, "Patient")[0]["resource"]["birthDate"] = "yesterday"


BUNDLES: dict[str, tuple[Change, str]] = {
    "no patient": (_without_patient, "patient"),
    "two patients": (_with_two_patients, "patient"),
    "another version of FHIR": (_of_another_version, "stu3"),
    "an invalid resource": (_with_a_day_that_is_none, "valid"),
    "no bundle": (lambda read: read.update(resourceType="Patient"), "bundle"),
}


def _refused(secunda: Run, database: str, home: Path, *words: object, stdin: bytes = b"") -> dict[str, str]:
    """The error of a command that must change nothing; told as JSON and as text alike."""
    before, files = snapshot(database), stored_files(home)
    told = secunda(*words, stdin=stdin)
    as_json = secunda(*words, "--json", stdin=stdin)
    assert told.status == as_json.status != 0
    assert as_json.error["message"].splitlines()[0] in told.err
    assert as_json.error["remedy"], "an error without a remedy"
    assert "Traceback" not in told.err
    assert not (home / "log" / "secunda.log").exists(), "an error that nobody foresaw"
    assert snapshot(database) == before
    assert stored_files(home) == files
    return {**as_json.error, "status": str(told.status)}


@pytest.mark.parametrize("wrong", BUNDLES)
def test_a_bundle_that_cannot_be_a_case_is_refused(
    secunda: Run, database: str, home: Path, tmp_path: Path, wrong: str
) -> None:
    change, says = BUNDLES[wrong]
    read = _oncology()
    change(read)
    file = tmp_path / "bundle.json"
    file.write_text(json.dumps(read), encoding="utf-8")
    error = _refused(secunda, database, home, "case", "launch", file)
    assert says in error["message"].casefold()
    assert error["status"] == "2"


@pytest.mark.parametrize("content", [b'{"resourceType": "Bundle",', b"", b"<Bundle/>", b"\xff\xfe\x00", b"[" * 100_000])
def test_malformed_json_is_refused(secunda: Run, database: str, home: Path, content: bytes) -> None:
    assert _refused(secunda, database, home, "case", "launch", "-", stdin=content)["status"] == "2"


def test_the_place_in_malformed_json_is_named(secunda: Run, database: str, home: Path) -> None:
    error = _refused(secunda, database, home, "case", "launch", "-", stdin=b'{\n  "resourceType": oops}')
    assert error["place"] == "line 2, column 19"


def test_a_bundle_of_500_megabytes_is_refused(secunda: Run, database: str, home: Path, tmp_path: Path) -> None:
    huge = _huge(tmp_path / "huge.json")
    assert "larger than" in _refused(secunda, database, home, "case", "launch", huge)["message"]


def test_a_document_of_500_megabytes_is_refused(
    secunda: Run, database: str, home: Path, tmp_path: Path, launched: str
) -> None:
    huge = _huge(tmp_path / "huge.pdf")
    assert "larger than" in _refused(secunda, database, home, "case", "attach", launched, huge)["message"]


def _huge(path: Path) -> Path:
    with path.open("wb") as file:
        file.truncate(500 * 2**20)
    return path


DOCUMENTS: dict[str, bytes] = {
    "empty": b"",
    "truncated PDF": b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n2 0 obj\n<< /Type /Pag",
    "truncated picture": b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00",
    "program that says it is DICOM": b"MZ" + b"\x00" * 126 + b"DICM" + b"\x02\x00\x00\x00UL\x04\x00\x00\x00\x00\x00",
    "program": b"\x7fELF" + b"\x00" * 200,
    "archive": b"PK\x03\x04" + b"\x00" * 200,
    "web page": b"<!DOCTYPE html><html><body>hello</body></html>",
    "noise": bytes(range(256)) * 8,
}


@pytest.mark.parametrize("kind", DOCUMENTS)
def test_a_damaged_or_disguised_document_is_refused(
    secunda: Run, database: str, home: Path, launched: str, kind: str
) -> None:
    error = _refused(secunda, database, home, "case", "attach", launched, "-", stdin=DOCUMENTS[kind])
    assert error["status"] == "2"


def test_a_picture_with_an_archive_behind_it_is_refused(secunda: Run, database: str, home: Path, launched: str) -> None:
    polyglot = b"%PDF-1.4\n%%EOF\n" + b"PK\x03\x04" + b"\x00" * 60 + b"PK\x05\x06" + b"\x00" * 18
    assert _refused(secunda, database, home, "case", "attach", launched, "-", stdin=polyglot)["status"] == "2"


@pytest.mark.parametrize(
    ("words", "place", "remedy"),
    [
        (("--pathway", "oncolgy"), "--pathway", "Did you mean 'oncology'?"),
        (("--language", "xx"), "--language", "Known: es, ca, en, fr, de, pt."),
        (("--jurisdiction", "es-cx"), "jurisdiction", "es-c"),
        (("--procedure-on", "31/03/2026"), "--procedure-on", "2026-03-31"),
        (("--flag", "headache_of_the_requester"), "flags", "This pathway knows"),
        (("--requester-email", "somebody"), "--requester-email", "name@example.org"),
        (("--question", "  "), "--question", "leave the option away"),
        (("--payer", "x" * 500), "payer", "40"),
        (("--first-institution", "x" * 500), "first_institution", "200"),
    ],
)
def test_a_wrong_option_is_named_with_what_would_be_right(
    secunda: Run, database: str, home: Path, words: tuple[str, str], place: str, remedy: str
) -> None:
    error = _refused(secunda, database, home, "case", "launch", bundle("oncology"), *words)
    assert error["place"] == place
    assert remedy in error["remedy"]


def test_a_case_that_does_not_fit_the_pathway_is_refused_with_those_that_do(
    secunda: Run, database: str, home: Path
) -> None:
    error = _refused(secunda, database, home, "case", "launch", bundle("orthopedics"), "--pathway", "oncology")
    assert "orthopedics" in error["remedy"]
    assert "--accept-ineligible" in error["remedy"]


def test_a_file_that_is_not_there_is_refused(secunda: Run, database: str, home: Path, launched: str) -> None:
    for command in (("launch",), ("attach", launched)):
        assert _refused(secunda, database, home, "case", *command, "missing.json")["place"] == "missing.json"


def test_an_unknown_code_is_refused_with_the_nearest_one(
    secunda: Run, database: str, home: Path, launched: str
) -> None:
    error = _refused(secunda, database, home, "case", "attach", launched, "-", "--loinc", "11526-2", stdin=b"Report\n")
    assert error["remedy"] == "Did you mean '11526-1'?"


def test_the_same_request_cannot_be_launched_twice(secunda: Run, database: str, home: Path, launched: str) -> None:
    words = ("case", "launch", bundle("orthopedics"), "--pathway", "orthopedics", "--language", "es")
    error = _refused(secunda, database, home, *words)
    assert error["code"] == "conflict"
    assert launched in error["message"]


@pytest.mark.parametrize(
    "command",
    [
        ("case", "show"),
        ("case", "history"),
        ("case", "hold", "--reason", "x"),
        ("assignment", "candidates"),
        ("report", "get"),
        ("audit", "verify"),
        ("message", "list", "--case"),
        ("assignment", "list", "--case"),
    ],
)
def test_an_unknown_case_is_told_everywhere(secunda: Run, database: str, home: Path, command: tuple[str, ...]) -> None:
    error = _refused(secunda, database, home, *command, "SO-0000-0000")
    assert (error["code"], error["status"]) == ("not_found", "2")
    assert "`secunda case list" in error["remedy"]


def test_nothing_can_be_done_to_a_closed_case(
    secunda: Run, database: str, home: Path, assembled: str, tmp_path: Path
) -> None:
    assert secunda("case", "withdraw", assembled, "--reason", "not wanted any more").status == 0
    note = tmp_path / "note.txt"
    note.write_text("A note.\n", encoding="utf-8")
    for words in (
        ("case", "attach", assembled, note),
        ("case", "waive", assembled, "physiotherapy", "--reason", "x"),
        ("case", "limit", assembled, "physiotherapy", "--reason", "x"),
        ("case", "hold", assembled, "--reason", "x"),
        ("case", "resume", assembled),
        ("case", "withdraw", assembled, "--reason", "x"),
        ("case", "flag", assembled, "tumour_suspected"),
        ("case", "urgency", assembled, "P1", "--reason", "x"),
        ("case", "consent", assembled),
    ):
        error = _refused(secunda, database, home, *words)
        assert error["code"] == "conflict", words
        assert "is closed (withdrawn)" in error["message"]


def test_an_opinion_of_an_expert_who_is_not_on_the_panel_is_refused(
    secunda: Run, database: str, home: Path, assembled: str
) -> None:
    error = _refused(secunda, database, home, "opinion", "submit", f"{assembled}/E001", "-", stdin=b"language: es\n")
    assert error["code"] == "not_found"
    assert "is on the panel" in error["message"]
    assert "arthroplasty_surgeon" in error["remedy"]


def test_an_opinion_of_an_expert_who_was_replaced_is_refused(
    secunda: Run, database: str, home: Path, assembled: str
) -> None:
    name = f"{assembled}/arthroplasty_surgeon"
    code = secunda("assignment", "list", "--case", assembled, "--json").json
    (mine,) = [one for one in code if one["role"] == "arthroplasty_surgeon"]
    assert secunda("assignment", "accept", name, "--attest-no-conflict").status == 0
    assert secunda("assignment", "replace", name, "--reason", "fell ill").status == 0
    for named in (mine["id"], f"{assembled}/{mine['expert']}"):
        error = _refused(secunda, database, home, "opinion", "submit", named, "-", stdin=b"language: es\n")
        assert error["code"] == "conflict"


def test_an_opinion_before_the_offer_was_accepted_is_refused(
    secunda: Run, database: str, home: Path, assembled: str
) -> None:
    words = ("opinion", "submit", f"{assembled}/arthroplasty_surgeon", "-")
    error = _refused(secunda, database, home, *words, stdin=b"language: es\n")
    assert "Accept the offer first" in error["remedy"]


@pytest.mark.parametrize(
    ("content", "place"),
    [
        (b"language: es\nstance: suported\n", "-:2:9"),
        (b"language: es\nsurprise: 1\n", "-:2:1"),
        (b"language: es\nsurprise: 1\nstance: suported\n", "-:2:1"),
        (b"language: es\nstance: {\n", "-:"),
        (b'{"language": "es", "confidence": "very"}', "/confidence"),
        (b'{"history": "\\u0000"}', ""),
        (b"\xff\xfe\x41", "-"),
        (b"  \n", "-"),
    ],
)
def test_an_opinion_that_cannot_be_read_is_refused_at_its_place(
    secunda: Run, database: str, home: Path, assembled: str, content: bytes, place: str
) -> None:
    name = f"{assembled}/arthroplasty_surgeon"
    assert secunda("assignment", "accept", name, "--attest-no-conflict").status == 0
    error = _refused(secunda, database, home, "opinion", "submit", name, "-", stdin=content)
    assert error["place"].startswith(place)


def test_the_panel_is_not_touched_by_refusals(secunda: Run, database: str, home: Path, assembled: str) -> None:
    for words in (
        ("assignment", "accept", f"{assembled}/arthroplasty_surgeon"),
        ("assignment", "decline", f"{assembled}/arthroplasty_surgeon"),
        ("assignment", "replace", f"{assembled}/arthroplasty_surgeon", "--reason", " "),
        ("assignment", "accept", "nonsense"),
        ("opinion", "lock", f"{assembled}/arthroplasty_surgeon"),
        (
            "adjudication",
            "record",
            assembled,
            "--stance",
            "supported",
            "--diagnosis",
            "confirmed",
            "--treatment",
            "confirmed",
            "--reason",
            "x",
        ),
    ):
        _refused(secunda, database, home, *words)


def test_a_usage_error_is_json_where_json_was_asked_for(secunda: Run) -> None:
    done = secunda("case", "urgency", "--json")
    assert done.status == 2
    assert done.error["code"] == "usage"
