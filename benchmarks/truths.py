"""What must stay true however fast the engine gets, asked of Prefect's API for every case of a round."""

import time
from collections import Counter
from collections.abc import Iterator
from typing import Any

from secunda import prefect_environment, probes
from secunda.settings import settings

EFFECTS = {"render report", "send messages"}
PAGE = 200
SETTLED_WITHIN = 30.0  # wall seconds; Prefect writes task runs from events, a little later


def check(references: list[str], specialty: str = "chronic_disease") -> dict[str, float]:
    """Each closed case is one completed run of its specialty's deployment, under its reference, with its tag, its
    artifact, and its effects as task runs. Raises AssertionError; returns executions and task runs a case.
    """
    until = time.monotonic() + SETTLED_WITHIN
    while True:
        try:
            return _check(references, specialty)
        except AssertionError:
            if time.monotonic() > until:
                raise
            time.sleep(1)


def _check(references: list[str], specialty: str) -> dict[str, float]:
    runs = _ask("flow_runs", {"flow_runs": {"name": {"any_": references}}})
    counted = Counter(run["name"] for run in runs)
    assert counted == Counter(references), f"not exactly one run a case: {counted - Counter(references)}"
    deployment = _ask("deployments", {"deployments": {"name": {"any_": [specialty]}}})[0]["id"]
    for run in runs:
        assert run["deployment_id"] == deployment, f"{run['name']} is of another deployment"
        assert run["state_type"] == "COMPLETED", f"{run['name']} is {run['state_name']}"
        assert specialty in run["tags"], f"{run['name']} has the tags {run['tags']}"
    _check_artifacts(references)
    tasks = _check_effects({run["id"]: run["name"] for run in runs})
    return {
        "executions": sum(run["run_count"] for run in runs) / len(runs),
        "task runs": tasks / len(runs),
    }


def _check_artifacts(references: list[str]) -> None:
    keys = [reference.lower() for reference in references]
    found = {one["key"] for one in _ask("artifacts/latest", {"artifacts": {"key": {"any_": keys}}})}
    assert found == set(keys), f"no artifact: {set(keys) - found}"


def _check_effects(names: dict[str, str]) -> int:
    found: dict[str, set[str]] = {run: set() for run in names}
    total = 0
    for task in _ask("task_runs", {"flow_runs": {"id": {"any_": list(names)}}}):
        assert task["state_type"] == "COMPLETED", f"{task['name']} is {task['state_name']}"
        found[task["flow_run_id"]].add(task["name"].rsplit("-", 1)[0])
        total += 1
    lacking = {names[run]: EFFECTS - tasks for run, tasks in found.items() if not tasks >= EFFECTS}
    assert not lacking, f"effects without a task run: {lacking}"
    return total


def _ask(what: str, body: dict[str, Any]) -> list[dict[str, Any]]:
    return list(_pages(f"{prefect_environment.api_url(settings())}/{what}/filter", body))


def _pages(url: str, body: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for offset in range(0, 1_000_000, PAGE):
        page = probes.ask(url, body=body | {"limit": PAGE, "offset": offset}, timeout=30)
        yield from page
        if len(page) < PAGE:
            return
