"""What all commands share: quick starts, the audit, the report, pathways."""

import hashlib
import subprocess
import sys
from pathlib import Path

import pytest
from sqlmodel import col, select, update

from models import Case, Event, Report
from secunda import clock
from secunda.adapters import storage
from secunda.db import transaction
from secunda.views import audit
from tests.conftest import CHECKOUT
from tests.integration.cli.conftest import Run, bundle

LIBRARIES = {"prefect", "weasyprint", "sqlalchemy", "sqlmodel", "pydicom", "jinja2", "fhir"}


@pytest.mark.parametrize("command", ["pathway", "case", "expert", "message", "right"])
def test_a_list_imports_no_heavy_library(database: str, command: str) -> None:
    code = f"""
import atexit, sys
atexit.register(lambda: print("modules", *sys.modules))
sys.argv = ["secunda", "{command}", "list"]
from secunda.cli.main import main
main()
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=CHECKOUT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    loaded = set(done.stdout.rpartition("modules")[2].split())
    assert not LIBRARIES & loaded


def test_the_audit_verifies_every_case_or_those_named(secunda: Run, launched: str) -> None:
    other = secunda("case", "launch", bundle("oncology"), "--json").json["reference"]
    everything = secunda("audit", "verify", "--json")
    assert everything.status == 0
    assert (everything.json["cases"], everything.json["broken"]) == (2, [])
    assert secunda("audit", "verify", other, "--json").json["cases"] == 1


def test_the_audit_goes_on_beyond_what_it_reads_ahead(secunda: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit, "BATCH", 2)
    for number in range(5):
        words = ("--pathway", "orthopedics", "--requester", f"requester {number}")
        assert secunda("case", "launch", bundle("orthopedics"), *words).status == 0
    for words in ((), ("--replay",)):
        done = secunda("audit", "verify", *words, "--json")
        assert (done.status, done.json["cases"]) == (0, 5), done.err


def test_the_audit_names_case_and_event_where_the_chain_is_broken(secunda: Run, launched: str) -> None:
    with transaction() as session:
        case = session.exec(select(Case).where(Case.reference == launched)).one()
        session.exec(
            update(Event).where(col(Event.case_id) == case.id, col(Event.sequence) == 2).values(actor="somebody:else")
        )
    told = secunda("audit", "verify")
    assert told.status == 1
    assert f"{launched}: event 2 was altered after it was written." in told.out
    assert secunda("audit", "verify", "--json").json["broken"][0]["sequence"] == 2


def _with_report(reference: str, content: bytes) -> Report:
    stored = storage.receive([content])
    with transaction() as session:
        case = session.exec(select(Case).where(Case.reference == reference)).one()
        report = Report(
            case_id=case.id,
            language="es",
            sha256=stored.sha256,
            content_sha256=stored.sha256,
            size=stored.size,
            pages=3,
            rendered_at=clock.now(),
        )
        session.add(report)
    return report


def test_a_report_is_written_whole_and_never_over_a_file(secunda: Run, launched: str, tmp_path: Path) -> None:
    assert "no report yet" in secunda("report", "get", launched).err
    _with_report(launched, b"%PDF-1.7 a report")
    file = tmp_path / "report.pdf"
    done = secunda("report", "get", launched, "--output", file, "--json")
    assert file.read_bytes() == b"%PDF-1.7 a report"
    assert done.json["sha256"] == hashlib.sha256(file.read_bytes()).hexdigest()
    assert file.stat().st_mode & 0o077 == 0, "others may read it"
    assert "already" in secunda("report", "get", launched, "--output", file).err
    assert secunda("report", "get", launched, "--output", "-").out == "%PDF-1.7 a report"
    assert "Versions: 1." in secunda("report", "get", launched, "--version", "2").err


def test_a_report_that_was_changed_on_disk_is_not_given_out(secunda: Run, launched: str, tmp_path: Path) -> None:
    report = _with_report(launched, b"%PDF-1.7 a report")
    storage.path_of(report.sha256).write_bytes(b"%PDF-1.7 another")
    done = secunda("report", "get", launched, "--output", tmp_path / "report.pdf")
    assert (done.status, "is not the one that was printed" in done.err) == (1, True)
    assert not (tmp_path / "report.pdf").exists()


def test_pathways_are_listed_shown_and_drawn(secunda: Run, tmp_path: Path) -> None:
    listed = secunda("pathway", "list", "--json").json
    assert len(listed) == 7
    assert all(len(one["hash"]) == 64 for one in listed)
    page = secunda("pathway", "show", "cardiology").out
    for said in ("echocardiogram", "59281-6", "cardiogenic_shock", "red flag", "cardiac_surgeon", "majority"):
        assert said in page, said
    assert "<svg" in secunda("pathway", "draw", "cardiology").out
    assert "flowchart" in secunda("pathway", "draw", "cardiology", "--format", "mermaid", "--language", "es").out
    drawing = tmp_path / "cardiology.svg"
    assert secunda("pathway", "draw", "cardiology", "--output", drawing).status == 0
    assert drawing.read_text(encoding="utf-8").startswith("<")
    assert "Did you mean 'svg'" in secunda("pathway", "draw", "cardiology", "--format", "svgg").err
    assert secunda("pathway", "schema").json["title"] == "Secunda pathway"


def test_the_check_names_file_line_and_column_and_exits_1(secunda: Run, tmp_path: Path) -> None:
    assert secunda("pathway", "check").status == 0
    source = CHECKOUT / "pathways" / "cardiology.yaml"
    wrong = tmp_path / "cardiology.yaml"
    wrong.write_text(source.read_text(encoding="utf-8").replace("59281-6", "59281-7", 1), encoding="utf-8")
    done = secunda("pathway", "check", wrong)
    assert done.status == 1
    assert f"{wrong}:" in done.out
    assert "59281-7" in done.out
    assert secunda("pathway", "check", wrong, "--json").json[0]["place"].startswith(f"{wrong}:")


def test_an_unreachable_database_is_one_line_with_the_remedy(secunda: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.conftest import use_settings

    use_settings(monkeypatch, database_url="postgresql+psycopg://postgres:@/none?host=/nowhere")
    for words in (("case", "list"), ("case", "hold", "SO-0000-0000", "--reason", "x")):
        done = secunda(*words, "--json")
        assert done.status == 1
        assert done.error["code"] == "unavailable"
        assert "secunda up" in done.error["remedy"]


def test_a_database_without_tables_is_told_what_is_missing(secunda: Run, database: str) -> None:
    import psycopg

    with psycopg.connect(database.replace("+psycopg", "")) as connection:
        connection.execute("drop schema public cascade; create schema public")
    for words in (("case", "list"), ("case", "show", "SO-0000-0000")):
        assert "secunda migrate" in secunda(*words, "--json").error["remedy"]
