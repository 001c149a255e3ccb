"""`secunda review`, `secunda webhook`, `secunda payer`: a payer without an API, and the people who look after it."""

import csv
import io
from pathlib import Path
from typing import Any

import pytest

from tests.integration.cli.conftest import EXAMPLES, Run, snapshot, stored_files

FILE = EXAMPLES / "reviews.csv"
HEADER = "payer_reference,procedure_code,family_name,given_names,birth_date,diagnosis_codes,sex"
GOOD = 'EX-1,27447,Marcador,"Núria",1961-05-04,M17.1,f'


def imported(secunda: Run, content: str | bytes, *more: object) -> Any:
    raw = content.encode() if isinstance(content, str) else content
    return secunda("review", "import", "-", "--payer", "example-health", "--json", *more, stdin=raw)


def test_the_example_file_is_imported_line_by_line(secunda: Run) -> None:
    done = secunda("review", "import", FILE, "--payer", "example-health", "--json")
    assert done.status == 1, "one of its lines is refused"
    assert [(one["line"], one["outcome"]) for one in done.json] == [(2, "accepted"), (3, "accepted"), (4, "refused")]
    assert "CPT 12001 is on none of the lists" in done.json[2]["reason"]
    listed = secunda("review", "list", "--payer", "example-health", "--json").json
    assert {one["payer_reference"] for one in listed} == {"EX-2026-0001", "EX-2026-0002"}
    assert {one["specialty"] for one in listed} == {"orthopedics", "cardiology"}
    shown = secunda("review", "show", listed[0]["reference"])
    assert shown.status == 0
    assert "The payer" in shown.out or "A payer asked" in shown.out
    assert "Sample" not in shown.out
    assert "Example Health" in shown.out


def test_a_log_with_nothing_in_it_says_so(secunda: Run) -> None:
    assert secunda("webhook", "log", "--status", "failed").out == "No delivery that failed.\n"
    assert secunda("webhook", "log").out == "No delivery.\n"


@pytest.mark.parametrize("more", [[], ["--check"]])
def test_a_mistyped_payer_opens_nothing_and_is_told_the_right_one(
    secunda: Run, database: str, home: Path, more: list[str]
) -> None:
    before, files = snapshot(database), stored_files(home)
    done = secunda("review", "import", FILE, "--payer", "exampel-health", "--json", *more)
    assert (done.status, done.out) == (2, "")
    assert done.error["message"] == "There is no payer 'exampel-health'."
    assert done.error["remedy"].startswith("Did you mean 'example-health'? Known: example-health.")
    assert (snapshot(database), stored_files(home)) == (before, files)


def test_mandates_of_a_payer_without_a_file_are_said_to_be_the_default_ones(secunda: Run) -> None:
    assert secunda("payer", "mandates", "example-health", "--code", "27447").err == ""
    told = secunda("payer", "mandates", "exampel-health", "--code", "27447")
    assert told.out.startswith("Mandated")
    assert told.err.endswith("the default lists hold. Did you mean 'example-health'?\n")


def test_a_payer_without_a_file_is_known_by_its_client(secunda: Run) -> None:
    added = secunda("client", "add", "exampel-health", "--json")
    assert (added.status, added.json["payer"]) == (0, "exampel-health")
    assert "Did you mean 'example-health'?" in added.err
    assert secunda("client", "add", "exampel-health").err == "", "it is known from now on"
    done = secunda("review", "import", FILE, "--payer", "exampel-health", "--json")
    assert [one["outcome"] for one in done.json] == ["accepted", "accepted", "refused"]


def test_a_webhook_of_an_unknown_payer_is_warned_of(secunda: Run) -> None:
    added = secunda("webhook", "add", "nobody-at-all", "https://hooks.example.org/reviews")
    assert added.status == 0, added.err
    assert added.err == "Nothing was known of a payer 'nobody-at-all' so far. Known: example-health.\n"


def test_importing_twice_launches_nothing_twice(secunda: Run, database: str) -> None:
    first = imported(secunda, f"{HEADER}\n{GOOD}\n").json
    before = snapshot(database)
    again = imported(secunda, f"{HEADER}\n{GOOD}\n{GOOD}\n")
    assert again.status == 0
    assert [(one["outcome"], one["reference"]) for one in again.json] == [("already there", first[0]["reference"])] * 2
    assert snapshot(database) == before


