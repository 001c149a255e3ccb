"""All of Secunda by one command: from an empty folder to ready, through the death of every part, to gone."""

import json
import os
import signal
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import psutil
import pytest

from secunda import background, clock, prefect_environment, probes
from secunda.background import Running
from secunda.errors import SecundaError
from secunda.settings import Settings, settings
from tests.conftest import CHECKOUT, use_settings
from tests.functional.conftest import wait_until

pytestmark = [pytest.mark.system, pytest.mark.timeout(240), pytest.mark.xdist_group("up")]


def secunda(*words: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "secunda.cli.main", *words]
    return subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, check=False)


def ask_prefect(using: Settings, path: str, body: object = None) -> Any:
    headers = probes.basic(using.prefect_auth_string.get_secret_value())
    return probes.ask(prefect_environment.api_url(using) + path, headers, body=body, timeout=10)


def times(running: Running, name: str, state: str) -> int:
    return sum((line.get("name"), line.get("state")) == (name, state) for line in running.lines())


def group_of(running: Running, name: str) -> int:
    started = [line for line in running.lines() if (line.get("name"), line.get("state")) == (name, "starting")]
    return int(started[-1]["detail"].split()[-1])


def test_everything_becomes_ready_in_order_from_an_empty_folder(running: Running, using: Settings) -> None:
    ended = [line["name"] for line in running.lines() if line.get("state") in ("ready", "done")]
    assert set(ended) == {"postgresql", "migrations", "prefect", "deployments", "worker", "api"}
    assert ended[0] == "postgresql"
    assert ended.index("prefect") < ended.index("deployments") < ended.index("worker")
    assert ended.index("migrations") < ended.index("api")
    assert probes.ask(f"http://127.0.0.1:{using.api_port}/health/ready")["status"] == "ready"


def test_the_doctor_finds_a_running_system_in_order(running: Running) -> None:
    done = secunda("doctor", "--json")
    assert [finding for finding in json.loads(done.stdout) if not finding["ok"]] == []
    assert done.returncode == 0


def test_prefect_schedules_the_reconciler(running: Running, using: Settings) -> None:
    of_reconciler = {"flows": {"name": {"any_": ["reconcile"]}}, "limit": 1}
    wait_until(lambda: ask_prefect(using, "/flow_runs/filter", of_reconciler), what="a scheduled run of the reconciler")


def test_the_worker_runs_the_reconciler(running: Running, using: Settings) -> None:
    deployment = ask_prefect(using, "/deployments/name/reconcile/reconcile")["id"]
    run = ask_prefect(using, f"/deployments/{deployment}/create_flow_run", {"state": {"type": "SCHEDULED"}})["id"]
    ended = wait_until(lambda: _final_state(using, run), what="the end of a run of the reconciler")
    assert ended == "COMPLETED"


def _final_state(using: Settings, run: str) -> str | None:
    state: str = ask_prefect(using, f"/flow_runs/{run}")["state_type"]
    return state if state in ("COMPLETED", "FAILED", "CRASHED", "CANCELLED") else None


def test_a_second_up_in_the_same_home_is_refused(running: Running) -> None:
    done = secunda("up")
    assert done.returncode == 1
    assert f"already runs in {settings().home} (process {running.process.pid})" in done.stderr


@pytest.mark.parametrize("name", ["worker", "prefect", "postgresql", "api"])
def test_a_killed_part_comes_back(running: Running, using: Settings, name: str) -> None:
    before = times(running, name, "ready")
    killed = clock.wall()
    os.kill(group_of(running, name), signal.SIGKILL)
    wait_until(lambda: times(running, name, "ready") > before, what=f"the return of {name}")
    wait_until(lambda: probes.answers(f"http://127.0.0.1:{using.api_port}/health/ready"), what="readiness")
    wait_until(lambda: _a_worker_was_heard_since(using, killed), seconds=60, what="a sign of life of the worker")


def _a_worker_was_heard_since(using: Settings, moment: datetime) -> bool:
    """A worker's sign of life needs the worker, the server and the server's database."""
    try:
        workers = ask_prefect(using, f"/work_pools/{using.work_pool}/workers/filter", {})
    except OSError:
        return False
    return any(datetime.fromisoformat(worker["last_heartbeat_time"]) > moment for worker in workers)


def test_secrets_stand_on_no_command_line(running: Running) -> None:
    commands = " ".join(" ".join(child.cmdline()) for child in _family(running.process.pid))
    assert "uvicorn" in commands
    assert settings().secret_key.get_secret_value() not in commands


def _family(pid: int) -> list[psutil.Process]:
    return psutil.Process(pid).children(recursive=True)


def test_sigterm_leaves_nothing_behind(running: Running) -> None:
    """The last of this module: it ends the system that the others use."""
    family = _family(running.process.pid)
    running.process.send_signal(signal.SIGTERM)
    assert running.process.wait(30) == 0
    assert psutil.wait_procs(family, timeout=5)[1] == []


def test_a_taken_port_is_refused_before_anything_starts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        taken = use_settings(monkeypatch, environment="test", home=tmp_path, api_port=port)
        with pytest.raises(SecundaError, match=f"Port {port} is taken"), background.system(taken):
            raise AssertionError("it started")
    assert not (tmp_path / "postgres").exists()
