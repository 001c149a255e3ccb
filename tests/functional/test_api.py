"""The HTTP application on a real database: its probes, its headers."""

import json
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient

from secunda.api.app import create_app
from secunda.api.languages import best_language
from secunda.api.security import HEADERS
from secunda.links import LinkTarget, link_to
from secunda.recipients import RecipientKind
from tests.conftest import use_settings


@pytest.fixture
def client(home: Path) -> Iterator[TestClient]:
    with TestClient(create_app(), raise_server_exceptions=False) as client:
        yield client


def token_for(kind: RecipientKind) -> str:
    return link_to(LinkTarget(kind, uuid4())).rsplit("/", 1)[1]


def test_a_living_process_says_so(client: TestClient) -> None:
    answer = client.get("/health/live")
    assert (answer.status_code, answer.json()) == (200, {"status": "alive"})


def test_readiness_names_the_part_that_is_missing(
    database: str, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PREFECT_API_URL", "http://127.0.0.1:9/api")
    answer = client.get("/health/ready")
    assert answer.status_code == 503
    checks = answer.json()["checks"]
    assert {name: part["ok"] for name, part in checks.items()} == {"database": True, "prefect": False, "disk": True}


def test_an_unreachable_database_is_not_ready_and_says_nothing_of_its_address(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_settings(monkeypatch, database_url="postgresql+psycopg://someone:hunter2@127.0.0.1:9/secunda")
    answer = client.get("/health/ready")
    assert answer.status_code == 503
    assert answer.json()["checks"]["database"]["ok"] is False
    assert "hunter2" not in answer.text


def test_a_damaged_link_is_refused_in_words(client: TestClient) -> None:
    answer = client.get(f"/d/{token_for(RecipientKind.PATIENT)}x", headers={"Accept-Language": "en"})
    assert answer.status_code == 404
    assert "not valid" in answer.text


@pytest.mark.parametrize("path", ["/health/live", "/nowhere"])
def test_every_answer_carries_the_protective_headers(client: TestClient, path: str) -> None:
    answer = client.get(path)
    for name, value in HEADERS.items():
        assert answer.headers[name].startswith(value)


def test_the_access_log_holds_no_token(client: TestClient, home: Path) -> None:
    token = token_for(RecipientKind.PATIENT) + "x"
    client.get(f"/d/{token}")
    log = (home / "log" / "secunda.log").read_text()
    assert json.loads(log.splitlines()[-1])["route"] == "/d/{token}"
    assert token not in log


def test_an_unforeseen_error_is_a_plain_500(home: Path) -> None:
    app = create_app()

    @app.get("/broken")
    def broken() -> None:
        raise ValueError("Carmen García")

    with TestClient(app, raise_server_exceptions=False) as client:
        answer = client.get("/broken")
    assert (answer.status_code, answer.text) == (500, "")
    assert "Carmen" not in (home / "log" / "secunda.log").read_text()


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("de-DE,de;q=0.9,en;q=0.5", "en"),
        ("de-DE,de;q=0.9", "es"),
        ("fr;q=0.2, en;q=0.8, es;q=0.1", "en"),
        ("en;q=0", "es"),
        ("en;q=high", "es"),
        (",;,", "es"),
    ],
)
def test_the_highest_ranked_language_that_we_have_wins(header: str, language: str) -> None:
    assert best_language(header, {"es", "en"}, "es") == language
