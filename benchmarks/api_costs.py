"""What one call of Prefect's API costs the server and PostgreSQL, by route; with the calls a case of W makes, the sum.

The work pool is paused meanwhile, so that the worker leaves the runs alone; what the idle system uses is subtracted.
"""

import argparse
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import httpx

from benchmarks import installation, measuring
from benchmarks.installation import Installation
from benchmarks.workload_w import idle
from secunda import clock, prefect_environment
from secunda.settings import settings

SETTLE_SECONDS = 2.0  # Prefect writes what it does later: events, task runs
NOBODY = {"parameters": {"case_reference": "SO-AAAA-AAAA"}, "name": "SO-AAAA-AAAA", "tags": ["chronic_disease"]}
LIFE = (("SCHEDULED", "Awake"), ("PENDING", None), ("RUNNING", None), ("SCHEDULED", "Awaiting documents"))


class Api:
    """Runs of the benchmark's deployment, and what can be asked about them. Each call raises when it is refused."""

    def __init__(self) -> None:
        self.http = httpx.Client(base_url=prefect_environment.api_url(settings()) + "/", timeout=60)
        self.http.patch("work_pools/pathways", json={"is_paused": True}).raise_for_status()
        self.deployment = self.get("deployments/name/second-opinion/chronic_disease")["id"]
        self.runs: list[str] = []

    def get(self, path: str) -> Any:
        return self.http.get(path).raise_for_status().json()

    def post(self, path: str, body: Any) -> Any:
        answer = self.http.post(path, json=body).raise_for_status()
        return answer.json() if answer.content else None

    def create(self) -> None:
        state = self.state("SCHEDULED", "Requested")
        self.runs.append(self.post(f"deployments/{self.deployment}/create_flow_run", NOBODY | {"state": state})["id"])

    def create_50(self) -> None:
        body = [NOBODY | {"state": self.state("SCHEDULED", "Requested")}] * 50
        self.post(f"deployments/{self.deployment}/create_flow_run/bulk", body)

    @staticmethod
    def state(kind: str, name: str | None) -> dict[str, Any]:
        due = clock.wall() + timedelta(days=0 if name == "Awake" else 9)
        details = {"scheduled_time": due.isoformat()} if kind == "SCHEDULED" else {}
        return {"type": kind, "name": name, "state_details": details}

    def set_state(self, kind: str, name: str | None = None, *, force: bool = False) -> None:
        answer = self.post(f"flow_runs/{self.runs[0]}/set_state", {"state": self.state(kind, name), "force": force})
        assert answer["status"] == "ACCEPT", answer

    def life(self) -> None:
        for kind, name in LIFE:
            self.set_state(kind, name)

    def short_life(self) -> None:
        self.set_state("RUNNING", force=True)
        self.set_state("SCHEDULED", "Awaiting documents", force=True)

    def bulk_set_state(self, count: int) -> None:
        runs = {"id": {"any_": self.runs[:count]}}
        body = {"flow_runs": runs, "state": self.state("SCHEDULED", "Awaiting documents"), "force": True}
        self.post("flow_runs/bulk_set_state", body)

    def artifact(self) -> None:
        body = {"key": "so-aaaa-aaaa", "type": "markdown", "data": "x" * 1200, "flow_run_id": self.runs[0]}
        self.post("artifacts/", body)

    def due_runs(self) -> None:
        body = {"work_queue_names": [], "scheduled_before": clock.wall().isoformat(), "limit": 16}
        self.post("work_pools/pathways/get_scheduled_flow_runs", body)

    def patch(self) -> None:
        self.http.patch(f"flow_runs/{self.runs[0]}", json={"empirical_policy": {"retries": 0}}).raise_for_status()

    def logs(self) -> None:
        line = {"name": "n", "level": 20, "message": "m", "timestamp": clock.wall().isoformat()}
        self.post("logs/", [line | {"flow_run_id": self.runs[0]}] * 10)


#: What is shown: how many units one call does, and the call.
CALLS: dict[str, tuple[int, Callable[[Api], object]]] = {
    "create a run from its deployment": (1, Api.create),
    "create 50 runs in bulk, a run": (50, Api.create_50),
    "set_state: Awake, Pending, Running, Awaiting …, each": (4, Api.life),
    "set_state forced: Running, Awaiting …, each": (2, Api.short_life),
    "bulk_set_state of 10, a run": (10, lambda api: api.bulk_set_state(10)),
    "bulk_set_state of 50, a run": (50, lambda api: api.bulk_set_state(50)),
    "read a run": (1, lambda api: api.get(f"flow_runs/{api.runs[0]}")),
    "read 50 runs by one filter, a run": (
        50,
        lambda api: api.post("flow_runs/filter", {"flow_runs": {"id": {"any_": api.runs[:50]}}}),
    ),
    "change a run (PATCH)": (1, Api.patch),
    "read a deployment by name": (1, lambda api: api.get("deployments/name/second-opinion/chronic_disease")),
    "ask for due runs, none": (1, Api.due_runs),
    "write an artifact": (1, Api.artifact),
    "write 10 log lines, a line": (10, Api.logs),
    "read the default result storage": (1, lambda api: api.get("admin/storage")),
    "ask for a CSRF token": (1, lambda api: api.http.get("csrf-token?client=x")),
}


def cost(system: Installation, api: Api, call: Callable[[Api], object], times: int) -> tuple[float, float, float]:
    """CPU-ms of the server and of PostgreSQL, and wall ms, of one of `times` calls in a row."""
    call(api)
    time.sleep(SETTLE_SECONDS)
    before, begun = system.cpu(), time.monotonic()
    for _ in range(times):
        call(api)
    wall = time.monotonic() - begun
    time.sleep(SETTLE_SECONDS)
    used = measuring.difference(before, system.cpu())
    postgresql = sum(seconds for part, seconds in used.items() if part.startswith(measuring.POSTGRESQL))
    return 1000 * used["prefect"] / times, 1000 * postgresql / times, 1000 * wall / times


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--times", type=int, default=60)
    given = options.parse_args()
    installation.prepare("api_costs")
    with installation.running() as system:
        api = Api()
        for _ in range(50):
            api.create()
        resting = idle(system, 15)
        resting_server = resting["prefect"] / 1000
        resting_postgresql = sum(ms for part, ms in resting.items() if part.startswith(measuring.POSTGRESQL)) / 1000
        found = []
        for name, (units, call) in CALLS.items():
            times = max(3, given.times // units)
            server, postgresql, wall = cost(system, api, call, times)
            waited = wall + 1000 * SETTLE_SECONDS / times
            figures = (server - resting_server * waited, postgresql - resting_postgresql * waited, wall)
            found.append([name, *(figure / units for figure in figures)])
    print(measuring.table(["call", "server, CPU-ms", "PostgreSQL, CPU-ms", "wall ms"], found))


if __name__ == "__main__":
    main()
