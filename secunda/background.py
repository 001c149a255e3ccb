"""`secunda up` as a child, for the demo and for tests: ready when the block begins, gone when it ends."""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from secunda.errors import SecundaError
from secunda.settings import Settings

STOPPED_WITHIN = 60.0


@dataclass(frozen=True)
class Running:
    """A `secunda up` of ours; `output` grows by one JSON line a change."""

    process: "subprocess.Popen[bytes]"
    output: Path

    def lines(self) -> list[dict[str, Any]]:
        """Every change so far, and the line `{"event": "up", …}` with the addresses once all is ready."""
        written = self.output.read_text(encoding="utf-8")
        return [json.loads(line) for line in written[: written.rfind("\n") + 1].splitlines()]


@contextmanager
def system(using: Settings, ready_within: float = 120.0) -> Iterator[Running]:
    """Run the installation that the environment of this process describes.

    Raises SecundaError, with what failed, when it does not start within `ready_within` wall seconds.
    """
    using.log_folder.mkdir(parents=True, exist_ok=True)
    output = using.log_folder / "up.log"
    with output.open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "secunda.cli.main", "up", "--json"], stdout=log, stderr=log, start_new_session=True
        )
    running = Running(process, output)
    try:
        _await(running, ready_within)
        yield running
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(STOPPED_WITHIN)


def _await(running: Running, ready_within: float) -> None:
    until = time.monotonic() + ready_within
    while time.monotonic() < until:
        lines = running.lines()
        if any(line.get("event") == "up" for line in lines):
            return
        if running.process.poll() is not None:
            raise SecundaError(f"The system did not start: {_reason(lines)}.", f"See {running.output.parent}.")
        time.sleep(0.1)
    raise SecundaError("The system was not ready in time.", f"See {running.output.parent}.")


def _reason(lines: list[dict[str, Any]]) -> str:
    for line in reversed(lines):
        if line.get("state") == "failed":
            return f"{line['name']} {line['detail']}"
        if "error" in line:
            return str(line["error"]["message"]).rstrip(".")
    return "it ended by itself"
