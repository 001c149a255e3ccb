"""`make chaos`: the long run. Prints the figures; the exit status is 1 when anything is wrong.

First a storm of kills at random, then a sweep: a worker dies on purpose at every place that it passes.
"""

import argparse
import signal
import sys
from collections.abc import Iterator

from rich.console import Console

from secunda import clock
from secunda.faults import EVERY
from tests.chaos.plan import Plan
from tests.chaos.storm import storm
from tests.chaos.sweep import CERTAIN, field, sweep

SWEPT_CASES, SWEEP_SECONDS = 4, 900.0


def main() -> int:
    parser = argparse.ArgumentParser(prog="make chaos", description=__doc__)
    parser.add_argument("--cases", type=int, default=100)
    parser.add_argument("--kills", type=int, default=220, help="at random; 0: only the sweep")
    parser.add_argument("--seed", type=int, default=20261122, help="repeats cases, people and kills")
    parser.add_argument("--no-sweep", action="store_true", help="only the kills at random")
    asked = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("stopped"))  # an exit that stops every part
    console = Console(highlight=False, soft_wrap=True, markup=False)

    def tell(line: str) -> None:
        console.print(f"{clock.wall():%H:%M:%S} {line}")

    wrongs = 0
    if asked.kills:
        console.print(f"Chaos with seed {asked.seed}: {asked.cases} cases, {asked.kills} kills.")
        figures = storm(Plan(cases=asked.cases, kills=asked.kills, seed=asked.seed), tell)
        wrongs += len(figures.wrongs)
        for line in figures.lines():
            console.print(line)
    if not asked.no_sweep:
        console.print("A death at every place that a worker passes.")
        for line in _swept():
            wrongs += line.startswith("WRONG")
            console.print(line)
    return 1 if wrongs else 0


def _swept() -> Iterator[str]:
    with field(workers=4) as over:
        swept = sweep(over, CERTAIN | {EVERY}, SWEPT_CASES, SWEEP_SECONDS)
    yield f"{swept.cases} cases, {len(swept.passed)} places, {swept.deaths} deaths in {swept.seconds:.0f} s"
    yield "places: " + ", ".join(sorted(swept.passed))
    yield from (f"WRONG: {wrong}" for wrong in swept.wrongs)
    yield from (f"WRONG: nobody has passed {place}" for place in sorted(swept.left))
    yield f"{len(swept.wrongs) + len(swept.left)} things wrong"


if __name__ == "__main__":
    sys.exit(main())
