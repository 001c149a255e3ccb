"""The README's day with the command line, as it is printed: from records to a sealed report, and to its amendment."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from secunda.background import Running
from tests.conftest import CHECKOUT

pytestmark = [pytest.mark.system, pytest.mark.timeout(600), pytest.mark.xdist_group("up")]
REFUSED = "secunda review import examples/reviews.csv --payer example-health"  # one line of it, on purpose
TOLD_OF = "trap 'echo \"FAILED: $BASH_COMMAND\"' ERR\n"


def lines(folder: Path) -> str:
    """The commands, what they write going into `folder`."""
    page = (CHECKOUT / "README.md").read_text(encoding="utf-8")
    day = page.split("## A day with the command line")[1].split("\n## ")[0]
    found = re.findall(r"^    (.*)$", day, re.MULTILINE)
    return TOLD_OF + "\n".join(line.replace(" var/", f" {folder}/") for line in found if "activate" not in line)


def test_the_day_ends_with_a_sealed_report(running: Running, tmp_path: Path) -> None:
    assert running.process.poll() is None
    paths = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-c", lines(tmp_path)],
        cwd=CHECKOUT,
        env=os.environ | {"PATH": paths},
        capture_output=True,
        text=True,
        check=False,
    )
    said = done.stdout + done.stderr
    assert re.findall("FAILED: (.*)", said) == [REFUSED], said[-6000:]
    assert "Awaiting documents; who must act: requester." in said
    assert said.count("Signed and final.") == 3
    assert said.count("Closed: delivered.") == 2
    assert "Intact: nothing in this file has changed" in said
    assert "Version 2 will replace version 1." in said
    assert "2 accepted, 0 already there, 1 refused" in said
