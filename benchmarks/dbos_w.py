"""Workload W on DBOS beside ours: same server, same run, its own process and virtual environment (made on demand)."""

import json
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import Engine

from benchmarks import environments, measuring, rows
from benchmarks.installation import DBOS, DBOS_ROWS, FLOOR, HERE, ROOM, Installation
from benchmarks.measuring import Round, Yardsticks
from benchmarks.rows import Written


@dataclass
class OnDbos:
    """Rounds of W on a running program."""

    system: Installation
    process: "subprocess.Popen[str]"
    database: str
    rounds: list[Round] = field(default_factory=list)
    wall: float = 0.0  # seconds of the last round, by the program's own clock

    def round(self, cases: int) -> Round:
        before, yardsticks = self._cpu(), Yardsticks()
        asked = threading.Thread(target=self._ask, args=(str(cases),))
        asked.start()
        while asked.is_alive():
            asked.join(0.25)
            yardsticks.lay()
        seconds = measuring.difference(before, self._cpu())
        self.rounds.append(Round(cases, self.wall, seconds, yardsticks.median))
        return self.rounds[-1]

    def _cpu(self) -> measuring.Seconds:
        roots = {"dbos": self.process.pid, measuring.POSTGRESQL: self.system.parts[measuring.POSTGRESQL]}
        used = measuring.cpu(roots)
        names = {
            "dbos": "dbos",
            f"postgresql ({self.database})": "postgresql (dbos)",
            f"postgresql ({FLOOR})": "postgresql (floor)",
        }
        return {name: used.get(part, 0.0) for part, name in names.items()}

    def _ask(self, line: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        self.wall = float(answer(self.process))


def answer(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None
    line = process.stdout.readline().strip()
    if not line:
        raise RuntimeError("the DBOS program ended; what it said stands above")
    return line


@contextmanager
def running(system: Installation, template: list[list[Written]] | None = None) -> Iterator[OnDbos]:
    """The program, ready. With `template` its steps write the transactions of that case, else one small row each."""
    python = environments.programs(environments.DBOS) / "python"
    database = DBOS if template is None else DBOS_ROWS
    command = [str(python), str(HERE / "dbos_program.py"), *(_bare(system.engine_of(n)) for n in (database, FLOOR))]
    if template is not None:
        command.append(str(_written(template)))
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        assert answer(process) == "ready"
        yield OnDbos(system, process, database)
    finally:
        if process.stdin is not None:
            process.stdin.close()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()


def _bare(engine: Engine) -> str:
    return engine.url.set(drivername="postgresql").render_as_string(hide_password=False)


def _written(template: list[list[Written]]) -> Path:
    """The statements of every transaction, keys and unique words replaced by placeholders (see dbos_program.py)."""
    keys = {one.row["id"]: f"@{number}" for number, one in enumerate(one for group in template for one in group)}
    statements = [
        [
            (
                rows.insert(one.table, tuple(one.row)),
                {name: _plain(name, value, keys) for name, value in one.row.items()},
            )
            for one in group
        ]
        for group in template
    ]
    file = ROOM / "dbos_rows.json"
    file.write_text(json.dumps(statements), encoding="utf-8")
    return file


def _plain(name: str, value: Any, keys: dict[UUID, str]) -> Any:
    if name in rows.UNIQUE_WORDS:
        return f"@@{name}"
    if isinstance(value, UUID):
        return keys.get(value, str(value))
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, bytes):
        return f"\\x{value.hex()}"
    return json.dumps(value) if isinstance(value, dict | list) else value
