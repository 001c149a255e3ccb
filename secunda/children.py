"""One child process of the supervisor: what it is, its state, its process group and its log."""

import contextlib
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

LARGEST_LOG = 10 * 2**20  # bytes
KEPT_LOGS = 3


def _nothing() -> None:
    """No preparation needed."""


def _at_once() -> bool:
    """Ready as soon as it runs."""
    return True


@dataclass(frozen=True)
class Child:
    """A line of the table of children. Times are in wall seconds.

    `prepare` runs in the supervisor before every start and must be quick and harmless to repeat. `once`: the child does
    its work and exits with 0, which is then its readiness. `user`: the system user to run as, where we are root.
    """

    name: str
    command: tuple[str, ...]
    after: tuple[str, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    prepare: Callable[[], None] = _nothing
    ready: Callable[[], bool] = _at_once
    once: bool = False
    user: str | None = None
    stop_signal: int = signal.SIGTERM
    ready_within: float = 90.0
    grace: float = 20.0


class State(StrEnum):
    WAITING = "waiting"  # for a child that it comes after, or for its turn to start again
    STARTING = "starting"
    READY = "ready"
    DONE = "done"
    FAILED = "failed"
    STOPPED = "stopped"


class Process:
    """A child as it runs."""

    def __init__(self, child: Child, log: Path) -> None:
        self.child = child
        self.log = log
        self.state = State.WAITING
        self.failures = 0  # in a row
        self.was_ready = False
        self.not_before = 0.0  # monotonic
        self.since = 0.0  # monotonic: when it was last started
        self.group = 0  # process group of its last start
        self._running: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Run the command in a process group of its own, so that Ctrl-C reaches the supervisor only."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            self._running = subprocess.Popen(  # noqa: S603 - the table is ours
                self.child.command,
                env={**os.environ, **self.child.environment},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                user=self.child.user,
                start_new_session=True,
            )
        self.group = self._running.pid
        self.since = time.monotonic()

    def exit_status(self) -> int | None:
        """None while it runs; then its status, negative for a signal. What it left of its group is killed."""
        if self._running is None or (status := self._running.poll()) is None:
            return None
        self.signal(signal.SIGKILL)
        self._running = None
        return status

    def signal(self, number: int) -> None:
        """Send a signal to the whole group; nothing happens when it is gone."""
        if self._running is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.group, number)

    def age(self) -> float:
        """Seconds since it was started."""
        return time.monotonic() - self.since

    def last_words(self) -> str:
        """The last line of the log that says something."""
        if not self.log.exists():
            return ""
        with self.log.open("rb") as log:
            log.seek(max(0, self.log.stat().st_size - 4096))
            lines = log.read().decode(errors="replace").splitlines()
        return next((line.strip() for line in reversed(lines) if line.strip()), "")


def rotate(log: Path, largest: int = LARGEST_LOG, keep: int = KEPT_LOGS) -> bool:
    """Copy a log that has grown past `largest` bytes to `<name>.1` and empty it; True when it did.

    The writer holds the file open for appending and goes on writing into it. A line written between the copy and the
    emptying is lost; that is the price of not standing between a child and its log.
    """
    if not log.exists() or log.stat().st_size <= largest:
        return False
    for number in range(keep - 1, 0, -1):
        older = log.with_name(f"{log.name}.{number}")
        if older.exists():
            older.replace(log.with_name(f"{log.name}.{number + 1}"))
    shutil.copyfile(log, log.with_name(f"{log.name}.1"))
    os.truncate(log, 0)
    return True
