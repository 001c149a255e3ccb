"""An installation whose parts can be killed and started again: PostgreSQL, a Prefect server, several workers."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from prefect.settings import PREFECT_API_URL, temporary_settings

from secunda import db, launching, migrating, prefect_environment
from secunda.postgres import EmbeddedPostgres
from secunda.settings import settings
from tests.chaos.nursery import Nursery, lives
from tests.functional.conftest import free_port, wait_until

MONDAY = datetime(2026, 3, 2, 8, tzinfo=UTC)
POSTGRES, SERVER = "postgres", "server"
KEEP = bool(os.environ.get("CHAOS_KEEP"))  # logs and databases, to look into afterwards


class Installation:
    """Every part by name; `keep_alive` starts again what ended by itself, as a supervisor would."""

    def __init__(self, folder: Path, environment: dict[str, str], workers: int) -> None:
        self.folder = folder
        self.port = free_port()
        self.api_url = f"http://127.0.0.1:{self.port}/api"
        self.postgres = EmbeddedPostgres(folder / "pg")
        self.workers = [f"worker-{number}" for number in range(1, workers + 1)]
        self.environment = os.environ | environment | self._own_environment()
        self.died_by_itself: list[str] = []
        self._pids: dict[str, int] = {}
        self._server: subprocess.Popen[bytes] | None = None
        self._down: set[str] = set()
        self._lock = threading.RLock()

    def _own_environment(self) -> dict[str, str]:
        return {
            "SECUNDA_ENVIRONMENT": "test",
            "SECUNDA_HOME": str(self.folder),
            "SECUNDA_DATABASE_URL": self.postgres.url("secunda"),
            "PREFECT_API_URL": self.api_url,
            "PREFECT_API_DATABASE_CONNECTION_URL": self.postgres.url("prefect", driver="postgresql+asyncpg"),
            "PREFECT_HOME": str(self.folder / "prefect"),
            "PREFECT_WORKER_QUERY_SECONDS": "2",
            "PYTHONWARNINGS": "ignore",
        }

    @property
    def parts(self) -> list[str]:
        return [POSTGRES, SERVER, *self.workers]

    def set_up(self) -> None:
        """Databases, tables, deployments; afterwards database and server run, workers do not."""
        self.nursery = Nursery(self.environment, self.folder / "nursery.log")
        self.postgres.initialise()
        self.start(POSTGRES)
        wait_until(self.postgres.ready, what="PostgreSQL's start")
        for name in ("secunda", "prefect"):
            self.postgres.create_database(name)
        self.start(SERVER)  # makes its own tables
        migrating.upgrade(self.postgres.url("secunda"))
        self.deploy()

    def deploy(self) -> None:
        wait_until(self.server_answers, what="the Prefect server's start")
        with temporary_settings({PREFECT_API_URL: self.api_url}):
            launching.deploy_now()

    def server_answers(self) -> bool:
        from secunda import probes

        return probes.answers(f"{self.api_url}/ready")

    def start(self, name: str) -> None:
        with self._lock:
            self._down.discard(name)
            log = self.folder / f"{name}.log"
            if name == POSTGRES:
                with log.open("ab") as file:
                    command = self.postgres.command()
                    self._server = subprocess.Popen(command, user=self.postgres.user, stdout=file, stderr=file)
                    self._pids[name] = self._server.pid
            elif name == SERVER:
                self._pids[name] = self.nursery.bear("server", self.port, log)
            else:
                self._pids[name] = self.nursery.bear("worker", name, log)

    def kill(self, name: str) -> None:
        """SIGKILL; nothing starts it again but `start`."""
        with self._lock:
            self._down.add(name)
            self.signal(name, signal.SIGKILL)
            if name == POSTGRES and self._server is not None:
                self._server.wait()

    def signal(self, name: str, number: int) -> None:
        if self.lives(name):
            os.kill(self._pids[name], number)

    def lives(self, name: str) -> bool:
        if name == POSTGRES:
            return self._server is not None and self._server.poll() is None
        return name in self._pids and lives(self._pids[name])

    @contextmanager
    def kept_alive(self) -> Iterator[None]:
        """Within the block, whatever ends by itself is started again at once, and counted."""
        over = threading.Event()
        keeper = threading.Thread(target=self._keep_alive, args=(over,), daemon=True)
        keeper.start()
        try:
            yield
        finally:
            over.set()
            keeper.join()

    def _keep_alive(self, over: threading.Event) -> None:
        while not over.wait(0.1):
            with self._lock:
                for name in [name for name in self._pids if name not in self._down and not self.lives(name)]:
                    self.died_by_itself.append(name)
                    self.start(name)

    def stop(self) -> None:
        for name in [*self.workers, SERVER, POSTGRES]:
            self.kill(name)
        if hasattr(self, "nursery"):
            self.nursery.close()


@contextmanager
def installation(environment: dict[str, str], workers: int, speed: float) -> Iterator[Installation]:
    """A new installation on a fast clock that starts now; this process works on its database while the block lasts."""
    folder = Path(tempfile.mkdtemp(prefix="secunda-chaos-"))
    fast_clock = {
        "SECUNDA_CLOCK_SPEED": str(speed),
        "SECUNDA_CLOCK_STARTED_AT": datetime.now(UTC).isoformat(),
        "SECUNDA_CLOCK_SHOWS": MONDAY.isoformat(),
    }
    made = Installation(folder, environment | fast_clock, workers)
    with _environment(made.environment):
        made.environment |= prefect_environment.server_environment(settings())  # what `secunda up` would set besides
        try:
            made.set_up()
            yield made
        finally:
            db.engine().dispose()
            made.stop()
            time.sleep(0.2)  # PostgreSQL's children see that their parent is gone
            if KEEP:
                sys.stderr.write(f"kept: {folder}\n")
            else:
                shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _environment(values: dict[str, str]) -> Iterator[None]:
    before = dict(os.environ)
    os.environ.update(values)
    _forget()
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
        _forget()


def _forget() -> None:
    settings.cache_clear()
    db.engine.cache_clear()
