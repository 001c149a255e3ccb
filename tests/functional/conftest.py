"""A real Prefect server and a real warm worker for each test that asks, on databases of its own."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from urllib.request import urlopen

import pytest
from sqlalchemy.engine import make_url

from secunda.postgres import EmbeddedPostgres
from tests.conftest import CHECKOUT, TEMPLATE, a_database, copy_database, use_settings

PREFECT_TEMPLATE = "prefect_template"
SERVERS = {"server", "postgres"}
READY_SECONDS = 150  # generous: a loaded machine is slow, and nothing here measures speed


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_until(condition, seconds: float = READY_SECONDS, every: float = 0.2, what: str = "it"):  # type: ignore[no-untyped-def]
    """The first true value of `condition()`; fails the test when time runs out."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        value = condition()
        if value:
            return value
        time.sleep(every)
    pytest.fail(f"{what} did not happen within {seconds} s")


class System:
    """Prefect server and workers around one test's domain store; each can be killed and started again."""

    def __init__(self, folder: Path, database: str, prefect_database: str) -> None:
        self.folder = folder
        self.port = free_port()
        self.api_url = f"http://127.0.0.1:{self.port}/api"
        self.environment = os.environ | {
            "SECUNDA_DATABASE_URL": database,
            "SECUNDA_HOME": str(folder),
            "SECUNDA_ENVIRONMENT": "test",
            "PREFECT_API_URL": self.api_url,
            "PREFECT_API_DATABASE_CONNECTION_URL": prefect_database,
            "PREFECT_HOME": str(folder / "prefect"),
            "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
            "PREFECT_LOGGING_TO_API_ENABLED": "false",
            "PREFECT_WORKER_QUERY_SECONDS": "1",
            "DO_NOT_TRACK": "1",
            "PYTHONWARNINGS": "ignore",
        }
        self.processes: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, name: str, command: list[str], **environment: str) -> None:
        with (self.folder / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                command, env=self.environment | environment, cwd=CHECKOUT, stdout=log, stderr=log
            )

    def start_server(self) -> None:
        factory = "prefect.server.api.server:create_app"
        options = ["--host", "127.0.0.1", "--port", str(self.port), "--log-level", "warning"]
        # Its code is not ours: counting its lines would only make every system test slower.
        uncounted = {"COVERAGE_PROCESS_START": "", "COVERAGE_PROCESS_CONFIG": ""}
        self.start("server", [sys.executable, "-m", "uvicorn", "--factory", factory, *options], **uncounted)
        wait_until(self.server_is_ready, what="the Prefect server's start")

    def server_is_ready(self) -> bool:
        try:
            with urlopen(f"{self.api_url}/health", timeout=2) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def deploy(self) -> None:
        code = "from secunda.launching import deploy_now; deploy_now()"
        subprocess.run([sys.executable, "-c", code], env=self.environment, cwd=CHECKOUT, check=True)

    def start_worker(self, name: str = "worker", **environment: str) -> None:
        prefect = str(Path(sys.executable).parent / "prefect")
        command = [prefect, "worker", "start", "--pool", "pathways", "--type", "pathway", "--name", name]
        self.start(name, command, **environment)

    def kill(self, name: str) -> None:
        self.processes[name].kill()
        self.processes[name].wait()

    def stop(self) -> None:
        """Workers as they are stopped in life; the servers' data are thrown away, so they need not come to an end."""
        workers = [process for name, process in self.processes.items() if name not in SERVERS]
        for process in workers:
            process.terminate()
        for process in workers:
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        for name in SERVERS & set(self.processes):
            self.kill(name)


@pytest.fixture(scope="session")
def prefect_template(postgres: EmbeddedPostgres, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A Prefect database to copy from, migrated and with the deployments: making these takes most of a start."""
    postgres.create_database(PREFECT_TEMPLATE)
    home = tmp_path_factory.mktemp("prefect")
    url = postgres.url(PREFECT_TEMPLATE, driver="postgresql+asyncpg")
    system = System(home, postgres.url(TEMPLATE), url)
    try:
        system.start_server()
        system.deploy()
    finally:
        system.stop()
    return PREFECT_TEMPLATE


@contextmanager
def a_system(postgres: EmbeddedPostgres, home: Path, database: str, template: str) -> Iterator[System]:
    name = f"prefect_{make_url(database).database}"
    copy_database(postgres, name, template)
    system = System(home, database, postgres.url(name, driver="postgresql+asyncpg"))
    try:
        system.start_server()
        yield system
    finally:
        system.stop()
        postgres.drop_database(name)


@pytest.fixture
def system(
    postgres: EmbeddedPostgres, home: Path, database: str, prefect_template: str, monkeypatch: pytest.MonkeyPatch
) -> Iterator[System]:
    """A Prefect server with the deployments; the test starts the workers that it needs."""
    with a_system(postgres, home, database, prefect_template) as running:
        monkeypatch.setenv("PREFECT_API_URL", running.api_url)
        yield running


@pytest.fixture(scope="module")
def idle_system(
    postgres: EmbeddedPostgres, prefect_template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[System]:
    """One system on the fast clock, without a worker, for all tests of a module; each launches cases of its own."""
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as monkeypatch:
        use_settings(monkeypatch, environment="test", home=home, **fast_clock_settings())
        with (
            a_database(postgres, monkeypatch) as database,
            a_system(postgres, home, database, prefect_template) as running,
        ):
            monkeypatch.setenv("PREFECT_API_URL", running.api_url)
            yield running


@pytest.fixture(scope="module")
def lasting_system(idle_system: System) -> System:
    """The same with a worker."""
    idle_system.start_worker()
    return idle_system


def fast_clock_settings() -> dict[str, object]:
    """Pathway time at 2,000 times the wall's, from a Monday morning on; child processes share it."""
    return {
        "clock_speed": 2000,  # an expert has twenty seconds for twelve hours, also on a loaded machine
        "clock_started_at": datetime.now(UTC).isoformat(),
        "clock_shows": datetime(2026, 3, 2, 8, tzinfo=UTC).isoformat(),
    }


@pytest.fixture
def fast_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    use_settings(monkeypatch, **fast_clock_settings())
