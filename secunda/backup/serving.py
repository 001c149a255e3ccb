"""A database that answers while an archive is made or read: the one that runs, or the embedded one, started for it."""

import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager

from secunda import home_lock
from secunda.errors import NotFoundError, SecundaError
from secunda.guardian import Guardian
from secunda.home_lock import HomeLock
from secunda.postgres import DOMAIN_DATABASE, EmbeddedPostgres, database_url, embedded
from secunda.settings import Settings

READY_WITHIN = 60.0  # seconds; after a power cut the server recovers first


@contextmanager
def existing_database(using: Settings) -> Iterator[str]:
    """URL of this installation's domain store, running or not. Raises NotFoundError where there is none."""
    if using.database_url or home_lock.running(using.home):
        yield database_url(using)
        return
    if not (embedded(using).data / "PG_VERSION").exists():
        raise NotFoundError(
            f"There is no installation in {using.home}.", "Set SECUNDA_HOME, or SECUNDA_DATABASE_URL, to the one meant."
        )
    with _alone(using), _served(embedded(using)):
        yield database_url(using)


@contextmanager
def own_database(using: Settings) -> Iterator[str]:
    """URL of a domain store that nothing of this home uses meanwhile; the embedded one is made where it is not there.

    Raises ConflictError while `secunda up` runs in this home.
    """
    with _alone(using):
        if using.database_url:
            yield using.database_url
            return
        with _served(embedded(using)):
            yield database_url(using)


@contextmanager
def _alone(using: Settings) -> Iterator[None]:
    lock = HomeLock(using.home)
    lock.acquire(patience=0)
    try:
        yield
    finally:
        lock.release()


@contextmanager
def _served(server: EmbeddedPostgres) -> Iterator[None]:
    """Run the server; it ends with the block, and with this process, however that ends."""
    server.initialise()
    log = server.data.parent / "log" / "postgresql.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    guardian = Guardian()
    guardian.mind()
    with log.open("ab") as output:
        process = subprocess.Popen(  # noqa: S603 - the command is ours
            server.command(), user=server.user, stdout=output, stderr=output, start_new_session=True
        )
    try:
        guardian.watch(process.pid, signal.SIGINT)
        _await(server, process, str(log))
        server.create_database(DOMAIN_DATABASE)
        yield
    finally:
        process.send_signal(signal.SIGINT)  # PostgreSQL's fast shutdown
        process.wait(READY_WITHIN)
        guardian.forget(process.pid)
        guardian.dismiss()


def _await(server: EmbeddedPostgres, process: "subprocess.Popen[bytes]", log: str) -> None:
    until = time.monotonic() + READY_WITHIN
    while not server.ready():
        if process.poll() is not None or time.monotonic() > until:
            raise SecundaError("The embedded PostgreSQL does not start.", f"See {log}.")
        time.sleep(0.05)
