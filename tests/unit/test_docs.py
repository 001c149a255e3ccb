"""The generated documentation says what the code says."""

import subprocess
import sys

from tests.conftest import CHECKOUT


def test_the_generated_pages_are_current() -> None:
    command = [sys.executable, "scripts/write_docs.py", "--check"]
    done = subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
