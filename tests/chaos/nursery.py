"""A process with everything imported that forks Prefect servers and workers in milliseconds.

Started from nothing each of them takes seconds of CPU, which would leave a test of many kills with little else.
Run as a program it reads lines `server PORT LOG` and `worker NAME LOG`, and answers each with the child's process id.
"""

import asyncio
import gc
import os
import signal
import subprocess
import sys
import threading
import traceback
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path

from tests.conftest import CHECKOUT

EVERYTHING = (
    "uvicorn",
    "prefect.server.api.server",
    "flows.second_opinion",
    "flows.reconcile",
    "flows.deliver_messages",
    "secunda.worker",
    "secunda.waker",
    "tests.chaos.forked",
)


#: What dies by SIGKILL leaves no count of its lines: counting them would only be slow.
UNCOUNTED = {"COVERAGE_PROCESS_START": "", "COVERAGE_PROCESS_CONFIG": ""}


class Nursery:
    """Starts children with one environment; none outlives whoever asked for it."""

    def __init__(self, environment: Mapping[str, str], log: Path) -> None:
        with log.open("ab") as file:
            self._process = subprocess.Popen(
                [sys.executable, "-m", __name__],
                env={**environment, **UNCOUNTED},
                cwd=CHECKOUT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=file,
                text=True,
                bufsize=1,
            )
        self._one_at_a_time = threading.Lock()

    def bear(self, *words: object) -> int:
        """The process id of a new child."""
        with self._one_at_a_time:
            assert self._process.stdin is not None
            assert self._process.stdout is not None
            self._process.stdin.write(" ".join(map(str, words)) + "\n")
            return int(self._process.stdout.readline())

    def close(self) -> None:
        """Let it end; its children are the caller's to stop."""
        if self._process.stdin is not None:
            self._process.stdin.close()
        self._process.wait(20)


def lives(pid: int) -> bool:
    """Whether a child of the nursery is there still; a dead one is taken away by the kernel at once."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def _serve(port: str) -> None:
    import uvicorn
    from prefect.server.api.server import create_app

    uvicorn.run(create_app(), host="127.0.0.1", port=int(port), log_level="warning")


def _work(name: str) -> None:
    from secunda.worker import PathwayWorker
    from tests.chaos.forked import give_printer

    give_printer()
    asyncio.run(PathwayWorker(work_pool_name="pathways", name=name).start())


KINDS = {"server": _serve, "worker": _work}


def _child(kind: str, argument: str, log: str) -> None:
    file = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for ours, theirs in ((nothing, 0), (file, 1), (file, 2)):
        os.dup2(ours, theirs)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    try:
        KINDS[kind](argument)
    except BaseException:  # noqa: BLE001 - nothing of a child may go on as its parent
        traceback.print_exc()
        os._exit(1)
    os._exit(0)


def main() -> None:
    from sqlalchemy.orm import configure_mappers

    for module in EVERYTHING:
        import_module(module)
    from secunda.reporting import render

    configure_mappers()
    render.warm_up()
    gc.freeze()  # what is here now is never collected, and so never copied for a child
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    born: list[int] = []
    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            kind, argument, log = line.rstrip("\n").split(maxsplit=2)
            _child(kind, argument, log)
        born = [*filter(lives, born), pid]
        sys.stdout.write(f"{pid}\n")
        sys.stdout.flush()
    for pid in filter(lives, born):  # whoever asked for them is gone
        os.kill(pid, signal.SIGKILL)


if __name__ == "__main__":
    main()
