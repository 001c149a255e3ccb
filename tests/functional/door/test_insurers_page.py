"""docs/insurers.md, line by line: from nothing to a received notice."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from tests.conftest import CHECKOUT
from tests.functional.conftest import free_port

pytestmark = [pytest.mark.system, pytest.mark.timeout(400), pytest.mark.xdist_group("up")]
PAGE = CHECKOUT / "docs" / "insurers.md"


def lines(api: int, receiver: int) -> str:
    """The page's commands, on free ports."""
    blocks = re.findall(r"^```sh\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    assert len(blocks) >= 12
    return "set -euo pipefail\n" + "".join(blocks).replace("8900", str(api)).replace("9999", str(receiver))


@pytest.fixture
def shell(tmp_path: Path) -> Iterator["subprocess.Popen[bytes]"]:
    api = free_port()
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT_", "SECUNDA_"))}
    environment |= {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "SECUNDA_HOME": str(tmp_path / "home"),
        "SECUNDA_API_PORT": str(api),
        "SECUNDA_PREFECT_PORT": str(free_port()),
    }
    (tmp_path / "page.sh").write_text(lines(api, free_port()), encoding="utf-8")
    with (tmp_path / "page.log").open("wb") as log:
        process = subprocess.Popen(["bash", "page.sh"], cwd=tmp_path, env=environment, stdout=log, stderr=log)
        children = psutil.Process(process.pid)
        try:
            yield process
        finally:
            left = children.children(recursive=False) if process.poll() is None else _left(tmp_path)
            for one in [each for child in left for each in (child, *child.children(recursive=True))]:
                with suppress(psutil.NoSuchProcess):
                    one.kill()  # the data are thrown away: nothing need come to an end
            psutil.wait_procs(left, timeout=60)
            process.kill()
            process.wait(20)


def _left(folder: Path) -> list[psutil.Process]:
    """What the page left running in the background: the receiver and `secunda up`."""
    found = []
    for one in psutil.process_iter(["cmdline", "cwd", "ppid"]):
        words = " ".join(one.info["cmdline"] or ())
        is_ours = one.info["cwd"] == str(folder) and one.info["ppid"] == 1
        if is_ours and ("receiver.py" in words or words.endswith("secunda up")):
            found.append(one)
    return found


def test_every_line_of_the_page_does_what_it_says(shell: "subprocess.Popen[bytes]", tmp_path: Path) -> None:
    try:
        status = shell.wait(330)
    except subprocess.TimeoutExpired:
        status = -1
    said = (tmp_path / "page.log").read_text(encoding="utf-8")
    assert status == 0, said[-4000:] + (tmp_path / "up.log").read_text(encoding="utf-8")[-1000:]
    assert "True" in said
    assert "99213" in said
    assert "2000\n" in said
    assert "304\n" in said
    assert "urn:secunda:problem:not-found" in said
    assert said.count("withdrawn") == 1
    assert re.search(r"review\.stage_changed .*'reference': 'SO-", (tmp_path / "notices.log").read_text())
