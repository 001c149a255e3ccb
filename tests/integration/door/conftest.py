"""The insurers' door on a real database: two payers with a client each, and what they may ask for."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from fastapi.testclient import TestClient

from models.door_status import CredentialKind
from secunda.api import limits
from secunda.api.v1 import examples
from secunda.clients import registering
from secunda.clients.scopes import SCOPES
from secunda.db import transaction
from secunda.settings import settings
from tests.integration.application import application

PAYER, OTHER_PAYER = "aseguradora-uno", "aseguradora-dos"


@dataclass
class Insurer:
    """A payer's system: everything that it sends carries its API key, and every POST a key of its own."""

    http: TestClient
    payer: str
    client_id: str
    api_key: str
    secret: str

    def send(self, method: str, path: str, *, key: str = "", headers: Any = None, **options: Any) -> httpx.Response:
        said = {"X-API-Key": self.api_key} | ({"Idempotency-Key": key or str(uuid4())} if method == "POST" else {})
        address = path if path.startswith("/") else f"/api/v1/{path}"
        return self.http.request(method, address, headers=said | dict(headers or {}), **options)

    def get(self, path: str, **options: Any) -> httpx.Response:
        return self.send("GET", path, **options)

    def post(self, path: str, json: Any = None, **options: Any) -> httpx.Response:
        return self.send("POST", path, **({"json": json} if json is not None else {}), **options)

    def asks(self, **changes: Any) -> httpx.Response:
        return self.post("reviews", a_request(**changes))

    def asks_with(self, key: str) -> httpx.Response:
        return self.post("reviews", a_request(), key=key)

    def has_review(self, **changes: Any) -> str:
        answer = self.asks(**changes)
        assert answer.status_code == 201, answer.text
        reference: str = answer.json()["reference"]
        return reference


def a_request(**changes: Any) -> dict[str, Any]:
    """The example of the OpenAPI file under a reference of its own."""
    return examples.REVIEW_IN | {"payer_reference": f"PA-{uuid4()}", **changes}


def set_to(monkeypatch: pytest.MonkeyPatch, **values: object) -> None:
    """Other settings on the same database, whose connections stay in use."""
    for name, value in values.items():
        monkeypatch.setenv(f"SECUNDA_{name.upper()}", str(value))
    settings.cache_clear()


@pytest.fixture(scope="session")
def serving() -> Iterator[TestClient]:
    """Started once: at its start, the application looks through all that was imported."""
    with TestClient(application(), raise_server_exceptions=False) as client:
        yield client


@pytest.fixture
def http(serving: TestClient, store: str) -> TestClient:
    """A caller without cookies, whom nobody has counted yet."""
    limits.forget()
    serving.cookies.clear()
    return serving


Joins = Callable[..., Insurer]


@pytest.fixture
def joins(http: TestClient) -> Joins:
    """Register a payer's client."""

    def join(payer: str = PAYER, scopes: list[str] | None = None) -> Insurer:
        with transaction() as session:
            client = registering.add_client(session, payer, payer.title(), list(SCOPES) if scopes is None else scopes)
            key = registering.add_credential(session, client, CredentialKind.API_KEY)
            secret = registering.add_credential(session, client, CredentialKind.CLIENT_SECRET)
            return Insurer(http, payer, client.client_id, key.secret, secret.secret)

    return join


@pytest.fixture
def insurer(joins: Joins) -> Insurer:
    return joins()


@pytest.fixture
def other(joins: Joins) -> Insurer:
    return joins(OTHER_PAYER)


@pytest.fixture
def synthea(test_data: Path) -> dict[str, Any]:
    """A real record, which nobody here wrote."""
    found: dict[str, Any] = json.loads(min((test_data / "synthea-r4").glob("*.json"), key=_size).read_bytes())
    return found


def _size(file: Path) -> int:
    return file.stat().st_size
