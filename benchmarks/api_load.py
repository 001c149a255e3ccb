"""The insurers' API under load: reads and launches at a steady rate, while Prefect is down; p50, p99 and errors.

    python -m benchmarks.api_load --reads 200 --launches 20 --seconds 60

Starts a PostgreSQL and the API of its own (`--workers` processes). Requests leave at their time whether or not earlier
ones were answered, and are timed from that moment, so that a server that falls behind cannot hide it.
"""

import argparse
import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

import httpx

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 60.0  # seconds for one answer


@dataclass
class Series:
    """The answers to one kind of request."""

    took: list[float] = field(default_factory=list)  # seconds
    statuses: Counter[str] = field(default_factory=Counter)

    def told(self, good: str) -> dict[str, object]:
        times = sorted(self.took)
        shares = {f"p{share}": round(1000 * times[int(len(times) * share / 100)], 1) for share in (50, 90, 99)}
        errors = sum(count for status, count in self.statuses.items() if status != good)
        return {"count": len(times), "errors": errors, "milliseconds": shares, "statuses": dict(self.statuses)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--reads", type=int, default=200, help="a second")
    parser.add_argument("--launches", type=int, default=20, help="a second")
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--workers", type=int, default=2, help="processes of the API")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="secunda-load-") as folder:
        Path(folder).chmod(0o755)
        with serving(Path(folder), asked.workers) as (address, key):
            print(json.dumps(asyncio.run(loaded(address, key, asked)), indent=2))


@contextmanager
def serving(home: Path, workers: int) -> Iterator[tuple[str, str]]:
    """The address of the API, and a key. Prefect is not there: an insurer is answered all the same."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    os.environ |= {
        "SECUNDA_HOME": str(home),
        "SECUNDA_ENVIRONMENT": "test",
        "SECUNDA_API_REQUESTS_PER_MINUTE": "10000000",
        "PREFECT_API_URL": "http://127.0.0.1:9/api",
    }
    from secunda import migrating, postgres
    from secunda.settings import settings

    server = postgres.embedded(settings())
    server.initialise()
    database = subprocess.Popen(server.command(), user=server.user, stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT)
    options = ("--port", str(port), "--no-access-log", "--log-level", "warning", "--workers", str(workers))
    try:
        while not server.ready():
            time.sleep(0.1)
        server.create_database(postgres.DOMAIN_DATABASE)
        migrating.upgrade(postgres.database_url(settings()))
        api = subprocess.Popen([sys.executable, "-m", "uvicorn", "secunda.api.app:app", *options], cwd=ROOT)
        try:
            yield _ready(f"http://127.0.0.1:{port}"), _key()
        finally:
            api.terminate()
            api.wait(30)
    finally:
        database.send_signal(signal.SIGINT)  # PostgreSQL's fast shutdown
        database.wait(30)


def _ready(address: str) -> str:
    while True:
        try:
            httpx.get(f"{address}/health/live", timeout=5).raise_for_status()
            return address
        except httpx.HTTPError:
            time.sleep(0.2)


def _key() -> str:
    from models.door_status import CredentialKind
    from secunda.clients import registering
    from secunda.clients.scopes import SCOPES
    from secunda.db import transaction

    with transaction() as session:
        client = registering.add_client(session, "load", "", list(SCOPES))
        return registering.add_credential(session, client, CredentialKind.API_KEY).secret


async def loaded(address: str, key: str, asked: argparse.Namespace) -> dict[str, object]:
    """Warm up, then send both kinds at their rates; what came of it."""
    limits = httpx.Limits(max_connections=400, max_keepalive_connections=400)
    headers = {"X-API-Key": key}
    async with httpx.AsyncClient(base_url=address, headers=headers, timeout=PATIENCE, limits=limits) as client:
        known: list[str] = []
        warm = Series()
        for _ in range(20):
            await _launch(client, known, warm, time.perf_counter())
        reads, launches = Series(), Series()
        began = time.perf_counter()
        await asyncio.gather(
            _at_rate(asked.launches, asked.seconds, lambda at: _launch(client, known, launches, at)),
            _at_rate(asked.reads, asked.seconds, lambda at: _read(client, known, reads, at)),
        )
        took = time.perf_counter() - began
    return {
        "asked": f"{asked.reads} reads/s and {asked.launches} launches/s for {asked.seconds} s",
        "took": round(took, 1),
        "load_average": os.getloadavg()[0],
        "reads": reads.told("200"),
        "launches": launches.told("201"),
    }


async def _at_rate(rate: int, seconds: int, send: object) -> None:
    began = time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for number in range(rate * seconds):
            at = began + number / rate
            await asyncio.sleep(max(0.0, at - time.perf_counter()))
            group.create_task(send(at))  # type: ignore[operator]


async def _launch(client: httpx.AsyncClient, known: list[str], series: Series, at: float) -> None:
    from secunda.api.v1.examples import REVIEW_IN

    body = REVIEW_IN | {"payer_reference": str(uuid4())}
    try:
        answer = await client.post("/api/v1/reviews", json=body, headers={"Idempotency-Key": str(uuid4())})
    except httpx.HTTPError as error:
        series.statuses[type(error).__name__] += 1
    else:
        series.statuses[str(answer.status_code)] += 1
        if answer.status_code == 201:
            known.append(answer.json()["reference"])
    series.took.append(time.perf_counter() - at)


async def _read(client: httpx.AsyncClient, known: list[str], series: Series, at: float) -> None:
    """One in five is a list; the others are reviews, each of which writes its event."""
    number = len(series.took)
    path = "/api/v1/reviews" if number % 5 == 0 else f"/api/v1/reviews/{known[(number * 7919) % len(known)]}"
    try:
        series.statuses[str((await client.get(path)).status_code)] += 1
    except httpx.HTTPError as error:
        series.statuses[type(error).__name__] += 1
    series.took.append(time.perf_counter() - at)


if __name__ == "__main__":
    main()
