"""Examining a file that a stranger handed in: in a process of its own, with its time and memory limited.

`python -m secunda.verifying.child` reads a PDF and writes an Examination as JSON; exits with 2 for what is no PDF.
"""

import resource
import subprocess
import sys

from pydantic import ValidationError

from secunda.errors import BadInputError
from secunda.settings import settings
from secunda.verifying.verdict import Examination, UnreadableFileError

LARGEST = 50 * 2**20  # bytes; a report of sixty pages with pictures has five
WALL_SECONDS = 40
CPU_SECONDS = 25
MEMORY = 2 * 2**30  # bytes of address space
UNREADABLE = 2


class ExaminationError(BadInputError):
    """The file does not let itself be examined in reasonable time and memory."""

    code = "not_examined"


def examine_safely(pdf: bytes) -> Examination:
    """The same as `examine`, for a file from anywhere; the trusted authorities are those of the settings.

    Raises UnreadableFileError, and ExaminationError for one that is too large or takes too much time or memory.
    """
    if len(pdf) > LARGEST:
        raise ExaminationError(f"The file is larger than {LARGEST // 2**20} MiB.", "Give the report itself.")
    command = [sys.executable, "-m", "secunda.verifying.child"]
    try:
        done = subprocess.run(command, input=pdf, capture_output=True, timeout=WALL_SECONDS, check=False)  # noqa: S603
    except subprocess.TimeoutExpired:
        raise _too_hard() from None
    if done.returncode == UNREADABLE:
        raise UnreadableFileError
    try:
        return Examination.model_validate_json(done.stdout)
    except ValidationError:
        raise _too_hard() from None


def _too_hard() -> ExaminationError:
    return ExaminationError(
        "The file could not be examined within the time and memory that is given to one.",
        "A report of ours takes a second; this is none, or it is damaged.",
    )


def main() -> None:
    from secunda.adapters.signing.trust import trusted_roots  # half a second, which the parent need not spend
    from secunda.verifying.examine import examine

    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    using = settings()
    pdf = sys.stdin.buffer.read(LARGEST + 1)
    try:
        found = examine(pdf, trusted_roots(using), demo_trusted=using.environment != "production")
    except UnreadableFileError:
        sys.exit(UNREADABLE)
    sys.stdout.write(found.model_dump_json())


if __name__ == "__main__":
    main()
