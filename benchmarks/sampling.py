"""Where the time goes under W: py-spy looks at the Prefect server and the worker, and the functions seen are counted.

Only threads that hold the interpreter's lock are looked at, which is near to counting CPU time. Database work of the
server runs in greenlets, whose stacks begin at SQLAlchemy: it stands under `session.py` without the route it serves.
"""

import argparse
import re
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from benchmarks import environments, installation, measuring
from benchmarks.installation import ROOM
from benchmarks.workload_w import Workload

#: Whose functions are shown, by part; everything else is machinery.
OURS = {
    "prefect": r"\((prefect/(server|_internal|events)|sqlalchemy/(orm/(session|strategies)|engine/base)|docket)",
    "worker": r"\((prefect|tasks|flows|secunda|pathways|httpx/_client|sqlalchemy/orm/session|ssl)",
}
FRAME = re.compile(r"^(?P<function>.*) \((?P<file>.*?)(:\d+)?\)$")


def stacks(file: Path) -> Iterator[tuple[list[str], int]]:
    """Each stack that was seen, outermost first, without line numbers, and how often."""
    for line in file.read_text(encoding="utf-8").splitlines():
        stack, count = line.rsplit(" ", 1)
        yield [FRAME.sub(r"\g<function> (\g<file>)", frame) for frame in stack.split(";")], int(count)


def inclusive(file: Path, shown: str) -> list[tuple[str, float]]:
    """The share of all samples, in percent, that each function was in or below."""
    total, seen = 0, Counter[str]()
    for frames, count in stacks(file):
        total += count
        for frame in {frame for frame in frames if re.search(shown, frame)}:
            seen[frame] += count
    return [(frame, 100 * count / total) for frame, count in seen.most_common()]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--cases", type=int, default=20)
    options.add_argument("--rate", type=int, default=50, help="looks a second")
    options.add_argument("--top", type=int, default=45)
    given = options.parse_args()
    spy = str(environments.programs(environments.PY_SPY) / "py-spy")
    record = [spy, "record", "--gil", "--rate", str(given.rate), "--format", "raw", "--duration", "36000"]
    installation.prepare("sampling")
    with installation.running() as system:
        workload = Workload(system)
        workload.warm_up()
        files = {part: ROOM / "sampling" / f"{part}.stacks" for part in OURS}
        watching = [
            subprocess.Popen(
                [*record, "--pid", str(system.parts[part]), "--output", str(file)],
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            for part, file in files.items()
        ]
        time.sleep(1)
        done = workload.round(given.cases)
        for one in watching:
            one.send_signal(signal.SIGINT)
            one.wait()
    print(f"{done.per_case['total']:.0f} CPU-ms a case while being looked at\n")
    for part, file in files.items():
        print(measuring.table([f"{part}: in or below", "%"], inclusive(file, OURS[part])[: given.top]), "\n")


if __name__ == "__main__":
    main()
