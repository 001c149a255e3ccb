"""The API as a process of its own, as `secunda up` starts it, on a database of the test."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from models.door_status import CredentialKind
from secunda.clients import registering
from secunda.clients.scopes import SCOPES
from secunda.db import transaction
from tests.conftest import CHECKOUT


@contextmanager
def served(home: Path, database: str, **settings: object) -> Iterator[str]:
    """Its address, as soon as it answers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    said = {"home": home, "database_url": database, "environment": "test", "public_url": address, **settings}
    environment = os.environ | {f"SECUNDA_{name.upper()}": str(value) for name, value in said.items()}
    command = [sys.executable, "-m", "uvicorn", "secunda.api.app:app", "--port", str(port), "--no-access-log"]
    with (home / "api.log").open("wb") as log:
        process = subprocess.Popen(command, env=environment, cwd=CHECKOUT, stdout=log, stderr=log)
    try:
        _await(address, process, home / "api.log")
        yield address
    finally:
        process.terminate()
        process.wait(20)


def _await(address: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until and process.poll() is None:
        try:
            if httpx.get(f"{address}/health/live", timeout=2).status_code == 200:
                return
        except httpx.HTTPError:
            time.sleep(0.1)
    raise RuntimeError(log.read_text())


def a_key(payer: str = "aseguradora-uno") -> str:
    """An API key of a new client with every scope."""
    with transaction() as session:
        client = registering.add_client(session, payer, "", list(SCOPES))
        return registering.add_credential(session, client, CredentialKind.API_KEY).secret
