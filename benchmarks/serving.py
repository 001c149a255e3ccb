"""A PostgreSQL, the API and a bare route of the benchmark's own, with nothing else running."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from secunda import up

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Served:
    """Where it listens, the processes whose trees it consists of, and an access token."""

    port: int
    roots: dict[str, int] = field(default_factory=dict)
    token: str = ""


@contextmanager
def database(home: Path) -> Iterator[int]:
    """An empty domain store that this process and its children use; its process."""
    os.environ |= {
        "SECUNDA_HOME": str(home),
        "SECUNDA_ENVIRONMENT": "test",
        "SECUNDA_API_REQUESTS_PER_MINUTE": "10000000",
        "SECUNDA_API_TOKEN_SECONDS": "3600",
        "PREFECT_API_URL": "http://127.0.0.1:9/api",
    }
    from secunda import migrating, postgres
    from secunda.settings import settings

    server = postgres.embedded(settings())
    server.initialise()
    process = subprocess.Popen(server.command(), user=server.user, stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT)
    try:
        while not server.ready():
            time.sleep(0.1)
        server.create_database(postgres.DOMAIN_DATABASE)
        migrating.upgrade(postgres.database_url(settings()))
        yield process.pid
    finally:
        process.send_signal(signal.SIGINT)  # PostgreSQL's fast shutdown
        process.wait(30)


@contextmanager
def api(workers: int) -> Iterator[int]:
    """The API as it is shipped, without Prefect; its port."""
    with _listening("secunda.api.app:app", workers, "/health/live") as port:
        yield port


@contextmanager
def floor(workers: int) -> Iterator[int]:
    """A route with one SELECT; its port."""
    with _listening("benchmarks.bare_route:app", workers, "/") as port:
        yield port


@contextmanager
def bare_page() -> Iterator[int]:
    """A page with one SELECT; its port."""
    with _listening("benchmarks.bare_page:app", 1, "/") as port:
        yield port


@contextmanager
def _listening(app: str, workers: int, ready: str) -> Iterator[int]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    keeping = ("--timeout-keep-alive", str(up.KEEP_ALIVE_SECONDS))
    options = ("--port", str(port), *keeping, "--no-access-log", "--no-server-header", "--log-level", "warning")
    command = [sys.executable, "-m", "uvicorn", app, *options, "--workers", str(workers)]
    log = Path(os.environ["SECUNDA_HOME"]) / "load.log"
    with log.open("ab") as out:
        process = subprocess.Popen(command, cwd=ROOT, stdout=out, stderr=out)
    try:
        while not _answers(f"http://127.0.0.1:{port}{ready}"):
            time.sleep(0.2)
        _processes[port] = process.pid
        yield port
    finally:
        process.terminate()
        process.wait(30)


_processes: dict[int, int] = {}


def process(port: int) -> int:
    """The process whose tree listens there."""
    return _processes[port]


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=5).is_success
    except httpx.HTTPError:
        return False


def token(port: int) -> str:
    """An access token for a client of the payer `load`, as insurers get theirs."""
    from models.door_status import CredentialKind
    from secunda.clients import registering
    from secunda.clients.scopes import SCOPES
    from secunda.db import transaction

    with transaction() as session:
        client = registering.add_client(session, "load", "", list(SCOPES))
        secret = registering.add_credential(session, client, CredentialKind.CLIENT_SECRET).secret
    asked = {"grant_type": "client_credentials"}
    answer = httpx.post(f"http://127.0.0.1:{port}/oauth/token", data=asked, auth=(client.client_id, secret))
    found: str = answer.raise_for_status().json()["access_token"]
    return found