def test_another_request_under_a_used_reference_is_refused(secunda: Run, database: str) -> None:
    imported(secunda, f"{HEADER}\n{GOOD}\n")
    before = snapshot(database)
    (line,) = imported(secunda, f"{HEADER}\n{GOOD.replace('1961-05-04', '1962-05-04')}\n").json
    assert (line["outcome"], "used for another request" in line["reason"]) == ("refused", True)
    assert snapshot(database) == before


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("EX-9,,Marcador,Núria,1961-05-04,M17.1,f", "procedure_code is empty"),
        ("EX-9,27447,Marcador,Núria,04/05/1961,M17.1,f", "birth_date is no date; write it like 2026-03-31"),
        ("EX-9,27447,Marcador,Núria,1961-05-04,M17.1,x", "sex is none of the known words"),
        ("EX-9,27447,Marcador,Núria,1961-05-04,snowmed|M17.1,f", "diagnosis_codes is no known code system"),
        ("EX-9,27447,Marcador,Núria,1961-05-04,<script>,f", "diagnosis_codes is no code"),
        ("EX-9,27447,Marcador,Núria,1961-05-04,M17.1", "has 6 cells, and the header 7"),
        ("EX-9,27447,Mar\x07cador,Núria,1961-05-04,M17.1,f", "family_name has a control character"),
        (f"EX-9,27447,{'M' * 300},Núria,1961-05-04,M17.1,f", "family_name is longer than 200 characters"),
        ("EX-9,92941,Marcador,Núria,1961-05-04,I21.0,f", "is an emergency and is never reviewed first"),
        ("EX-9,27447,Marcador,Núria,2199-05-04,M17.1,f", ""),
    ],
)
def test_a_bad_line_is_refused_with_its_reason_and_the_others_go_in(
    secunda: Run, home: Path, database: str, line: str, reason: str
) -> None:
    before, files = snapshot(database), stored_files(home)
    done = imported(secunda, f"{HEADER}\n{line}\n")
    assert (done.status, done.json[0]["line"], done.json[0]["outcome"]) == (1, 2, "refused"), done.out
    assert reason in done.json[0]["reason"]
    assert done.json[0]["payer_reference"] == "EX-9"
    assert "Marcador" not in done.out
    assert (snapshot(database), stored_files(home)) == (before, files), "nothing is half-written"
    both = imported(secunda, f"{HEADER}\n{line}\n\n{GOOD}\n").json
    assert [(one["line"], one["outcome"]) for one in both] == [(2, "refused"), (4, "accepted")]


@pytest.mark.parametrize(
    ("content", "place", "message"),
    [
        ("", "line 1", "A column is missing"),
        (f"{HEADER},surname\n", "line 1", "There is no column 'surname'"),
        (f"{HEADER},sex\n", "line 1", "comes twice"),
        ("payer_reference,procedure_code\n", "line 1", "A column is missing: family_name"),
        (HEADER.encode() + b"\nEX-1,27447,Mu\xf1oz,A,1961-05-04,M17.1,f\n", "line 2", "not UTF-8"),
        (f'{HEADER}\nEX-1,27447,"Marcador" x,A,1961-05-04,M17.1,f\n', "line 2", "This is not CSV"),
        (f'{HEADER}\n{GOOD}\nEX-2,"27447', "line", "This is not CSV"),
    ],
)
def test_a_file_that_cannot_be_read_changes_nothing(
    secunda: Run, database: str, content: str | bytes, place: str, message: str
) -> None:
    before = snapshot(database)
    done = imported(secunda, content)
    assert done.status == 2
    assert (place in done.error["place"], message in done.error["message"]) == (True, True), done.err
    assert snapshot(database) == before


def test_a_column_written_otherwise_is_told_the_known_one(secunda: Run) -> None:
    done = imported(secunda, HEADER.replace("procedure_code", "procedure"))
    assert done.error["remedy"] == "Did you mean 'procedure_code'?"


def test_other_delimiters_quotes_and_line_breaks_are_read(secunda: Run) -> None:
    text = "\ufeff" + f"{HEADER.replace(',', ';')};questions\r\n".replace("payer", "Payer")
    text += (
        'EX-1;27447;"Marcador; Prova";Núria;1961-05-04;"icd-10-cm|M17.1; M17.9";v;"One?\nTwo?"\r\nEX-2;1;a;b;x;;\r\n'
    )
    done = imported(secunda, text).json
    assert [(one["line"], one["outcome"]) for one in done] == [(2, "accepted"), (4, "refused")]


def test_a_check_changes_nothing_and_says_the_same(secunda: Run, database: str) -> None:
    before = snapshot(database)
    done = secunda("review", "import", FILE, "--payer", "example-health", "--check", "--json")
    assert [one["outcome"] for one in done.json] == ["accepted", "accepted", "refused"]
    assert snapshot(database) == before


