"""Ends the children of a supervisor that was killed, so that no process outlives `secunda up`.

Run as a script with the pipe from the supervisor as standard input. Each line is `+ GROUP SIGNAL` (a process group
started, and the signal that stops it) or `- GROUP` (it is gone). The pipe closes when the supervisor ends, however it
ends; what is then still listed is stopped, the last started first. This works on every POSIX system and reaches
grandchildren too, which Linux's PR_SET_PDEATHSIG does not. It imports the standard library only, to start quickly.
"""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable

GRACE_SECONDS = 5.0


def survivors(groups: Iterable[int]) -> list[int]:
    """The groups that still have a process."""
    left = []
    for group in groups:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(group, 0)
            left.append(group)
    return left


def end(groups: dict[int, int], grace: float = GRACE_SECONDS) -> None:
    """Stop every group with its own signal, and kill what is left after `grace` seconds."""
    for group in reversed(list(groups)):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(group, groups[group])
    until = time.monotonic() + grace
    while survivors(groups) and time.monotonic() < until:
        time.sleep(0.05)
    for group in survivors(groups):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(group, signal.SIGKILL)


def follow(lines: Iterable[str]) -> dict[int, int]:
    """Read the pipe to its end; returns the groups that are left, in the order they started, with their signals."""
    groups: dict[int, int] = {}
    for line in lines:
        sign, group, *rest = line.split()
        if sign == "+":
            groups[int(group)] = int(rest[0])
        else:
            groups.pop(int(group), None)
    return groups


class Guardian:
    """The supervisor's side of the pipe. A guardian that dies is replaced and told again what there is to guard."""

    def __init__(self, held: tuple[int, ...] = ()) -> None:
        self._held = held
        self._groups: dict[int, int] = {}
        self._running: subprocess.Popen[str] | None = None

    def mind(self) -> None:
        """Start it when it is not running."""
        if self._running is not None and self._running.poll() is None:
            return
        self._running = subprocess.Popen(  # noqa: S603 - this file
            [sys.executable, "-I", "-S", __file__],
            stdin=subprocess.PIPE,
            text=True,
            pass_fds=self._held,
            start_new_session=True,
        )
        for group, stop_signal in self._groups.items():
            self._tell(f"+ {group} {stop_signal}")

    def watch(self, group: int, stop_signal: int) -> None:
        self._groups[group] = int(stop_signal)
        self._tell(f"+ {group} {int(stop_signal)}")

    def forget(self, group: int) -> None:
        self._groups.pop(group, None)
        self._tell(f"- {group}")

    def dismiss(self) -> None:
        """Close the pipe; it ends what it still has on its list, then itself."""
        if self._running is not None and self._running.stdin is not None:
            with contextlib.suppress(OSError):
                self._running.stdin.close()
            self._running.wait(GRACE_SECONDS * 2)

    def _tell(self, line: str) -> None:
        if self._running is not None and self._running.stdin is not None:
            with contextlib.suppress(OSError):  # it is dead: `mind` starts another
                self._running.stdin.write(line + "\n")
                self._running.stdin.flush()


if __name__ == "__main__":
    end(follow(sys.stdin))
