"""The printer of reports, forked from a process that has loaded it: started from nothing it takes seconds of CPU."""

import os
import signal
import subprocess
import sys
import traceback
from typing import BinaryIO, cast

from secunda.reporting import printer, printing


class Forked:
    """As much of a `Popen` as a printer's owner asks for."""

    def __init__(self, pid: int, stdin: BinaryIO, stdout: BinaryIO) -> None:
        self.pid, self.stdin, self.stdout = pid, stdin, stdout
        self.returncode: int | None = None

    def poll(self) -> int | None:
        return self._wait(os.WNOHANG)

    def wait(self) -> int | None:
        return self._wait(0)

    def kill(self) -> None:
        if self.poll() is None:
            os.kill(self.pid, signal.SIGKILL)

    def _wait(self, options: int) -> int | None:
        if self.returncode is None:
            pid, status = os.waitpid(self.pid, options)
            if pid:
                self.returncode = os.waitstatus_to_exitcode(status)
        return self.returncode


def give_printer() -> None:
    """Give this process its printer. To be called before it has threads; the printer ends with it, as in life."""
    jobs, answers = os.pipe(), os.pipe()
    pid = os.fork()
    if pid == 0:
        _print(jobs, answers)
    os.close(jobs[0])
    os.close(answers[1])
    child = Forked(pid, os.fdopen(jobs[1], "wb", buffering=0), os.fdopen(answers[0], "rb", buffering=0))
    printing._printer._child = cast("subprocess.Popen[bytes]", child)


def _print(jobs: tuple[int, int], answers: tuple[int, int]) -> None:
    os.close(jobs[1])
    os.close(answers[0])
    os.dup2(jobs[0], 0)
    os.dup2(answers[1], 1)
    os.close(jobs[0])
    os.close(answers[1])
    sys.stdin, sys.stdout = os.fdopen(0, "r", closefd=False), os.fdopen(1, "w", closefd=False)
    try:
        printer.main()
    except BaseException:  # noqa: BLE001 - nothing of a child may go on as its parent
        traceback.print_exc()
        os._exit(1)
    os._exit(0)
