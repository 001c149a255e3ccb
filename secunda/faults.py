"""Places where a process can be killed on purpose, to prove that it may die anywhere.

`SECUNDA_FAULTS` names a folder. Every place that a process passes leaves a file of its name in the folder `passed`
inside. A process ends by SIGKILL at a place whose name is in the folder `armed`, which takes the name away; while
`armed` has the name `every`, at each place that nobody has passed before. A file in `armed` may hold the number of
another signal: SIGSTOP, say, for a process that falls silent. Without the variable, and in production, nothing happens.
"""

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

FOLDER = os.environ.get("SECUNDA_FAULTS", "")
EVERY = "every"
CARRIERS = ("contextlib.py", "db.py", "faults.py")  # stand between a transaction and whoever wanted it


def point(name: str) -> None:
    """A place named by hand."""
    if FOLDER:
        _pass(name)


def around(when: str, call: Callable[..., Any]) -> None:
    """`before:wake`: a call of another service, named by the function that the call was written in."""
    if FOLDER:
        _pass(f"{when}:{getattr(call, '__qualname__', 'call').split('.')[0].strip('_')}")


def commit(when: str) -> None:
    """`after_commit:waker.clear_mark`: named by the function that opened the transaction."""
    if FOLDER:
        frame = sys._getframe(1)
        while frame.f_back and Path(frame.f_code.co_filename).name in CARRIERS:
            frame = frame.f_back
        place = f"{Path(frame.f_code.co_filename).stem}.{frame.f_code.co_name.strip('_')}"
        _pass(f"{when}:{place}")


def _pass(name: str) -> None:
    from secunda.settings import settings

    if settings().environment == "production":
        return
    folder = Path(FOLDER)
    if _is_first(folder / "passed" / name) and (folder / "armed" / EVERY).exists():
        _signal(signal.SIGKILL)
    armed = folder / "armed" / name
    try:
        number = armed.read_text(encoding="utf-8")
        armed.unlink()  # of several who pass it, one gets here
    except FileNotFoundError:
        return
    _signal(int(number or signal.SIGKILL))


def _is_first(passed: Path) -> bool:
    try:
        passed.touch(exist_ok=False)
    except FileExistsError:
        return False
    return True


def _signal(number: int) -> None:
    os.kill(os.getpid(), number)
