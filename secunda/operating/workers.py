"""Who works: the workers that Prefect has heard of, and those that hold cases, whatever Prefect says."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlmodel import Session

from pathways.vocabulary import Frozen
from secunda.operating.executing import executing
from secunda.prefect_questions import HeardOf

FORGOTTEN = timedelta(days=1)  # a worker that was silent for longer is told no more
SHOWN = 20  # cases that a worker holds, named
PREFIX = "worker:"


class WorkerLine(Frozen):
    """One worker. `heard_at`: its last heartbeat, wall time; `holds`: references of the cases it executes.

    It lives when Prefect heard of it lately, or when it holds a case: leases are extended by the living only.
    """

    name: str
    heard_at: datetime | None
    living: bool
    holds: tuple[str, ...]
    held: int


def holders(session: Session) -> dict[str, list[str]]:
    """Worker's name → references of the cases whose lease it has now."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for one in executing(session):
        found[one.holder.removeprefix(PREFIX)].append(one.reference)
    return dict(found)


def worker_lines(heard: Iterable[HeardOf], held: dict[str, list[str]], wall: datetime) -> list[WorkerLine]:
    """Everybody, the living first."""
    known = {one.name: one for one in heard if one.name in held or not _is_forgotten(one, wall)}
    names = sorted(known.keys() | held.keys())
    lines = [_line(name, known.get(name), held.get(name, [])) for name in names]
    return sorted(lines, key=lambda one: not one.living)


def _is_forgotten(one: HeardOf, wall: datetime) -> bool:
    return one.heard_at is None or wall - one.heard_at > FORGOTTEN


def _line(name: str, heard: HeardOf | None, held: list[str]) -> WorkerLine:
    living = bool(held) or (heard is not None and heard.online)
    at = heard.heard_at if heard else None
    return WorkerLine(name=name, heard_at=at, living=living, holds=tuple(held[:SHOWN]), held=len(held))
