"""Secunda's own log: JSON lines in `<home>/log/secunda.log`, one file for all processes, and nothing about any patient.

What may be written is a list: a key that is not on it, or a value that does not look as the list says, is withheld, and
the line says which. Free text, exception texts included, has no key. Library and process output (start-up, tracebacks
of a crash) goes to `<home>/log/<child>.log`, see `secunda.children`.
"""

import os
import re
import traceback
from collections.abc import Mapping, MutableMapping
from functools import lru_cache
from pathlib import Path
from typing import Any, BinaryIO

import structlog

from secunda import clock
from secunda.settings import settings

REFERENCE = re.compile(r"SO-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}")
WORD = re.compile(r"[A-Za-z0-9_.:/#+-]{1,120}")  # no spaces: neither a name nor a sentence gets through
FREE_OF_PATIENTS = re.compile(r"[^\n]{0,200}")  # texts that our own code writes: SecundaError's messages

#: What a log line may say besides its event, level, time and process. Numbers, booleans and None always may.
KNOWN_KEYS: Mapping[str, re.Pattern[str]] = {
    "case": REFERENCE,
    "channel": WORD,
    "code": WORD,
    "document": WORD,
    "endpoint": WORD,
    "error": WORD,
    "kind": WORD,
    "message": WORD,
    "method": WORD,
    "module": WORD,
    "name": WORD,
    "occasion": WORD,
    "pathway": WORD,
    "payer": WORD,
    "place": re.compile(r"[A-Za-z0-9_.:/#+-]{1,120}( in [A-Za-z0-9_.:/-]{1,120})?"),  # `KeyError in tasks/triage.py:41`
    "remedy": FREE_OF_PATIENTS,
    "result": WORD,
    "route": re.compile(r"[A-Za-z0-9_./{}-]{1,120}"),
    "state": WORD,
    "step": WORD,
    "trace": WORD,
    "what": FREE_OF_PATIENTS,
    "worker": WORD,
}
#: Keys whose values are numbers only; the reconciler's findings are among them.
COUNTED_KEYS = frozenset(
    {"attempt", "attempts", "bytes", "count", "milliseconds", "number", "pages", "seconds", "status"}
    | {
        "cancelled_in_prefect",
        "clock_set_back",
        "ended_too_early",
        "executing",
        "housekeeping_lost",
        "fine",
        "lost",
        "not_deployed",
        "not_started",
        "overdue",
        "run_rebuilt",
        "slept_too_long",
        "worker_lost",
    }
)


def _allowed(key: str, value: Any) -> bool:
    if value is None or isinstance(value, bool | int | float):
        return key in KNOWN_KEYS or key in COUNTED_KEYS
    if isinstance(value, list | tuple):
        return all(_allowed(key, part) for part in value)
    pattern = KNOWN_KEYS.get(key)
    return pattern is not None and isinstance(value, str) and pattern.fullmatch(value) is not None


def withhold(_logger: object, _method: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """structlog processor: drop what the list does not allow and name the dropped keys in `withheld`."""
    event = str(line.pop("event", ""))
    dropped = sorted(key for key, value in line.items() if not _allowed(key, value))
    kept: dict[str, Any] = {"event": event if WORD.fullmatch(event) else "unnamed"}
    kept |= {key: value for key, value in line.items() if key not in dropped}
    return kept | ({"withheld": dropped} if dropped else {})


def _frame(_logger: object, method: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    at = clock.wall().isoformat(timespec="milliseconds")
    return {"at": at, "level": method, "process": os.getpid(), **line}


class _Appender:
    """Writes whole lines; `O_APPEND` keeps those of several processes apart, and lets the supervisor empty the file."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def msg(self, line: str) -> None:
        self._file.write(line.encode() + b"\n")

    debug = info = warning = error = critical = msg


@lru_cache(maxsize=4)
def _logger_in(folder: Path) -> Any:
    folder.mkdir(parents=True, exist_ok=True)
    file = (folder / "secunda.log").open("ab", buffering=0)
    return structlog.wrap_logger(
        _Appender(file),
        processors=[withhold, _frame, structlog.processors.JSONRenderer()],
        wrapper_class=structlog.BoundLogger,
    )


def _write(level: str, event: str, facts: Mapping[str, Any]) -> None:
    try:
        getattr(_logger_in(settings().log_folder), level)(event, **facts)
    except OSError:
        return  # a full disk must not stop a case; `secunda doctor` and /health/ready look at the disk


def info(event: str, **facts: Any) -> None:
    """Something happened as it should. `event` is one word, the facts are on the list above."""
    _write("info", event, facts)


def warning(event: str, **facts: Any) -> None:
    """Something went wrong that mends itself."""
    _write("warning", event, facts)


def error(event: str, **facts: Any) -> None:
    """Something went wrong that a person must look at."""
    _write("error", event, facts)


def unexpected(event: str, problem: BaseException, **facts: Any) -> None:
    """An error that nobody foresaw: its type and where it came from, never its text."""
    trace = [_place(frame) for frame in traceback.extract_tb(problem.__traceback__)]
    missing = {"module": problem.name} if isinstance(problem, ImportError) else {}
    error(event, error=type(problem).__name__, trace=trace[-12:], **missing, **facts)


def _place(frame: traceback.FrameSummary) -> str:
    """`folder/file.py:line:function`."""
    place = f"{'/'.join(Path(frame.filename).parts[-2:])}:{frame.lineno}:{frame.name}"
    return re.sub(r"[^A-Za-z0-9_.:/#+-]", "_", place)[-120:]
