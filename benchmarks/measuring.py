"""CPU seconds, memory and disk of everything that runs, by part.

CPU is user and system time of whole process trees. A process that has ended is counted too: the kernel adds its time to
its parent's when the parent collects it, as PostgreSQL's postmaster does with every backend.
"""

import json
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import psutil
from sqlalchemy import Engine, text

POSTGRESQL = "postgresql"
Seconds = dict[str, float]


def started_groups(output: Path) -> dict[str, int]:
    """The process that each child of a `secunda up --json` was last started as, by name."""
    written = output.read_text(encoding="utf-8")
    lines = [json.loads(line) for line in written[: written.rfind("\n") + 1].splitlines() if line.startswith("{")]
    return {
        line["name"]: int(line["detail"].removeprefix("process ")) for line in lines if line.get("state") == "starting"
    }


def cpu(roots: Mapping[str, int]) -> Seconds:
    """CPU seconds so far of each part's process tree. PostgreSQL's backends are told apart by their database."""
    total: Seconds = {}
    for part, root in roots.items():
        for name, seconds in _tree(part, root):
            total[name] = total.get(name, 0.0) + seconds
    return total


def _tree(part: str, root: int) -> list[tuple[str, float]]:
    """One consistent look: a process that ends meanwhile is either counted itself or in its parent, never in both."""
    for _ in range(20):
        try:
            process = psutil.Process(root)
            family = [process, *process.children(recursive=True)]
            found = [(_name(part, one), _seconds(one)) for one in family]
            again = [process, *process.children(recursive=True)]
        except psutil.NoSuchProcess:
            if not psutil.pid_exists(root):
                return []
            continue
        if [one.pid for one in family] == [one.pid for one in again]:
            return found
    return found


def own_cpu(pid: int) -> float:
    """CPU seconds of one process without its children."""
    times = psutil.Process(pid).cpu_times()
    return float(times.user + times.system)


def _seconds(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system + times.children_user + times.children_system)


def _name(part: str, process: psutil.Process) -> str:
    """`postgresql (prefect)` for a live backend of that database; ended ones and the server's own are `postgresql`."""
    if part != POSTGRESQL:
        return part
    words = " ".join(process.cmdline()).split()
    is_backend = words[:2] == ["postgres:", "postgres"] and len(words) > 2
    return f"{part} ({words[2]})" if is_backend else part


def memory(roots: Mapping[str, int]) -> dict[str, int]:
    """Bytes of each part: proportional set size, in which memory that several processes share counts once."""
    total: dict[str, int] = {}
    for part, root in roots.items():
        process = psutil.Process(root)
        for one in [process, *process.children(recursive=True)]:
            try:
                total[part] = total.get(part, 0) + one.memory_full_info().pss
            except psutil.NoSuchProcess:
                continue
    return total


def database_bytes(engine: Engine) -> dict[str, int]:
    """The size on disk of every database of the server."""
    query = text("select datname, pg_database_size(oid) from pg_database where not datistemplate")
    with engine.connect() as connection:
        return dict(connection.execute(query).tuples().all())


@dataclass
class Acts:
    """CPU of what the harness does in place of people and of the API: their acts, not its own looking around."""

    seconds: float = 0.0

    @contextmanager
    def counted(self) -> Iterator[None]:
        begun = time.thread_time()
        try:
            yield
        finally:
            self.seconds += time.thread_time() - begun


@dataclass(frozen=True)
class Round:
    """One round of `cases` cases: CPU seconds by part, and wall seconds from the first launch to the last closing."""

    cases: int
    wall: float
    seconds: Seconds
    yardstick: float  # CPU-ms, see `yardstick`

    @property
    def per_case(self) -> dict[str, float]:
        """CPU milliseconds a case by part, their sum as `total`, the same in yardsticks, and cases a second."""
        parts = {part: 1000 * seconds / self.cases for part, seconds in self.seconds.items()}
        total = sum(parts.values())
        return parts | {"total": total, "yardsticks": total / self.yardstick, "cases/s": self.cases / self.wall}


def difference(before: Seconds, after: Seconds) -> Seconds:
    """A backend that ended in between was counted under its database before, and is in its postmaster's since."""
    return {part: after.get(part, 0.0) - before.get(part, 0.0) for part in sorted({*before, *after})}


def medians(rounds: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """The median of each figure over the rounds."""
    names = sorted({name for one in rounds for name in one})
    return {name: median(one.get(name, 0.0) for one in rounds) for name in names}


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least this share of the values does not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def yardstick() -> float:
    """CPU-ms of a fixed piece of work of the kind that all of this does: how slow the machine is at the moment.

    CPU time grows when others share caches and cores. A cost in yardsticks compares across runs where one in
    milliseconds does not.
    """
    content = [{"name": f"number {number}", "value": number, "list": [number] * 5} for number in range(100)]
    begun = time.thread_time()
    for _ in range(10):
        json.loads(json.dumps(content, sort_keys=True))
    return 1000 * (time.thread_time() - begun)


class Yardsticks:
    """The yardstick, laid on again and again while something else is measured."""

    def __init__(self) -> None:
        self._laid: list[float] = [yardstick()]

    def lay(self) -> None:
        self._laid.append(yardstick())

    @property
    def median(self) -> float:
        return median(self._laid)


def spread(values: Sequence[float], digits: int = 0) -> str:
    return f"{min(values):.{digits}f} to {max(values):.{digits}f}, median {median(values):.{digits}f}"


def table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """A Markdown table, its columns aligned so that it reads well in a terminal too."""
    cells = [[_cell(value) for value in row] for row in (head, *rows)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(head))]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |" for row in cells
    ]
    return "\n".join([lines[0], "|" + "|".join("-" * (width + 2) for width in widths) + "|", *lines[1:]])


def _cell(value: object) -> str:
    if isinstance(value, float):
        return f"{value:,.1f}" if abs(value) < 1000 else f"{value:,.0f}"
    return f"{value:,}" if isinstance(value, int) else str(value)
