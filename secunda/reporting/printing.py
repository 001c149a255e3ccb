"""Printing a report in a child process that is kept warm, with limits on time and memory.

What stands in a report was written by strangers, and the libraries that set it are large. In the child a page that
never ends costs one report, not the worker: it is ended, and the next report finds a new child.
"""

import json
import os
import select
import struct
import subprocess
import sys
import threading
import time
from typing import Any

from secunda.errors import SecundaError
from secunda.reporting.completeness import check_complete
from secunda.reporting.content import ReportContent
from secunda.reporting.rendered import RenderedReport

LIMIT_SECONDS = 120.0  # wall; a 60-page report takes about five on a quiet machine
MOST_REPORTS = 200  # of one child: a tenth of a megabyte a report stays outside of Python, and nothing gives it back
LENGTH = struct.Struct(">II")  # of the head (JSON) and of the body
_CHUNK = 1 << 20
#: What the child may know of our surroundings: no address, no password, no key.
_KEPT = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "LD_LIBRARY_PATH", "DYLD_FALLBACK_LIBRARY_PATH", "XDG_CACHE_HOME")


class NotPrintedError(SecundaError):
    """The report could not be printed; `retry` says whether another attempt may help."""

    code = "report_not_printed"


class Printer:
    """One warm child. Callable from any thread; reports wait in line."""

    def __init__(self, limit_seconds: float = LIMIT_SECONDS, program: str = "secunda.reporting.printer") -> None:
        self._limit = limit_seconds
        self._program = program
        self._turn = threading.Lock()
        self._child: subprocess.Popen[bytes] | None = None
        self._printed = 0  # by this child

    def warm_up(self) -> None:
        """Start the child, which then loads fonts and styles by itself; returns at once."""
        with self._turn:
            self._running()

    def print(self, content: ReportContent, language: str, *, preview: bool = False) -> RenderedReport:
        """The report in `language`, as `render.render` gives it.

        Raises what `render` raises, and NotPrintedError when the child ended or took too long.
        """
        if not preview:
            check_complete(content)
        said = {"content": content.model_dump(mode="json"), "language": language, "preview": preview}
        job = json.dumps(said).encode()
        with self._turn:
            head, body = self._ask(job)
            self._printed += 1
            if self._printed >= MOST_REPORTS:
                self.close()
                self._running()  # it gets warm while nobody waits
        if "error" in head:
            raise _told(head)
        return RenderedReport(pdf=body, **head)

    @property
    def pid(self) -> int | None:
        """The child's process, where there is one."""
        return self._child.pid if self._child is not None else None

    def close(self) -> None:
        """End the child; the next report would start another."""
        if self._child is not None:
            self._child.kill()
            self._child.wait()
            for pipe in (self._child.stdin, self._child.stdout):
                if pipe is not None:
                    pipe.close()
            self._child = None

    def _running(self) -> subprocess.Popen[bytes]:
        if self._child is not None and self._child.poll() is not None:
            self.close()
        if self._child is None:
            kept = {key: value for key, value in os.environ.items() if key in _KEPT or key.startswith("COVERAGE")}
            command = [sys.executable, "-m", self._program]
            self._child = subprocess.Popen(  # noqa: S603 - our own module
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=kept
            )
            self._printed = 0
        return self._child

    def _ask(self, job: bytes) -> tuple[dict[str, Any], bytes]:
        child = self._running()
        until = time.monotonic() + self._limit
        try:
            _write(child, LENGTH.pack(len(job), 0) + job, until)
            head, body = LENGTH.unpack(_read(child, LENGTH.size, until))
            return json.loads(_read(child, head, until)), _read(child, body, until)
        except (OSError, TimeoutError, EOFError) as error:
            self.close()
            reason = "took too long" if isinstance(error, TimeoutError) else "ended before the report was printed"
            raise NotPrintedError(
                f"The process that prints reports {reason}.", "Shorten what makes the report so large, and retry."
            ) from None


def _write(child: subprocess.Popen[bytes], data: bytes, until: float) -> None:
    assert child.stdin is not None  # noqa: S101 - it was started with pipes
    rest = memoryview(data)
    os.set_blocking(child.stdin.fileno(), False)
    while rest:
        _, ready, _ = select.select([], [child.stdin], [], max(until - time.monotonic(), 0))
        if not ready:
            raise TimeoutError
        rest = rest[os.write(child.stdin.fileno(), rest[:_CHUNK]) :]


def _read(child: subprocess.Popen[bytes], size: int, until: float) -> bytes:
    assert child.stdout is not None  # noqa: S101 - it was started with pipes
    found = bytearray()
    while len(found) < size:
        ready, _, _ = select.select([child.stdout], [], [], max(until - time.monotonic(), 0))
        if not ready:
            raise TimeoutError
        chunk = os.read(child.stdout.fileno(), min(size - len(found), _CHUNK))
        if not chunk:
            raise EOFError
        found += chunk
    return bytes(found)


def _told(head: dict[str, Any]) -> SecundaError:
    """The child's refusal, which it put into the words of a SecundaError."""
    error = NotPrintedError(head["error"], head["remedy"])
    error.code = head["code"]
    return error


_printer = Printer()


def warm_up() -> None:
    """Have the child ready before the first report is due; returns at once."""
    _printer.warm_up()


def print_report(content: ReportContent, language: str, *, preview: bool = False) -> RenderedReport:
    """The report in `language`, printed in this process's child."""
    return _printer.print(content, language, preview=preview)