def test_the_written_results_hold_no_formula(secunda: Run, tmp_path: Path) -> None:
    lines = [f"{start}cmd|'/C calc'!A0,27447,A,B,1961-05-04,,f" for start in ("=", "+", "-", "@")]
    lines += ['" =1+1",27447,A,B,1961-05-04,,f', GOOD]
    out = tmp_path / "results.csv"
    imported(secunda, "\n".join([HEADER, *lines]), "-o", out)
    rows = list(csv.DictReader(io.StringIO(out.read_text(encoding="utf-8"))))
    assert len(rows) == 6
    assert all(not cell.lstrip().startswith(("=", "+", "-", "@")) for row in rows for cell in row.values())
    assert rows[0]["payer_reference"] == "'=cmd|'/C calc'!A0"
    again = imported(secunda, f"{HEADER}\n{GOOD}\n", "-o", out)
    assert (again.status, "already" in again.error["message"]) == (2, True), "no file is overwritten"


def test_an_endpoint_is_added_tried_rotated_disabled_and_looked_at(secunda: Run) -> None:
    made = secunda("webhook", "add", "example-health", "https://hooks.example.org/in", "--json").json
    assert made["secret"].startswith("whsec_")
    assert made["secret"] not in secunda("webhook", "list").out
    turned = secunda("webhook", "rotate", made["endpoint"], "--json").json
    assert turned["secret"] != made["secret"]
    assert "The old secret signs as well until 2" in secunda("webhook", "rotate", made["endpoint"]).out
    assert secunda("webhook", "test", made["endpoint"]).status == 0
    assert "https://hooks.example.org/in" in secunda("webhook", "log").out
    (line,) = secunda("webhook", "log", "--json").json
    assert (line["type"], line["status"], line["attempts"]) == ("webhook.test", "queued", 0)
    assert secunda("webhook", "redeliver", line["id"]).status == 0
    assert secunda("webhook", "disable", made["endpoint"], "--json").error["message"] == "A reason is owed."
    assert secunda("webhook", "disable", made["endpoint"], "--reason", "moved").status == 0
    refused = secunda("webhook", "redeliver", line["id"], "--json")
    assert (refused.status, refused.error["code"]) == (1, "conflict")
    missed = secunda("webhook", "redeliver", "--missed", made["endpoint"], "--json")
    assert (missed.status, missed.error["remedy"]) == (1, "Enable it first.")
    assert secunda("webhook", "enable", made["endpoint"]).status == 0
    assert secunda("webhook", "redeliver", "--missed", made["endpoint"]).out == "Queued: 0 notices.\n"
    assert secunda("webhook", "redeliver").status == secunda("webhook", "redeliver", "x", "--missed", "y").status == 2
    listed = secunda("webhook", "list", "--payer", "example-health", "--json").json
    assert [(one["status"], one["event_types"]) for one in listed] == [("enabled", "all")]
    assert secunda("webhook", "list", "--payer", "other", "--json").json == []


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("webhook", "add", "p", "http://hooks.example.org/"), "begins with https"),
        (("webhook", "add", "p", "https://10.0.0.1/"), "internal network"),
        (("webhook", "add", "p", "https://a.example.org/", "--type", "review.answer"), "no event type"),
        (("webhook", "rotate", "nonsense"), "is no id"),
        (("webhook", "redeliver", "7b0b3c1e-6f0e-4b53-9a8d-1f2e3d4c5b6a"), "no such delivery"),
        (("review", "show", "SO-XXXX-XXXX"), "There is no case"),
        (("review", "list", "--stage", "sleeping"), "is not known here"),
        (("review", "import", "/nowhere.csv", "--payer", "p"), "cannot be read"),
        (("payer", "mandates", "example-health", "--code", "2 7"), "is no code"),
    ],
)
def test_a_mistake_is_told_with_its_remedy(secunda: Run, words: tuple[str, ...], message: str) -> None:
    done = secunda(*words, "--json")
    assert done.status == 2
    assert message in done.error["message"], done.err
    assert done.error["remedy"]


def test_a_payers_file_is_checked_with_line_and_column(secunda: Run, tmp_path: Path) -> None:
    assert secunda("payer", "check").out == "1 payer: nothing is wrong.\n"
    wrong = tmp_path / "example-health.yaml"
    shipped = (EXAMPLES.parent / "pathways/payers/example-health.yaml").read_text(encoding="utf-8")
    wrong.write_text(shipped.replace("us-cms", "us-xyz"), encoding="utf-8")
    done = secunda("payer", "check", wrong)
    assert (done.status, "example-health.yaml:7:15" in done.out) == (1, True), done.out
    said = secunda("payer", "mandates", "example-health", "--code", "29881", "--diagnosis", "M17.1", "--json").json
    assert said["mandated"] is True
