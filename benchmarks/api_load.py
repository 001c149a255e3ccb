"""The insurers' API under load: reads and launches at a steady rate, while Prefect is down; p50, p99, errors and CPU.

    python -m benchmarks.api_load --reads 200 --launches 20 --seconds 60

Starts a PostgreSQL and the API of its own, durable as shipped. Beside it, in the same run, the floor: a FastAPI route
with one SELECT, in as many processes and at the same rate of reads.
"""

import argparse
import asyncio
import json
import os
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

from benchmarks import measuring, serving
from benchmarks.serving import Served
from benchmarks.steady import Caller, Series, at_rate, get, post

WARMING = 40  # launches before the clock starts


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--reads", type=int, default=200, help="a second; one in five is a list")
    parser.add_argument("--launches", type=int, default=20, help="a second")
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--workers", type=int, default=2, help="processes of the API")
    parser.add_argument("--each", type=int, default=100, help="of each kind one after the other, for their CPU")
    parser.add_argument("--floor", type=int, default=10, help="seconds of the floor; 0 leaves it out")
    asked = parser.parse_args()
    with TemporaryDirectory(prefix="secunda-load-") as folder:
        Path(folder).chmod(0o755)
        with serving.database(Path(folder)) as database:
            with serving.api(asked.workers) as port:
                served = Served(port, {"api": serving.process(port), "postgresql": database}, serving.token(port))
                print(json.dumps(asyncio.run(loaded(served, asked)), indent=2), flush=True)
            if asked.floor:
                with serving.floor(asked.workers) as port:
                    served = Served(port, {"floor": serving.process(port), "postgresql": database})
                    print(json.dumps(asyncio.run(floor(served, asked)), indent=2))


@dataclass
class Load:
    """What is sent, and what came of it."""

    caller: Caller
    headers: str
    known: list[str] = field(default_factory=list)
    reads: Series = field(default_factory=Series)
    lists: Series = field(default_factory=Series)
    launches: Series = field(default_factory=Series)

    async def launch(self, series: Series, _: int, at: float) -> None:
        from secunda.api.v1.examples import REVIEW_IN

        body = json.dumps(REVIEW_IN | {"payer_reference": str(uuid4())}).encode()
        headers = f"{self.headers}Idempotency-Key: {uuid4()}\r\n"
        await self.caller.ask(post("/api/v1/reviews", headers, body), series, at, self._note)

    async def read(self, number: int, at: float) -> None:
        """One in five is a list; the others are reviews, each of which writes its event."""
        if number % 5 == 0:
            await self.caller.ask(get("/api/v1/reviews", self.headers), self.lists, at)
        else:
            one = self.known[(number * 7919) % len(self.known)]
            await self.caller.ask(get(f"/api/v1/reviews/{one}", self.headers), self.reads, at)

    def _note(self, status: str, body: bytes) -> None:
        if status == "201":
            self.known.append(json.loads(body)["reference"])


async def loaded(served: Served, asked: argparse.Namespace) -> dict[str, object]:
    """Warm up, then send both kinds at their rates; what came of it."""
    load = Load(Caller(served.port), f"Authorization: Bearer {served.token}\r\n")
    warm = Series()
    for number in range(WARMING):
        await load.launch(warm, number, time.perf_counter())
    each = await costs(load, served, asked.each)
    began, before = time.perf_counter(), _cpu(served)
    await asyncio.gather(
        at_rate(asked.launches, asked.seconds, partial(load.launch, load.launches)),
        at_rate(asked.reads, asked.seconds, load.read),
    )
    took, after = time.perf_counter() - began, _cpu(served)
    return {
        "cpu_ms_each": each,
        "asked": f"{asked.reads} reads/s and {asked.launches} launches/s for {asked.seconds} s",
        "took": round(took, 1),
        "load_average": os.getloadavg()[0],
        "reviews_read": load.reads.told("200", took),
        "lists_read": load.lists.told("200", took),
        "launches": load.launches.told("201", took),
        "cpu_percent_of_one_core": {part: round(100 * (after[part] - before.get(part, 0)) / took) for part in after},
    }


async def costs(load: Load, served: Served, count: int) -> dict[str, dict[str, float]]:
    """CPU-ms of each kind of request by part, one request after the other."""
    kinds: dict[str, Callable[[int], Awaitable[None]]] = {
        "launch": lambda number: load.launch(Series(), number, 0),
        "review": lambda number: load.read(1 + 5 * number, 0),
        "list": lambda number: load.read(5 * number, 0),
    }
    found = {}
    for kind, ask in kinds.items():
        before = _cpu(served)
        for number in range(count):
            await ask(number)
        after = _cpu(served)
        found[kind] = {part: round(1000 * (after[part] - before.get(part, 0)) / max(1, count), 2) for part in after}
    load.reads, load.lists = Series(), Series()
    return found


async def floor(served: Served, asked: argparse.Namespace) -> dict[str, object]:
    """A bare route at the same rate of reads."""
    caller, series = Caller(served.port), Series()
    began, before = time.perf_counter(), _cpu(served)

    async def read(_: int, at: float) -> None:
        await caller.ask(get("/", ""), series, at)

    await at_rate(asked.reads, asked.floor, read)
    took, after = time.perf_counter() - began, _cpu(served)
    spent = sum(after.values()) - sum(before.values()) - (after["client"] - before["client"])
    return {"floor": series.told("200", took), "cpu_ms_a_read": round(1000 * spent / len(series.took), 2)}


def _cpu(served: Served) -> dict[str, float]:
    return {**measuring.cpu(served.roots), "client": measuring.own_cpu(os.getpid())}


if __name__ == "__main__":
    main()
