"""`make chaos`: the long run. Prints the figures; the exit status is 1 when anything is wrong."""

import argparse
import signal
import sys

from rich.console import Console

from secunda import clock
from tests.chaos.plan import Plan
from tests.chaos.storm import storm


def main() -> int:
    parser = argparse.ArgumentParser(prog="make chaos", description=__doc__)
    parser.add_argument("--cases", type=int, default=100)
    parser.add_argument("--kills", type=int, default=220)
    parser.add_argument("--seed", type=int, default=20261122, help="repeats cases, people and kills")
    asked = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("stopped"))  # an exit that stops every part
    console = Console(highlight=False, soft_wrap=True)
    console.print(f"Chaos with seed {asked.seed}: {asked.cases} cases, {asked.kills} kills.")

    def tell(line: str) -> None:
        console.print(f"{clock.wall():%H:%M:%S} {line}")

    figures = storm(Plan(cases=asked.cases, kills=asked.kills, seed=asked.seed), tell)
    for line in figures.lines():
        console.print(line)
    return 1 if figures.wrongs else 0


if __name__ == "__main__":
    sys.exit(main())
