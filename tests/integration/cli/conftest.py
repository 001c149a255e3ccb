"""The real commands, run in this process on a real database."""

import io
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest

from models.status import CaseStatus, Step
from secunda import cases, clock
from secunda.actions.consent import give_consent
from secunda.case_context import CaseContext
from secunda.checklist import update_checklist
from secunda.cli import main
from secunda.db import transaction
from secunda.panel import fill_empty_seats, panel_of
from tests.conftest import CHECKOUT

EXAMPLES = CHECKOUT / "examples"
EXPERTS = EXAMPLES / "experts.csv"


def bundle(specialty: str) -> Path:
    return EXAMPLES / "bundles" / f"{specialty}.json"


@dataclass(frozen=True)
class Result:
    """What a command left behind."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def error(self) -> dict[str, str]:
        found: dict[str, str] = json.loads(self.err)["error"]
        return found


Run = Callable[..., Result]


@pytest.fixture
def secunda(database: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run `secunda WORDS…` and give its exit status and what it printed."""

    def run(*words: object, stdin: bytes = b"") -> Result:
        monkeypatch.setattr(sys, "argv", ["secunda", *map(str, words)])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main.main()
        printed = capsys.readouterr()
        return Result(int(ended.value.code or 0), printed.out, printed.err)

    return run


@pytest.fixture
def launched(secunda: Run) -> str:
    """The reference of a new orthopaedic case."""
    done = secunda("case", "launch", bundle("orthopedics"), "--pathway", "orthopedics", "--language", "es", "--json")
    assert done.status == 0, done.err
    reference: str = done.json["reference"]
    return reference


@pytest.fixture
def assembled(secunda: Run, launched: str) -> str:
    """The same case, its panel offered: as its run leaves it when the file is complete."""
    assert secunda("expert", "import", EXPERTS).status == 0
    assemble_panel(launched)
    return launched


def assemble_panel(reference: str) -> None:
    """Do what the flow's steps do up to the offers."""
    give_consent(reference, "test")
    with transaction() as session:
        case = cases.lock_by_reference(session, reference)
        context = CaseContext(session, case, clock.now())
        update_checklist(context)
        case.file_complete_at = context.now
        for step in (Step.CONSENT, Step.GATHER, Step.TRIAGE):
            cases.finish_step(session, case, step, context.now)
        cases.move(session, case, CaseStatus.ASSIGNING, "test", context.now)
        fill_empty_seats(context)
        assert panel_of(context).empty == []
        cases.move(session, case, CaseStatus.AWAITING_ACCEPTANCE, "test", context.now)


def snapshot(url: str) -> dict[str, object]:
    """How many rows every table has, and a digest of them: what must not change when something is refused."""
    digest = "count(*), md5(string_agg(t::text, '|' order by t::text))"
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        tables = connection.execute("select tablename from pg_tables where schemaname = 'public'").fetchall()
        return {name: connection.execute(f"select {digest} from {name} as t".encode()).fetchone() for (name,) in tables}


def stored_files(home: Path) -> set[Path]:
    return {path for path in (home / "documents").rglob("*") if path.is_file()}
