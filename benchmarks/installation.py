"""An installation of the benchmark's own: `secunda up`, everything real, the embedded database durable as shipped."""

import asyncio
import os
import shutil
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine, create_engine
from sqlmodel import update

from benchmarks import measuring
from models import Expert
from secunda import background, db, postgres, prefect_environment
from secunda.actions.experts import import_experts
from secunda.settings import settings

HERE = Path(__file__).resolve().parent
ROOM = HERE.parent / "var" / "benchmarks"
FLOOR, DBOS, DBOS_ROWS = "floor", "dbos", "dbos_rows"  # databases of what is measured beside, on the same server
GUESTS = {f"{measuring.POSTGRESQL} ({database})" for database in (FLOOR, DBOS, DBOS_ROWS)}


@dataclass(frozen=True)
class Installation:
    """What runs, and where to look at it."""

    running: background.Running

    @property
    def parts(self) -> dict[str, int]:
        """The root process of each part that runs now."""
        groups = measuring.started_groups(self.running.output)
        return {name: pid for name, pid in groups.items() if name not in ("migrations", "deployments")} | {
            "supervisor": self.running.process.pid
        }

    def cpu(self) -> measuring.Seconds:
        """The supervisor's tree holds all the others, so it is counted by itself alone."""
        parts = self.parts
        supervisor = measuring.own_cpu(parts.pop("supervisor"))
        used = measuring.cpu(parts) | {"supervisor": supervisor}
        return {part: seconds for part, seconds in used.items() if part not in GUESTS}

    def memory(self) -> dict[str, int]:
        parts = self.parts
        del parts["supervisor"]
        return measuring.memory(parts)

    def disk(self) -> dict[str, int]:
        return measuring.database_bytes(db.engine())

    def engine_of(self, database: str) -> Engine:
        """A connection pool on a database of the installation's server, made when it is not there."""
        server = postgres.embedded(settings())
        server.create_database(database)
        return create_engine(server.url(database))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def prepare(name: str, **given: str) -> None:
    """Make this process, and what it starts, belong to the installation `name`, which is emptied; once a process.

    `given` are further environment variables.
    """
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("stopped"))  # an exit that stops every part
    home = ROOM / name
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir(parents=True)
    os.environ |= {
        "SECUNDA_ENVIRONMENT": "test",
        "SECUNDA_HOME": str(home),
        "SECUNDA_PATHWAY_FOLDER": str(HERE / "pathways"),
        "SECUNDA_PREFECT_PORT": str(free_port()),
        "SECUNDA_API_PORT": str(free_port()),
        **given,
    }
    settings.cache_clear()
    db.engine.cache_clear()
    prefect_environment.apply(settings())


@contextmanager
def running() -> Iterator[Installation]:
    """Everything started and ready, with the benchmark's deployment and experts."""
    with background.system(settings()) as system:
        from secunda.launching import deploy

        asyncio.run(deploy(HERE / "prefect.yaml"))
        _make_experts()
        yield Installation(system)
    db.engine().dispose()


def _make_experts() -> None:
    """Three experts with room for any number of cases, which no directory may grant them."""
    import_experts(HERE / "experts.csv")
    with db.transaction() as session:
        session.exec(update(Expert).values(capacity=10**9))
