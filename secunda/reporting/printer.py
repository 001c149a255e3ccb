"""The child process that prints reports: `python -m secunda.reporting.printer`, asked and answering over pipes.

It ends when its parent does. It takes no more memory than its limit, and leaves no
picture of its memory behind when it dies.
"""

import contextlib
import ctypes
import gc
import json
import os
import resource
import signal
import sys
from dataclasses import asdict
from typing import BinaryIO

from secunda.errors import SecundaError
from secunda.reporting.content import ReportContent
from secunda.reporting.printing import LENGTH
from secunda.reporting.render import render, warm_up

LIMIT_MEMORY = 2 * 2**30  # bytes of addresses; a warm child uses about a quarter, a 60-page report half
TIDY_EVERY = 5  # reports; what they leave is rings that the collector alone can take away
YOUNG = 100_000  # objects that come before the collector looks: a page makes tens of thousands, all needed


def main() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, whose end we notice
    jobs, answers = sys.stdin.buffer, os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # whatever a library prints must not stand between answers
    warm_up()
    _limit()
    gc.freeze()  # fonts, styles and templates stay: no need to look at them again and again
    gc.set_threshold(YOUNG)
    for number, head in enumerate(iter(lambda: jobs.read(LENGTH.size), b""), start=1):
        _send(answers, *_printed(jobs.read(LENGTH.unpack(head)[0])))
        if number % TIDY_EVERY == 0:
            _tidy_up()


def _tidy_up() -> None:
    """Between two reports, when nobody waits: without it the child grows by a megabyte in six reports."""
    gc.collect()
    with contextlib.suppress(AttributeError, OSError):
        ctypes.CDLL(None).malloc_trim(0)  # glibc gives back what lies free between the pieces that are in use


def _limit() -> None:
    """Not every system knows every limit; the parent's limit on time holds everywhere."""
    for what, most in ((resource.RLIMIT_AS, LIMIT_MEMORY), (resource.RLIMIT_CORE, 0)):
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(what, (most, most))


def _printed(job: bytes) -> tuple[bytes, bytes]:
    """Head and body of the answer."""
    body = b""
    try:
        asked = json.loads(job)
        content = ReportContent.model_validate(asked["content"])
        said = asdict(render(content, asked["language"], preview=asked.get("preview", False)))
        body = said.pop("pdf")
    except SecundaError as error:
        said = {"error": error.message, "remedy": error.remedy, "code": error.code}
    except Exception as error:  # noqa: BLE001 - its text may quote a patient; its name says enough
        told = f"The report could not be printed: {type(error).__name__}."
        said = {"error": told, "remedy": "Retry; if it happens again, tell support.", "code": "report_not_printed"}
    return json.dumps(said).encode(), body


def _send(answers: BinaryIO, head: bytes, body: bytes) -> None:
    answers.write(LENGTH.pack(len(head), len(body)) + head + body)
    answers.flush()


if __name__ == "__main__":
    main()
