"""The figures for Prometheus: who may read them, what they say, and that dashboard and rules ask for nothing else."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from prometheus_client.parser import text_string_to_metric_families

from models.status import CaseStatus, IncidentKind
from secunda import clock, incidents
from secunda.backup.noting import note_backup
from secunda.db import transaction
from secunda.metrics.exposition import SHARED_FOLDER
from secunda.metrics.families import FAMILIES
from secunda.metrics.requests import NAME
from secunda.settings import settings
from tests.conftest import CHECKOUT, use_settings
from tests.integration.application import application
from tests.integration.surroundings import launch_case
from tests.integration.web.test_ops_pages import case_of

TOKEN = "a-token-of-the-tests"
GRAFANA = CHECKOUT / "docs" / "grafana"


@pytest.fixture
def client(store: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    use_settings(monkeypatch, metrics_token=TOKEN)
    monkeypatch.setenv("PREFECT_API_URL", "http://127.0.0.1:9/api")
    yield TestClient(application())


def scraped(client: TestClient) -> dict[str, dict[tuple[str, ...], float]]:
    """Sample's name → values of its labels, in the order of their names → figure."""
    answer = client.get("/metrics", headers={"authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 200
    found: dict[str, dict[tuple[str, ...], float]] = {}
    for family in text_string_to_metric_families(answer.text):
        found.setdefault(family.name, {})
        for sample in family.samples:
            found.setdefault(sample.name, {})[tuple(sample.labels.values())] = sample.value
    return found


@pytest.mark.parametrize(
    "headers",
    [{}, {"authorization": "Bearer wrong"}, {"authorization": f"Basic {TOKEN}"}, {"authorization": "Bearer "}],
    ids=["nothing", "another token", "another scheme", "an empty token"],
)
def test_without_the_token_nothing_is_told(client: TestClient, headers: dict[str, str]) -> None:
    answer = client.get("/metrics", headers=headers)
    assert answer.status_code == 401
    assert "secunda_" not in answer.text


@pytest.mark.parametrize(
    ("environment", "host", "headers", "status"),
    [
        ("test", "127.0.0.1", {}, 200),
        ("test", "::1", {}, 200),
        ("test", "10.0.0.7", {}, 401),
        ("test", "127.0.0.1", {"x-forwarded-for": "203.0.113.9"}, 401),
        ("test", "127.0.0.1", {"forwarded": "for=203.0.113.9"}, 401),
        ("production", "127.0.0.1", {}, 401),
    ],
)
def test_without_a_token_in_the_settings_only_this_machine_reads(
    store: str, monkeypatch: pytest.MonkeyPatch, environment: str, host: str, headers: dict[str, str], status: int
) -> None:
    safe = settings().model_copy(update={"environment": environment})
    monkeypatch.setattr("secunda.api.metrics.settings", lambda: safe)
    monkeypatch.setenv("PREFECT_API_URL", "http://127.0.0.1:9/api")
    assert TestClient(application(), client=(host, 50000)).get("/metrics", headers=headers).status_code == status


def test_the_figures_say_what_is_in_the_store(client: TestClient) -> None:
    overdue, held = launch_case(), launch_case(requester="Another")
    with transaction() as session:
        case = case_of(session, overdue)
        case.status, case.wake_requested_at = CaseStatus.AWAITING_CONSENT, None
        case.next_deadline_at = clock.now() - timedelta(minutes=5)
        other = case_of(session, held)
        other.status, other.wake_requested_at = CaseStatus.AWAITING_DOCUMENTS, clock.wall() - timedelta(minutes=1)
    incidents.note(IncidentKind.WORKER_LOST, overdue)
    note_backup(settings(), 1000, 2, 0)
    found = scraped(client)
    assert found["secunda_open_cases"] == {
        ("cardiology", "awaiting_consent"): 1,
        ("cardiology", "awaiting_documents"): 1,
    }
    assert found["secunda_wakeups_overdue"][()] == 1
    assert found["secunda_wakeups_due"][()] == 1
    assert 300 <= found["secunda_wakeup_lag_seconds"][()] < 900
    assert found["secunda_incidents_last_day"] == {("worker_lost",): 1}
    assert found["secunda_component_up"] == {("database",): 1, ("prefect",): 0, ("disk",): 1}
    assert found["secunda_workers"] == {("living",): 0, ("silent",): 0}
    assert 0 <= found["secunda_backup_age_seconds"][()] < 900
    assert found["secunda_disk_free_bytes"][("home",)] > 0


def test_requests_are_counted_by_route_and_never_by_address(client: TestClient) -> None:
    client.get("/d/a-token-that-nobody-may-see")
    client.get("/cases/SO-SECR-ETSE")
    client.get("/health/live")
    found = scraped(client)
    routes = {labels[1] for labels in found[f"{NAME}_count"]}
    assert {"/d/{token}", "/cases/{reference}"} <= routes
    assert not {route for route in routes if "SECR" in route or "nobody" in route or "health" in route}


def test_several_processes_tell_one_figure(store: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`secunda up` names the folder where more than one serves the API."""
    monkeypatch.setenv(SHARED_FOLDER, str(tmp_path))
    monkeypatch.setenv("PREFECT_API_URL", "http://127.0.0.1:9/api")
    serve = "from secunda.metrics import requests; requests.observe('GET', '/cases', 200, 0.1);"
    tell = "from secunda.metrics.exposition import exposition; print(exposition('')[0].decode())"
    told = [
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=CHECKOUT).stdout
        for code in (serve, serve + tell)
    ][1]
    assert f'{NAME}_count{{method="GET",route="/cases",status="2xx"}} 2.0' in told
    assert "secunda_component_up" in told


def test_a_database_that_is_away_is_a_figure_not_a_failure(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    use_settings(monkeypatch, database_url="postgresql+psycopg://nobody@127.0.0.1:9/nothing")
    found = scraped(client)
    assert found["secunda_component_up"][("database",)] == 0
    assert found["secunda_open_cases"] == {}


def test_every_family_is_told_even_where_it_has_no_figure(client: TestClient) -> None:
    assert {f"secunda_{name}" for name in FAMILIES} <= set(scraped(client))


def expressions() -> list[str]:
    """Everything that the dashboard and the rules ask Prometheus."""
    panels: list[dict[str, Any]] = json.loads((GRAFANA / "secunda.json").read_text(encoding="utf-8"))["panels"]
    asked = [target["expr"] for panel in panels for target in panel["targets"]]
    return asked + re.findall(r"expr: (.*)", (GRAFANA / "alerts.yaml").read_text(encoding="utf-8"))


def test_dashboard_and_rules_ask_for_figures_that_there_are(client: TestClient) -> None:
    client.get("/about")
    found = scraped(client)
    named = {name for one in expressions() for name in re.findall(r"\bsecunda_[a-z_]+", one)}
    assert len(named) > 20
    assert named - set(found) == set()


def test_no_panel_asks_for_a_label_that_there_is_not() -> None:
    labels = {f"secunda_{name}": set(told[1]) for name, told in FAMILIES.items()}
    labels |= {f"{NAME}_{kind}": {"method", "route", "status", "le"} for kind in ("bucket", "count")}
    for one in expressions():
        (metric, *_) = re.findall(r"\bsecunda_[a-z_]+", one) or [""]
        grouped = {label.strip() for group in re.findall(r"by \(([^)]*)\)", one) for label in group.split(",")}
        assert grouped <= labels.get(metric, set()) | {"instance"}, one


def test_every_figure_is_drawn() -> None:
    drawn = {name for one in expressions() for name in re.findall(r"\bsecunda_[a-z_]+", one)}
    assert {f"secunda_{name}" for name in FAMILIES} - drawn == {"secunda_disk_size_bytes"}
