"""`python -m benchmarks.command_line`: how soon a command answers, beside the interpreter that does nothing.

Also how long all pathway files take to load, and the Synthea bundles to read where `SECUNDA_TEST_DATA` has them.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from benchmarks import measuring
from secunda.adapters.fhir.bundle import read_bundle

CHECKOUT = Path(__file__).parents[1]
FLOOR = "the interpreter alone"
COMMANDS = {
    FLOOR: ["-c", "pass"],
    "--help": ["-m", "secunda.cli.main", "--help"],
    "case list --help": ["-m", "secunda.cli.main", "case", "list", "--help"],
    "import of case show": ["-c", "import secunda.cli.case_page"],
    "import of case waive": ["-c", "import secunda.actions.checklist"],
    "all pathway files": ["-c", "from pathways import loader; loader.load_all()"],
    "pathway list": ["-m", "secunda.cli.main", "pathway", "list"],
}


def milliseconds(act: Callable[[], object]) -> float:
    begun = time.perf_counter()
    act()
    return 1000 * (time.perf_counter() - begun)


def start(arguments: list[str], home: str) -> float:
    environment = os.environ | {"SECUNDA_HOME": home, "SECUNDA_ENVIRONMENT": "test"}
    command = [sys.executable, *arguments]
    return milliseconds(
        lambda: subprocess.run(command, cwd=CHECKOUT, env=environment, stdout=subprocess.DEVNULL, check=True)
    )


def main() -> None:
    options = argparse.ArgumentParser(prog="python -m benchmarks.command_line", description=__doc__)
    options.add_argument("--rounds", type=int, default=5)
    given = options.parse_args()
    taken: dict[str, list[float]] = {name: [] for name in COMMANDS}
    with tempfile.TemporaryDirectory() as home:
        for _ in range(given.rounds):  # each round takes all of them in turn, so that a busy moment hits all
            for name, arguments in COMMANDS.items():
                taken[name].append(start(arguments, home))
    data = Path(os.environ.get("SECUNDA_TEST_DATA", CHECKOUT / "../shared/data"))
    bundles = sorted(data.glob("synthea-r4/*.json"))
    now = datetime.now(UTC)
    taken["a Synthea bundle"] = [milliseconds(lambda one=path: read_bundle(one, now)) for path in bundles]  # type: ignore[misc]
    floor = statistics.median(taken[FLOOR])
    rows = [
        [name, statistics.median(values), min(values), max(values), statistics.median(values) / floor]
        for name, values in taken.items()
        if values
    ]
    print(measuring.table(["wall ms", "median", "least", "most", "interpreters"], rows))


if __name__ == "__main__":
    main()
