"""Many at once with the same keys: each key is one case. And a process that is killed on the way leaves one case too.

`SECUNDA_KEYS` and `SECUNDA_AT_ONCE` make it larger than the suite can wait for: 100 and 50 are what was asked.
"""

import os
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlmodel import col, func, select

from models import Case, Event, Review
from secunda.api.v1.examples import REVIEW_IN
from secunda.db import transaction
from tests.functional.door.serving import a_key, served

KEYS = int(os.environ.get("SECUNDA_KEYS", "6"))
AT_ONCE = int(os.environ.get("SECUNDA_AT_ONCE", "10"))
PATIENCE = 300.0  # seconds


def ask(client: httpx.Client, key: str, number: int) -> httpx.Response:
    """Send the request of a key until it is answered for good, as a client does."""
    body = REVIEW_IN | {"payer_reference": f"PA-{number}"}
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        try:
            answer = client.post("/api/v1/reviews", json=body, headers={"Idempotency-Key": key})
        except httpx.TransportError:
            time.sleep(0.2)
            continue
        if answer.status_code not in (409, 503):
            return answer
        time.sleep(float(answer.headers.get("retry-after", 1)) / 4)
    raise TimeoutError(key)


def counted(table: Any) -> int:
    with transaction() as session:
        return int(session.exec(select(func.count()).select_from(table)).one())


def test_the_same_keys_at_the_same_time_are_one_case_each(database: str, home: Path) -> None:
    with served(home, database, api_requests_per_minute=10**6) as address:
        headers = {"X-API-Key": a_key()}
        limits = httpx.Limits(max_connections=AT_ONCE)
        with (
            httpx.Client(base_url=address, headers=headers, timeout=120, limits=limits) as client,
            ThreadPoolExecutor(AT_ONCE) as threads,
        ):
            calls = [(f"key-{number}", number) for number in range(KEYS) for _ in range(AT_ONCE)]
            answers = list(threads.map(lambda call: ask(client, *call), calls))
    said: dict[str, set[bytes]] = {}
    for (key, _), answer in zip(calls, answers, strict=True):
        assert answer.status_code == 201, answer.text
        said.setdefault(key, set()).add(answer.content)
    assert [len(bodies) for bodies in said.values()] == [1] * KEYS
    assert (counted(Case), counted(Review)) == (KEYS, KEYS)
    with transaction() as session:
        kinds = select(func.count()).where(col(Event.kind) == "review_requested")
        assert session.exec(kinds).one() == KEYS


def test_a_process_that_dies_on_the_way_leaves_one_case(
    database: str, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed within the transaction of the work, and again after its commit; the same key is sent each time."""
    faults = home / "faults"
    for folder in ("passed", "armed"):
        (faults / folder).mkdir(parents=True)
    monkeypatch.setenv("SECUNDA_FAULTS", str(faults))
    headers = {"X-API-Key": a_key(), "Idempotency-Key": "1"}
    cases = []
    for place in ("after:answer", "after:work"):
        (faults / "armed" / place).touch()
        with served(home, database) as doomed, pytest.raises(httpx.TransportError):
            httpx.post(f"{doomed}/api/v1/reviews", json=REVIEW_IN, headers=headers, timeout=120)
        assert not (faults / "armed" / place).exists()
        cases.append(counted(Case))
        lapse()
    assert cases == [0, 1]
    with served(home, database) as address:
        answer = httpx.post(f"{address}/api/v1/reviews", json=REVIEW_IN, headers=headers, timeout=120)
    assert (answer.status_code, answer.headers["idempotency-replayed"]) == (201, "true")
    assert counted(Case) == 1


def lapse() -> None:
    """Let the minute pass after which a dead process loses its claim."""
    from models import IdempotencyRecord
    from secunda import clock

    with transaction() as session:
        session.exec(select(IdempotencyRecord)).one().claimed_until = clock.wall()
