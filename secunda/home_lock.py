"""One `secunda up` a home folder: a lock file that the kernel releases when the last process that holds it is gone."""

import fcntl
import json
import os
import time
from pathlib import Path
from typing import Any

from secunda.errors import ConflictError

LEFTOVERS_SECONDS = 15.0  # how long the children of a killed `secunda up` are given to end
STARTING_SECONDS = 120.0  # a start that takes longer has met with a fault


class HomeLock:
    """The lock `<home>/up.lock`. The file says who holds it; its being locked, not its being there, is what counts."""

    def __init__(self, home: Path) -> None:
        self.path = home / "up.lock"
        self._file = -1

    @property
    def descriptor(self) -> int:
        """Pass it on to a process that must keep the lock after us."""
        return self._file

    def acquire(self, patience: float = LEFTOVERS_SECONDS) -> None:
        """Take the lock. Raises ConflictError, naming the process, when another `secunda up` runs in this home.

        When the holder was killed, its children are just being ended: waits for that, up to `patience` seconds.
        """
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self._file = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        until = time.monotonic() + patience
        while not self._try():
            holder = self.holder().get("pid", 0)
            if _alive(holder) or time.monotonic() > until:
                os.close(self._file)
                raise ConflictError(
                    f"`secunda up` already runs in {self.path.parent} (process {holder}).",
                    "Stop it first, or give this one another SECUNDA_HOME and other ports.",
                )
            time.sleep(0.1)
        self.write(pid=os.getpid(), started_at=time.time())

    def _try(self) -> bool:
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def write(self, **facts: Any) -> None:
        """Say who holds the lock and what runs: JSON for people and for `secunda doctor`."""
        written = (json.dumps(facts) + "\n").encode()
        os.pwrite(self._file, written, 0)  # at once: whoever reads meanwhile finds the old facts or the new ones
        os.ftruncate(self._file, len(written))

    def write_ready(self) -> None:
        """Say that everything has been ready once."""
        self.write(**self.holder(), ready_at=time.time())

    def holder(self) -> dict[str, Any]:
        """What the last holder wrote; empty when nobody did."""
        try:
            facts = json.loads(self.path.read_text())
        except (FileNotFoundError, ValueError):
            return {}
        return facts if isinstance(facts, dict) else {}

    def release(self) -> None:
        """Let it go; a process that the descriptor was passed to still keeps it."""
        os.close(self._file)


def _alive(pid: int) -> bool:
    import psutil

    try:
        return bool(psutil.Process(pid).status() != psutil.STATUS_ZOMBIE)
    except (psutil.NoSuchProcess, ValueError):
        return False


def is_starting(home: Path) -> bool:
    """Whether a `secunda up` runs in `home` that is not ready yet, and has not been at it for long."""
    facts = running(home)
    return bool(facts) and "ready_at" not in facts and 0 <= time.time() - facts.get("started_at", 0) < STARTING_SECONDS


def running(home: Path) -> dict[str, Any]:
    """What the `secunda up` that runs in `home` wrote about itself; empty when none runs."""
    lock = HomeLock(home)
    if not lock.path.exists():
        return {}
    file = os.open(lock.path, os.O_RDWR)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return lock.holder()
    finally:
        os.close(file)
    return {}
