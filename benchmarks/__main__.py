"""`make bench`: workload W on the real engine beside the floor (and DBOS), in one run; prints one table."""

import argparse
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass

from benchmarks import dbos_w, environments, installation, measuring
from benchmarks.floor import Floor
from benchmarks.installation import Installation
from benchmarks.measuring import Round
from benchmarks.workload_w import PDF, Workload, idle

REAL, REPORT, FLOOR, DBOS, DBOS_ROWS = "W", "W with the PDF", "floor", "DBOS", "DBOS, the floor's rows"
COUNTS = ("yardsticks", "cases/s", "executions", "task runs", "API calls")


@dataclass
class Run:
    """Everything that is measured together. Each round takes all of it in turn, so that a busy moment hits all."""

    system: Installation
    workloads: dict[str, Workload]
    floor: Floor
    others: dict[str, dbos_w.OnDbos]

    def round(self, cases: int) -> Iterator[tuple[str, Round]]:
        for name, workload in self.workloads.items():
            yield name, workload.round(cases)
        yield FLOOR, self.floor.round(cases * 10)
        for name, other in self.others.items():
            yield name, other.round(cases * 2)

    def summaries(self) -> dict[str, dict[str, float]]:
        plain = {FLOOR: self.floor.rounds, **{name: other.rounds for name, other in self.others.items()}}
        return {name: one.summary() for name, one in self.workloads.items()} | {
            name: measuring.medians([one.per_case for one in rounds]) for name, rounds in plain.items()
        }


def prepare(system: Installation, stack: ExitStack, *, with_dbos: bool) -> Run:
    """Everything warm."""
    workloads = {REAL: Workload(system), REPORT: Workload(system, PDF)}
    for workload in workloads.values():
        workload.warm_up()
    floor = Floor.of(system, workloads[REAL].last)
    others = {}
    if with_dbos:
        others[DBOS] = stack.enter_context(dbos_w.running(system))
        others[DBOS_ROWS] = stack.enter_context(dbos_w.running(system, floor.template))
        for other in others.values():
            other.round(5)
            other.rounds.clear()
    return Run(system, workloads, floor, others)


def show(run: Run, resting: measuring.Seconds) -> None:
    summaries = run.summaries()
    names = list(dict.fromkeys(name for summary in summaries.values() for name in summary if name != "total"))
    parts = [name for name in names if name not in COUNTS]
    rows: list[Sequence[object]] = [
        [part, *(summary.get(part, "") for summary in summaries.values()), resting.get(part, "")] for part in parts
    ]
    rows.append(["in all", *(summary["total"] for summary in summaries.values()), sum(resting.values())])
    base = summaries[REAL]["total"]
    rows.append(["W is this many times as dear", *(base / summary["total"] for summary in summaries.values()), ""])
    rows += [[name, *(summary.get(name, "") for summary in summaries.values()), ""] for name in names if name in COUNTS]
    print("\n" + measuring.table(["CPU-ms a case", *summaries, "idle, ms a second"], rows))
    size, transactions = run.floor.size
    print(f"\nA case leaves {size} rows, written in {transactions} transactions.")
    rounds = run.workloads[REAL].rounds
    print(f"Rounds of W, CPU-ms a case: {measuring.spread([one.per_case['total'] for one in rounds])};", end=" ")
    print(f"the yardstick meanwhile, CPU-ms: {measuring.spread([one.yardstick for one in rounds], 2)}.")
    calls = [[route, count] for route, count in run.workloads[REAL].calls_a_case() if count >= 0.05]
    print("\n" + measuring.table(["API call", "a case"], calls))


def told(done: Round) -> str:
    one = done.per_case
    return f"{one['total']:.1f} CPU-ms a case ({one['yardsticks']:.1f} yardsticks), {one['cases/s']:.2f} cases/s"


def main() -> None:
    options = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--cases", type=int, default=20, help="cases of W a round")
    options.add_argument("--idle", type=float, default=30, help="seconds of looking at the idle system")
    options.add_argument("--dbos", action="store_true", help="make the environment for DBOS when it is not there")
    given = options.parse_args()
    with_dbos = given.dbos or environments.is_there(environments.DBOS)
    installation.prepare("bench")
    with installation.running() as system, ExitStack() as stack:
        run = prepare(system, stack, with_dbos=with_dbos)
        resting = idle(system, given.idle)
        for number in range(1, given.rounds + 1):
            for name, done in run.round(given.cases):
                print(f"round {number}: {name}: {told(done)}")
        show(run, resting)


if __name__ == "__main__":
    main()
